import { sql } from 'kysely';
import { CHANGE_PASSWORD, LOGOUT, REVOKE_ALL, SET_ACTIVE } from '../accounts/account-calls.ts';
import { DELETE_ACCOUNT, DELETE_USER, pendingErasures } from '../deletion/deletion-calls.ts';
import { onEachDatabase } from '../databases.ts';
import { startApp, type TestApp } from '../harness.ts';
import { PASSWORD, type Person, type SeededAccount, type SignedIn } from '../seed.ts';
import { backEnd } from '../service-api/service-calls.ts';
import { waitUntil } from '../wait-until.ts';
import { isSignedWith, startReceiver, type Receiver } from './receiver.ts';
import { advanceUntil, createStream, PRIVATE, readStream, updateStream } from './stream-calls.ts';

const SAVE_POLICY = `mutation ($input: UpdateSessionPolicyInput!) {
  updateSessionPolicy(input: $input) { sessionPolicy { version } } }`;
const DAY = 86_400_000;

onEachDatabase((database) => {
  let app: TestApp;
  let receiver: Receiver;
  let account: SeededAccount;
  let owner: SignedIn;
  let member: Person;
  let secret: string;
  let streamId: string;

  beforeAll(async () => {
    app = await startApp({ database, env: PRIVATE, revocationBatchSize: 3 });
    receiver = await startReceiver();
  });
  beforeEach(async () => {
    account = await app.seed.account();
    member = await account.addUser();
    owner = await account.owner.login();
    const created = await createStream(owner, { url: receiver.url });
    secret = created.secret;
    streamId = created.stream.id;
    receiver.received.length = 0;
  });
  afterAll(async () => {
    await app.close();
    await receiver.close();
  });

  const ofType = (type: string) => receiver.received.filter((event) => event.type === type);
  const until = (count: number, type: string) =>
    advanceUntil(app, () => ofType(type).length >= count, `${count} of ${type}`);
  const rows = async (): Promise<number> => {
    const { rows } = await sql<{ count: number }>`
      select count(*)::int as count from security_events where account_id = ${account.id}`.execute(
      app.database.em().getKysely(),
    );
    return rows[0]!.count;
  };

  test('a sign-in and its end are told in order, signed, without an e-mail or a token', async () => {
    const session = await member.login();
    const startedAt = session.payload.session.authenticatedAt;
    await session.gql(LOGOUT);
    await until(1, 'session.ended');
    const common = { account_id: account.id, user_id: member.id, session_id: session.sessionId };
    const endedAt = ofType('session.ended')[0]!.timestamp;
    expect(receiver.received.map(({ type, timestamp, data }) => ({ type, timestamp, data }))).toEqual([
      { type: 'session.started', timestamp: startedAt, data: common },
      {
        type: 'session.ended',
        timestamp: endedAt,
        data: { ...common, external_id: null, end_reason: 'LOGOUT', ended_at: endedAt },
      },
    ]);
    for (const event of receiver.received) {
      expect(isSignedWith(secret, event)).toBe(true);
      expect(event.text).not.toContain('@');
      expect(event.text).not.toContain(session.refreshToken);
    }
  });

  test('the session of an application is told with the id of its user there', async () => {
    const { key } = await app.seed.serviceKey(account.id);
    const shop = backEnd(app, key);
    const { session, sessionToken } = await shop.create({
      externalId: 'kim-there',
      email: 'kim@example.test',
      name: 'Kim',
    });
    await shop.end(sessionToken);
    await until(1, 'session.ended');
    expect(ofType('session.ended')[0]!.data).toMatchObject({
      session_id: session.id,
      external_id: 'kim-there',
      end_reason: 'LOGOUT',
    });
  });

  test('many ends at once give one event for each session, also in batches', async () => {
    const sessions = [];
    for (let count = 0; count < 7; count += 1) sessions.push((await member.login()).sessionId);
    await owner.gql(REVOKE_ALL, { scope: 'OTHERS' });
    await until(7, 'session.ended');
    expect(new Set(ofType('session.ended').map(({ data }) => data.session_id))).toEqual(new Set(sessions));
    expect(ofType('session.ended')).toHaveLength(7);
    for (const { data } of ofType('session.ended')) expect(data.end_reason).toBe('REVOKED_BY_OWNER');
  });

  test('an expiry is an end like any other', async () => {
    const { payload } = await member.login();
    await owner.gql(SAVE_POLICY, {
      input: { idleMinutes: 10, absoluteMinutes: 30, apply: 'ACTIVE_SESSIONS' },
    });
    await until(1, 'policy.updated');
    expect(ofType('policy.updated')[0]!.data).toEqual({
      account_id: account.id,
      version: 1,
      idle_minutes: 10,
      absolute_minutes: 30,
    });
    app.clock.advance(10 * 60_000);
    await until(2, 'session.ended');
    const ended = ofType('session.ended').find(({ data }) => data.session_id === payload.session.id)!;
    expect(ended.data).toMatchObject({ end_reason: 'IDLE_TIMEOUT', user_id: member.id });
    expect(Date.parse(ended.data.ended_at)).toBe(Date.parse(payload.session.authenticatedAt) + 10 * 60_000);
  });

  test('a used token, a changed password, and a person who comes and goes', async () => {
    const session = await member.login();
    const { data } = await session.refresh();
    await app.gql(`mutation ($input: RefreshSessionInput) { refreshSession(input: $input) { serverTime } }`, {
      input: { refreshToken: data.refreshSession.refreshToken },
    });
    app.clock.advance(60_000);
    await session.refresh();
    await until(1, 'session.refresh_reuse_detected');
    await until(1, 'session.ended');
    const own = receiver.received.filter((event) => event.data.session_id === session.sessionId);
    expect(own.map(({ type }) => type).sort()).toEqual([
      'session.ended',
      'session.refresh_reuse_detected',
      'session.started',
    ]);
    expect(own[0]!.type).toBe('session.started');
    for (const event of own) expect(event.data.user_id).toBe(member.id);

    const input = { currentPassword: PASSWORD, newPassword: 'a much better password' };
    expect((await (await member.login()).gql(CHANGE_PASSWORD, { input })).errors).toBeUndefined();
    for (const isActive of [false, true])
      expect((await owner.gql(SET_ACTIVE, { userId: member.id, isActive })).errors).toBeUndefined();
    await until(1, 'user.reactivated');
    for (const type of ['user.password_changed', 'user.deactivated', 'user.reactivated']) {
      await until(1, type);
      expect(ofType(type)[0]!.data).toEqual({ account_id: account.id, user_id: member.id });
    }
  });

  test('a refresh, a check and a touch are no events', async () => {
    const session = await member.login();
    const before = await rows();
    await session.refresh();
    await owner.gql('mutation { touchSession { id } }');
    expect(await rows()).toBe(before);
  });

  test('an account without a stream that wants it has no rows', async () => {
    await updateStream(owner, { streamId, eventTypes: ['user.deactivated'] });
    const before = await rows();
    await (await member.login()).gql(LOGOUT);
    expect(await rows()).toBe(before);
    await updateStream(owner, { streamId, eventTypes: null, status: 'DISABLED' });
    await (await member.login()).gql(LOGOUT);
    expect(await rows()).toBe(before);
  });

  test('a change that is rolled back leaves no event', async () => {
    const { sessionId } = await member.login();
    const before = await rows();
    await app.database
      .transaction(async (em) => {
        await sql`update sessions set ended_at = now(), end_reason = 'LOGOUT' where id = ${sessionId}`.execute(
          em.getKysely(),
        );
        throw new Error('rolled back');
      })
      .catch(() => {});
    expect(await rows()).toBe(before);
  });

  test('a deleted user is told with the id of the application, which is erased then', async () => {
    const { key } = await app.seed.serviceKey(account.id);
    const shop = backEnd(app, key);
    await shop.create({ externalId: 'lee-there', email: 'lee@example.test', name: 'Lee' });
    await until(1, 'session.started');
    receiver.answer(500);
    await app.gql(DELETE_USER, { externalId: 'lee-there' }, { token: key });
    await until(1, 'session.ended');
    receiver.answer(204);
    receiver.received.length = 0;
    await until(1, 'session.ended');
    expect(ofType('session.ended')[0]!.data).toMatchObject({
      external_id: 'lee-there',
      end_reason: 'USER_DEACTIVATED',
    });
    await advanceUntil(app, async () => (await readStream(owner, streamId)).pendingCount === 0, 'delivery');
    // A statement of its own, after the delivery is stored.
    await waitUntil(
      async () => {
        const { rows } = await sql`select from security_events where external_id = 'lee-there'`.execute(
          app.database.em().getKysely(),
        );
        return rows.length === 0;
      },
      { what: 'the external id is gone', timeoutMs: 10_000 },
    );
  });

  test('a deleted account tells the end of its sessions, and then its streams are gone', async () => {
    for (let count = 0; count < 5; count += 1) await member.login();
    await owner.gql(DELETE_ACCOUNT, { confirmName: account.name });
    await until(6, 'session.ended');
    for (const { data } of ofType('session.ended')) expect(data.end_reason).toBe('USER_DEACTIVATED');
    const streams = async (): Promise<number> =>
      (
        await sql`select from event_streams where account_id = ${account.id}`.execute(
          app.database.em().getKysely(),
        )
      ).rows.length;
    await advanceUntil(app, async () => (await streams()) === 0, 'the streams are gone');
    await advanceUntil(app, async () => (await pendingErasures(app)) === 0, 'erasure');
  });

  test('what was delivered is purged after its retention, with its events', async () => {
    await (await member.login()).gql(LOGOUT);
    await until(1, 'session.ended');
    app.clock.advance(31 * DAY);
    await advanceUntil(
      app,
      async () => {
        const { rows } = await sql<{ count: number }>`
          select count(*)::int as count from event_deliveries where stream_id = ${streamId} and status <> 'PENDING'
            and type = 'session.started'`.execute(app.database.em().getKysely());
        return rows[0]!.count === 0;
      },
      'the purge',
    );
  });
});
