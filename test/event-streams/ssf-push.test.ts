import { sql } from 'kysely';
import { setTimeout as pause } from 'node:timers/promises';
import { CHANGE_PASSWORD, LOGOUT, REVOKE_ALL, REVOKE_USER, SET_ACTIVE } from '../accounts/account-calls.ts';
import { DELETE_USER } from '../deletion/deletion-calls.ts';
import { startApp, type TestApp } from '../harness.ts';
import { PASSWORD, type Person, type SeededAccount, type SignedIn } from '../seed.ts';
import { CREATE_SESSION } from '../service-api/service-calls.ts';
import { waitUntil } from '../wait-until.ts';
import {
  advanceUntil,
  createStream,
  listDeliveries,
  PRIVATE,
  readStream,
  ROTATE_SECRET,
  SEND_TEST,
  sendTest,
  updateStream,
} from './stream-calls.ts';
import { SET, startTokenReceiver, type TokenReceiver } from './token-receiver.ts';

const SCHEMAS = 'https://schemas.openid.net/secevent';
const REVOKED = `${SCHEMAS}/caep/event-type/session-revoked`;
const ESTABLISHED = `${SCHEMAS}/caep/event-type/session-established`;
const CREDENTIAL_CHANGE = `${SCHEMAS}/caep/event-type/credential-change`;
const DISABLED = `${SCHEMAS}/risc/event-type/account-disabled`;
const ENABLED = `${SCHEMAS}/risc/event-type/account-enabled`;
const VERIFICATION = `${SCHEMAS}/ssf/event-type/verification`;
const STREAM_UPDATED = `${SCHEMAS}/ssf/event-type/stream-updated`;
const MINUTE = 60_000;

let app: TestApp;
let receiver: TokenReceiver;
let account: SeededAccount;
let owner: SignedIn;
let member: Person;

beforeAll(async () => {
  app = await startApp({ env: PRIVATE, revocationBatchSize: 3 });
});
beforeEach(async () => {
  receiver = await startTokenReceiver(SET, { issuer: app.url });
  account = await app.seed.account();
  member = await account.addUser();
  owner = await account.owner.login();
});
afterEach(async () => {
  expect(receiver.problems).toEqual([]);
  await receiver.close();
});
afterAll(() => app.close());

const stream = async (input: Record<string, unknown> = {}): Promise<any> =>
  (await createStream(owner, { kind: 'SSF_PUSH', url: receiver.url, ...input })).stream;
const ofType = (uri: string) => receiver.received.filter((token) => token.uri === uri);
const until = (count: number, uri: string) =>
  advanceUntil(app, () => ofType(uri).length >= count, `${count} of ${uri}`);
/** Until nothing waits: what was not sent by then is not sent. */
const settled = (streamId: string) =>
  advanceUntil(app, async () => (await readStream(owner, streamId)).pendingCount === 0, 'nothing waits');

const complexSubject = (session: SignedIn) => ({
  format: 'complex',
  session: { format: 'opaque', id: session.sessionId },
  user: { format: 'iss_sub', iss: app.url, sub: member.id },
  tenant: { format: 'opaque', id: account.id },
});
const issSub = () => ({ format: 'iss_sub', iss: app.url, sub: member.id });

test('a sign-in and its end arrive as tokens that jose verifies with the published keys', async () => {
  const { id, audience } = await stream();
  expect(audience).toBe(new URL(receiver.url).origin);
  const session = await member.login();
  await session.gql(LOGOUT);
  await until(1, REVOKED);
  const [established, revoked] = receiver.received;
  const now = Math.floor(app.clock.now().getTime() / 1000);
  expect(established!.uri).toBe(ESTABLISHED);
  expect(established!.event).toEqual({
    event_timestamp: expect.any(Number),
    reason_admin: { en: expect.any(String) },
  });
  const at = Math.floor(Date.parse(session.payload.session.authenticatedAt) / 1000);
  expect(revoked!.event).toEqual({
    event_timestamp: at,
    initiating_entity: 'user',
    reason_admin: { en: 'The user signed out.' },
  });
  expect(Object.keys(revoked!.claims).toSorted()).toEqual(
    ['aud', 'events', 'iat', 'iss', 'jti', 'sub_id', 'txn'].toSorted(),
  );
  expect(revoked!.claims).toMatchObject({ iss: app.url, aud: audience, sub_id: complexSubject(session) });
  expect(revoked!.claims.iat).toBeLessThanOrEqual(now);
  expect(revoked!.header).toEqual({ alg: 'RS256', typ: 'secevent+jwt', kid: expect.any(String) });
  expect(revoked!.headers).toMatchObject({
    'content-type': 'application/secevent+jwt',
    accept: 'application/json',
  });
  expect(revoked!.headers.authorization).toBeUndefined();
  const deliveries = await listDeliveries(owner, id);
  expect(deliveries.map(({ eventType }) => eventType)).toEqual([REVOKED, ESTABLISHED]);
  expect(deliveries[0].id).toBe(revoked!.claims.jti);
  for (const { token } of receiver.received) {
    const text = Buffer.from(token.split('.')[1]!, 'base64url').toString();
    expect(text).not.toContain('@');
    expect(text).not.toMatch(/refresh|eyJ/);
  }
});

