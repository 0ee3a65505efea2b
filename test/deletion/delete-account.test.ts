import { sql } from 'kysely';
import {
  CURRENT_SESSION,
  from,
  INVITE,
  RESET_PASSWORD,
  SET_PASSWORD,
  tokenOf,
  VIEWER,
} from '../accounts/account-calls.ts';
import { onEachDatabase } from '../databases.ts';
import { advanceUntilSettled } from '../expiry/feed-events.ts';
import { openSocket, subscribeMessage } from '../expiry/raw-socket.ts';
import { followWarned, loginWarned, startShort } from '../expiry/session-subscriptions.ts';
import type { TestApp } from '../harness.ts';
import { hashOfPassword, type SeededAccount, type SignedIn } from '../seed.ts';
import { backEnd, CREATE_ACCOUNT, CREATE_SESSION, stranger } from '../service-api/service-calls.ts';
import { waitUntil } from '../wait-until.ts';
import { AUDIT, DELETE_ACCOUNT, pendingErasures, rowsWith } from './deletion-calls.ts';

/** A deletion of more sessions is one row that is in effect before any session says so. */
const BATCH_SIZE = 3;

onEachDatabase((database) => {
  let app: TestApp;
  let account: SeededAccount;
  let owner: SignedIn;

  beforeAll(async () => {
    app = await startShort(database, { revocationBatchSize: BATCH_SIZE, env: { TRUST_PROXY: 'true' } });
  });
  beforeEach(async () => {
    account = await app.seed.account();
    owner = await account.owner.login();
  });
  afterAll(() => app.close());

  const remove = (confirmName = account.name, by = owner) => by.gql(DELETE_ACCOUNT, { confirmName });
  const query = async <Row>(statement: ReturnType<typeof sql<Row>>): Promise<Row[]> =>
    (await statement.execute(app.database.em().getKysely())).rows;

  test.each([
    ['few sessions', 1],
    ['more sessions than a batch', BATCH_SIZE],
  ])(
    'with %s: every session ends at once, and no credential of the account works any more',
    async (_, count) => {
      const member = await account.addUser();
      const sessions: SignedIn[] = [];
      for (let n = 0; n < count; n += 1) sessions.push(await member.login());
      const { key } = await app.seed.serviceKey(account.id);
      const service = backEnd(app, key);
      const { sessionToken } = await service.create();
      const reset = await owner.gql(RESET_PASSWORD, { userId: member.id });
      const forAll = backEnd(app, (await app.seed.serviceKey(null)).key);

      expect((await remove()).data).toEqual({ deleteAccount: true });
      for (const { accessToken, refresh } of [owner, ...sessions]) {
        expect((await app.gql(CURRENT_SESSION, {}, { token: accessToken })).extensions).toMatchObject({
          code: 'UNAUTHENTICATED',
          endReason: 'USER_DEACTIVATED',
        });
        expect((await refresh()).extensions).toMatchObject({
          code: 'INVALID_REFRESH_TOKEN',
          endReason: 'USER_DEACTIVATED',
        });
      }
      expect((await remove()).code).toBe('UNAUTHENTICATED');
      expect((await member.tryLogin()).code).toBe('INVALID_CREDENTIALS');
      expect((await account.owner.tryLogin()).code).toBe('INVALID_CREDENTIALS');
      const link = {
        token: tokenOf(reset.data.resetUserPassword.setPasswordUrl),
        newPassword: 'a better password',
      };
      expect((await app.gql(SET_PASSWORD, { input: link })).code).toBe('INVALID_CREDENTIALS');
      expect((await service.gql(CREATE_SESSION, { input: stranger() })).code).toBe('UNAUTHENTICATED');
      expect(await forAll.validate(sessionToken)).toMatchObject({
        valid: false,
        reason: 'REVOKED',
        session: { endReason: 'USER_DEACTIVATED', user: { name: 'Deleted user', email: '' } },
      });
      const input = { ...stranger(), accountId: account.id };
      expect((await forAll.gql(CREATE_SESSION, { input })).code).toBe('NOT_FOUND');
      const again = { userId: member.id, accountId: account.id };
      expect((await forAll.gql(CREATE_SESSION, { input: again })).code).toBe('NOT_FOUND');
    },
  );

  test('subscribers hear it and their sockets are closed, that of a service key too', async () => {
    const member = await account.addUser();
    const who = await loginWarned(app, member);
    const expiry = await followWarned(app, who);
    owner = await account.owner.login();
    const { key } = await app.seed.serviceKey(account.id);
    // Not through a client: it would close the socket itself once its only subscription is complete.
    const feed = openSocket(app);
    await feed.opened;
    feed.send({ type: 'connection_init', payload: { serviceKey: key } });
    await feed.next(({ type }) => type === 'connection_ack');
    feed.send(subscribeMessage('feed', 'subscription { accountSessions { kind } }'));
    await waitUntil(async () => {
      feed.send({ type: 'ping' });
      const { payload } = await feed.next(({ type }) => type === 'pong');
      // The feed has begun.
      return payload?.completeMsAgo !== undefined;
    });
    expect((await remove()).data).toEqual({ deleteAccount: true });
    expect(await expiry.next()).toMatchObject({ kind: 'REVOKED', endReason: 'USER_DEACTIVATED' });
    expect(await expiry.closed).toMatchObject({ code: 4401 });
    expect(await advanceUntilSettled(app, feed.closed)).toMatchObject({ code: 4401 });
    expect(feed.messages.at(-1)).toEqual({ id: 'feed', type: 'complete' });
  });

  test('nothing in any table identifies the account or its users; the trail stays', async () => {
    const { id, name } = account;
    const { email } = account.owner;
    const there = from('198.51.100.66');
    const forAll = backEnd(app, (await app.seed.serviceKey(null)).key);
    const externalId = `tenant-${database}-66`;
    await query(sql`update accounts set external_id = ${externalId} where id = ${id}`);
    await app.seed.serviceKey(id);
    await account.owner.login({}, there);
    for (let n = 0; n < 7; n += 1) {
      await account.owner.tryLogin({ password: 'not this one' }, there);
      await forAll.create({
        externalId: `ed-own-${n}`,
        email: `ed-own-${n}@example.test`,
        name: 'Ed Own',
        accountExternalId: externalId,
        ipAddress: '203.0.113.66',
        userAgent: 'Own browser 66',
      });
    }
    const ownerName = `Owner ${name.replace('Account ', '')}`;
    const traces = [name, email, ownerName, externalId, 'ed-own', 'Ed Own', '100.66', '113.66', 'browser 66'];
    expect((await rowsWith(app, traces)).length).toBeGreaterThan(30);
    const trail = sql<{ count: number }>`
      select count(*)::int as count from audit_events where account_id = ${id}`;
    const [before] = await query(trail);

    expect((await remove()).errors).toBeUndefined();
    // The answer does not wait for ever, on a busy machine.
    await waitUntil(async () => (await pendingErasures(app)) === 0);
    expect(await rowsWith(app, traces)).toEqual([]);
    const [after] = await query(trail);
    expect(after!.count).toBe(before!.count + 1);
    const [last] = await query(
      sql<Record<string, unknown>>`
      select actor_id, actor_name, ip_address, details from audit_events where account_id = ${id} and action = 'account.deleted'`,
    );
    expect(last).toMatchObject({
      actor_id: account.owner.id,
      actor_name: 'Deleted user',
      ip_address: null,
      details: { ended_sessions: 9, revoked_service_keys: 1 },
    });

    // Its external id and e-mails are free.
    const next = await forAll.gql(CREATE_ACCOUNT, { input: { name: 'Next Ltd', externalId } });
    expect(next.data.createAccount.id).not.toBe(id);
    const other = await (await app.seed.account()).owner.login();
    expect((await other.gql(INVITE, { input: { email, name: 'Nia New' } })).errors).toBeUndefined();
  });

  test('an e-mail is free before erasing has come to its user', async () => {
    const { email, id } = account.owner;
    expect((await remove()).errors).toBeUndefined();
    await waitUntil(async () => (await pendingErasures(app)) === 0);
    // As in an account with very many users.
    const hash = await hashOfPassword('cheap');
    await query(
      sql`update users set deleted_at = null, is_active = true, sign_in_email = ${email},
        password_hash = ${hash} where id = ${id}`,
    );
    expect((await account.owner.tryLogin()).code).toBe('INVALID_CREDENTIALS');
    const other = await app.seed.account();
    const input = { email, name: 'Nia New' };
    const invitation = await (await other.owner.login()).gql(INVITE, { input });
    expect(invitation.errors).toBeUndefined();
  });

  test('a wrong name changes nothing', async () => {
    for (const name of ['', account.name.toUpperCase(), `${account.name} `, 'something', '\0', '\ud800'])
      expect((await remove(name)).extensions).toEqual({
        code: 'BAD_USER_INPUT',
        field: 'confirmName',
        reason: 'NAME_MISMATCH',
      });
    expect((await owner.gql(VIEWER)).errors).toBeUndefined();
  });

  test('a member and a service key are refused', async () => {
    const member = await (await account.addUser()).login();
    expect((await remove(account.name, member)).code).toBe('FORBIDDEN');
    const { key } = await app.seed.serviceKey(account.id);
    const answer = await app.gql(DELETE_ACCOUNT, { confirmName: account.name }, { token: key });
    expect(answer.code).toBe('FORBIDDEN');
    expect((await owner.gql(VIEWER)).errors).toBeUndefined();
  });

  test('another account notices nothing', async () => {
    const other = await app.seed.account();
    const theirs = await other.owner.login();
    const trail = JSON.stringify((await theirs.gql(AUDIT)).data);
    expect((await remove()).errors).toBeUndefined();
    expect(JSON.stringify((await theirs.gql(AUDIT)).data)).toBe(trail);
    expect((await theirs.gql(`{ viewer { name account { name } } }`)).data.viewer.account.name).toBe(
      other.name,
    );
  });
});