test('a password change, a deactivation and a reactivation have events, with one txn for one cause', async () => {
  await stream();
  const [first] = [await member.login(), await member.login()];
  const changed = await first!.gql(CHANGE_PASSWORD, {
    input: { currentPassword: PASSWORD, newPassword: 'a new long password, quite' },
  });
  expect(changed.errors).toBeUndefined();
  await until(1, REVOKED);
  await until(1, CREDENTIAL_CHANGE);
  const [credential] = ofType(CREDENTIAL_CHANGE);
  expect(credential!.event).toEqual({
    credential_type: 'password',
    change_type: 'update',
    event_timestamp: expect.any(Number),
    initiating_entity: 'user',
    reason_admin: { en: 'The password was changed.' },
  });
  expect(credential!.claims.sub_id).toEqual({
    format: 'complex',
    user: issSub(),
    tenant: { format: 'opaque', id: account.id },
  });
  expect(ofType(REVOKED)[0]!.claims.txn).toBe(credential!.claims.txn);

  await owner.gql(SET_ACTIVE, { userId: member.id, isActive: false });
  await until(1, DISABLED);
  await owner.gql(SET_ACTIVE, { userId: member.id, isActive: true });
  await until(1, ENABLED);
  expect(ofType(DISABLED)[0]!.event.initiating_entity).toBe('admin');
  const last = ofType(REVOKED).at(-1)!;
  expect(last.event).toMatchObject({ initiating_entity: 'admin' });
  expect(last.claims.txn).toBe(ofType(DISABLED)[0]!.claims.txn);
  expect(last.claims.txn).not.toBe(credential!.claims.txn);
  expect(new Set(receiver.received.map(({ claims }) => claims.jti)).size).toBe(receiver.received.length);
});

test('an expiry is told with the length of its limit', async () => {
  await stream({ eventTypes: [REVOKED] });
  const { payload } = await member.login();
  const { idleMinutes } = payload.session;
  app.clock.advance(idleMinutes * MINUTE);
  owner = await account.owner.login();
  await until(1, REVOKED);
  const { event } = ofType(REVOKED)[0]!;
  expect(event.initiating_entity).toBe('policy');
  expect(event.reason_admin.en).toBe(
    `The session had no activity for longer than its idle limit of ${idleMinutes / 1_440} days.`,
  );
});

test('only the types that were asked for are sent, and no event that has no token', async () => {
  const { id, eventTypes } = await stream({ eventTypes: [DISABLED, REVOKED] });
  expect(eventTypes).toEqual([REVOKED, DISABLED]);
  const session = await member.login();
  await session.gql(LOGOUT);
  await until(1, REVOKED);
  const { rows } = await sql<{ type: string }>`
    select type from event_deliveries where stream_id = ${id} order by type`.execute(
    app.database.em().getKysely(),
  );
  expect(rows.map(({ type }) => type)).toEqual(['session.ended']);
});

describe('with a simple subject', () => {
  test('the end of a session is told when it was the last one, and once', async () => {
    const { id } = await stream({ subjectFormat: 'ISS_SUB', eventTypes: [REVOKED] });
    const [first, second] = [await member.login(), await member.login()];
    await first!.gql(LOGOUT);
    await settled(id);
    expect(receiver.received).toEqual([]);
    await second!.gql(LOGOUT);
    await until(1, REVOKED);
    expect(receiver.received[0]!.claims.sub_id).toEqual(issSub());
    // What was not sent is not in the list.
    await settled(id);
    expect((await listDeliveries(owner, id)).map(({ sessionId }) => sessionId)).toEqual([second!.sessionId]);
    const third = await member.login();
    await third.gql(LOGOUT);
    await until(2, REVOKED);
    await settled(id);
    expect(receiver.received).toHaveLength(2);
  });

  test.each([
    ['of a user', 1, () => owner.gql(REVOKE_USER, { userId: member.id })],
    ['of a user who is deactivated', 1, () => owner.gql(SET_ACTIVE, { userId: member.id, isActive: false })],
    ['of everyone else, in batches', 1, () => owner.gql(REVOKE_ALL, { scope: 'OTHERS' })],
  ])('the end of all sessions %s is told once', async (_, count, end) => {
    const { id } = await stream({ subjectFormat: 'ISS_SUB', eventTypes: [REVOKED] });
    for (let sessions = 0; sessions < 7; sessions += 1) await member.login();
    expect((await end()).errors).toBeUndefined();
    await until(count, REVOKED);
    await advanceUntil(app, async () => (await liveRows()) === 0, 'all rows ended');
    await settled(id);
    expect(receiver.received).toHaveLength(count);
  });

  const liveRows = async (): Promise<number> => {
    const { rows } = await sql<{ count: number }>`
      select count(*)::int as count from sessions where user_id = ${member.id} and ended_at is null`.execute(
      app.database.em().getKysely(),
    );
    return rows[0]!.count;
  };

  test('of ends at the same time one is told', async () => {
    const { id } = await stream({ subjectFormat: 'ISS_SUB', eventTypes: [REVOKED] });
    for (let round = 0; round < 5; round += 1) {
      const sessions = [];
      for (let count = 0; count < 4; count += 1) sessions.push(await member.login());
      await Promise.all(sessions.map((session) => session.gql(LOGOUT)));
      await until(round + 1, REVOKED);
      await settled(id);
      expect(receiver.received).toHaveLength(round + 1);
    }
  });

  test('an end is told although the user has signed in again before it was delivered', async () => {
    const { id } = await stream({ subjectFormat: 'ISS_SUB', eventTypes: [REVOKED] });
    const session = await member.login();
    await updateStream(owner, { streamId: id, status: 'PAUSED' });
    await until(1, STREAM_UPDATED);
    await session.gql(LOGOUT);
    await member.login();
    await updateStream(owner, { streamId: id, status: 'ENABLED' });
    await until(1, REVOKED);
  });

  test('a session past its deadline counts as ended, and its own end is not told again', async () => {
    const { id } = await stream({ subjectFormat: 'ISS_SUB', eventTypes: [REVOKED] });
    const idle = await member.login();
    const { idleMinutes } = idle.payload.session;
    app.clock.advance((idleMinutes - 1) * MINUTE);
    const other = await member.login();
    owner = await account.owner.login();
    app.clock.advance(MINUTE);
    await other.gql(LOGOUT);
    await until(1, REVOKED);
    await advanceUntil(app, async () => (await liveRows()) === 0, 'the sweep');
    await settled(id);
    expect(receiver.received).toHaveLength(1);
  });

  test('an e-mail is that of the time of sending; a deleted user has none', async () => {
    await stream({ subjectFormat: 'EMAIL', eventTypes: [REVOKED] });
    await (await member.login()).gql(LOGOUT);
    await until(1, REVOKED);
    expect(receiver.received[0]!.claims.sub_id).toEqual({ format: 'email', email: member.email });
    await member.login();
    expect((await owner.gql(DELETE_USER, { userId: member.id })).errors).toBeUndefined();
    await until(2, REVOKED);
    expect(receiver.received[1]!.claims.sub_id).toEqual(issSub());
  });

  test('the label of a user of an application names no one who signs in', async () => {
    await stream({ subjectFormat: 'EMAIL', eventTypes: [ESTABLISHED] });
    const { key } = await app.seed.serviceKey(account.id);
    const victim = (await app.seed.account()).owner;
    for (const email of ['someone@shop.example', victim.email.toUpperCase()]) {
      const input = { externalId: email, email, name: 'Shopper' };
      const { errors } = await app.gql(CREATE_SESSION, { input }, { token: key });
      expect(errors).toBeUndefined();
    }
    await until(2, ESTABLISHED);
    const subjects = ofType(ESTABLISHED).map(({ claims }) => claims.sub_id.email ?? claims.sub_id.format);
    expect(subjects.toSorted()).toEqual(['iss_sub', 'someone@shop.example']);
  });
});

describe('the stream itself', () => {
  test('a test event is a verification without a state', async () => {
    const { id } = await stream();
    const sent = await sendTest(owner, id);
    await until(1, VERIFICATION);
    expect(sent.eventType).toBe(VERIFICATION);
    expect(receiver.received[0]).toMatchObject({
      claims: { jti: sent.id, sub_id: { format: 'opaque', id } },
      event: {},
    });
    expect(receiver.received[0]!.event).toEqual({});
  });

  test('it is told before it is paused, and first of all when it goes on', async () => {
    const { id } = await stream();
    await updateStream(owner, { streamId: id, status: 'PAUSED' });
    await until(1, STREAM_UPDATED);
    expect(receiver.received[0]).toMatchObject({
      claims: { sub_id: { format: 'opaque', id } },
      event: { status: 'paused', reason: 'An owner of the account changed the status.' },
    });
    for (let count = 0; count < 3; count += 1) await member.login();
    expect((await readStream(owner, id)).pendingCount).toBe(3);
    await updateStream(owner, { streamId: id, status: 'ENABLED' });
    await until(3, ESTABLISHED);
    expect(receiver.received[1]).toMatchObject({ uri: STREAM_UPDATED, event: { status: 'enabled' } });
    await updateStream(owner, { streamId: id, status: 'DISABLED' });
    await until(3, STREAM_UPDATED);
    expect(receiver.received.at(-1)!.event).toMatchObject({ status: 'disabled' });
  });

  test('a receiver that refuses to be told of its status gets its events nevertheless', async () => {
    const { id } = await stream();
    receiver.answer((response) => response.writeHead(400).end('{"err":"invalid_request"}'));
    await updateStream(owner, { streamId: id, status: 'PAUSED' });
    await settled(id);
    receiver.answer((response) => response.writeHead(202).end());
    await updateStream(owner, { streamId: id, status: 'ENABLED' });
    await member.login();
    await until(1, ESTABLISHED);
  });

  test('what all others wait for is tried every minute at least, so that a receiver which is back gets them', async () => {
    const { id } = await stream();
    receiver.answer((response) => response.writeHead(503).end());
    await updateStream(owner, { streamId: id, status: 'PAUSED' });
    const notice = async () =>
      (await listDeliveries(owner, id)).find(({ eventType }) => eventType === STREAM_UPDATED);
    await waitUntil(
      async () => {
        const { attempts, nextAttemptAt } = await notice();
        if (attempts >= 7 && nextAttemptAt !== null) return true;
        app.clock.advance(5_000);
        await pause(20);
        return false;
      },
      { what: 'seven attempts', timeoutMs: 30_000 },
    );
    const { nextAttemptAt } = await notice();
    expect(Date.parse(nextAttemptAt) - app.clock.now().getTime()).toBeLessThanOrEqual(72_000);
  });

  test('410 disables it', async () => {
    const { id } = await stream();
    receiver.answer((response) => response.writeHead(410).end());
    await sendTest(owner, id);
    await advanceUntil(app, async () => (await readStream(owner, id)).status === 'DISABLED', 'disabled');
    expect(await readStream(owner, id)).toMatchObject({
      statusReason: 'The receiver answered 410 (gone).',
      pendingCount: 0,
    });
  });

  test.each([
    [
      'a registered code',
      400,
      '{"err":"invalid_key","description":"of mine"}',
      'The receiver answered 400 (invalid_key).',
    ],
    ['words of its own', 400, '{"err":"<b>no</b>","description":"of mine"}', 'The receiver answered 400.'],
    ['no JSON', 400, 'no', 'The receiver answered 400.'],
    ['another success', 200, '', 'The receiver answered 200 in place of 202.'],
  ])('%s in an answer is what an owner sees of it', async (_, status, body, lastError) => {
    const { id } = await stream();
    receiver.answer((response) => response.writeHead(status).end(body));
    await sendTest(owner, id);
    const deliveries = () => listDeliveries(owner, id);
    await advanceUntil(app, async () => (await deliveries())[0]?.lastError !== null, 'an answer');
    expect((await deliveries())[0]).toMatchObject({ status: 'PENDING', lastError });
    receiver.answer((response) => response.writeHead(202).end());
    await settled(id);
    expect(new Set(receiver.received.map(({ claims }) => claims.jti)).size).toBe(1);
  });

  test('it has no secret to show or to rotate', async () => {
    const { secret, stream: created } = await createStream(owner, { kind: 'SSF_PUSH', url: receiver.url });
    expect(secret).toBeNull();
    const rotated = await owner.gql(ROTATE_SECRET, { streamId: created.id });
    expect(rotated).toMatchObject({ code: 'BAD_USER_INPUT', extensions: { reason: 'NOT_ALLOWED' } });
  });
});

test('a stream whose receiver comes for its events has no address and an audience of its own', async () => {
  const { stream: created } = await createStream(owner, { kind: 'SSF_POLL' });
  expect(created).toMatchObject({ url: null, audience: `urn:uuid:${created.id}` });
  const refused = await updateStream(owner, { streamId: created.id, url: receiver.url });
  expect(refused).toMatchObject({
    code: 'BAD_USER_INPUT',
    extensions: { field: 'url', reason: 'NOT_ALLOWED' },
  });
  const sent = await owner.gql(SEND_TEST, { streamId: created.id });
  expect(sent.data.sendTestEvent).toMatchObject({ status: 'PENDING', eventType: VERIFICATION });
  for (let count = 0; count < 3; count += 1) {
    app.clock.advance(1_000);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  expect((await listDeliveries(owner, created.id))[0]).toMatchObject({ status: 'PENDING', attempts: 0 });
});
