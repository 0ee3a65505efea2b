import { onUsualDatabase } from '../databases.ts';
import { startApp, type TestApp } from '../harness.ts';
import {
  auditRows,
  BULK_REVOCATION,
  dataOf,
  HOUR,
  readPolicy,
  REVOKE_ALL,
  REVOKE_OTHERS,
  savePolicy,
  sessionRow,
  sessionRows,
  startPolicyApp,
} from './policy-calls.ts';
import { waitUntil } from '../wait-until.ts';

onUsualDatabase((database) => {
  let app: TestApp;
  beforeAll(async () => {
    app = await startPolicyApp(database, { SESSION_SWEEP_SECONDS: '86400' });
  });
  afterAll(() => app.close());

  /** An owner with two sessions and a member with one. */
  async function seedSessions() {
    const account = await app.seed.account();
    const member = await account.addUser();
    return {
      account,
      caller: await account.owner.login(),
      sameOwner: await account.owner.login(),
      member: await member.login(),
      rowOf: (sessionId: string) => sessionRow(app, { accountId: account.id, sessionId }),
    };
  }

  test("ALL ends the caller's session too, whose refresh gives INVALID_REFRESH_TOKEN", async () => {
    const { caller, sameOwner, member, rowOf } = await seedSessions();
    app.clock.advance(1000);
    expect(dataOf(await caller.gql(REVOKE_ALL)).revokeSessions).toEqual({ revokedCount: 3 });
    for (const session of [caller, sameOwner, member]) {
      expect(await session.refresh()).toMatchObject({
        code: 'INVALID_REFRESH_TOKEN',
        extensions: { endReason: 'REVOKED_BY_OWNER' },
      });
      expect(await rowOf(session.sessionId)).toMatchObject({
        ended_at: app.clock.now(),
        end_reason: 'REVOKED_BY_OWNER',
        generation: 0,
      });
    }
  });

  test('ALL is the default scope of revokeSessions', async () => {
    const { caller } = await seedSessions();
    const { revokeSessions } = dataOf(await caller.gql(`mutation { revokeSessions { revokedCount } }`));
    expect(revokeSessions).toEqual({ revokedCount: 3 });
    expect((await caller.refresh()).code).toBe('INVALID_REFRESH_TOKEN');
  });

  test("OTHERS keeps the caller's, whose refresh works, and ends the member's", async () => {
    const { caller, sameOwner, member, rowOf } = await seedSessions();
    expect(dataOf(await caller.gql(REVOKE_OTHERS)).revokeSessions).toEqual({ revokedCount: 1 });
    // Every session of the caller stays, not only the current one.
    for (const session of [caller, sameOwner]) expect((await session.refresh()).errors).toBeUndefined();
    expect(await member.refresh()).toMatchObject({
      code: 'INVALID_REFRESH_TOKEN',
      extensions: { endReason: 'REVOKED_BY_OWNER' },
    });
    expect(await rowOf(member.sessionId)).toMatchObject({ end_reason: 'REVOKED_BY_OWNER' });
    expect(await readPolicy(caller)).toMatchObject({ activeUserCount: 1 });
  });

  test('Another account is untouched (count 1, not 2)', async () => {
    const [here, there] = [await app.seed.account(), await app.seed.account()];
    const [caller, neighbour] = [await here.owner.login(), await there.owner.login()];
    const before = await sessionRows(app, there.id);
    expect(dataOf(await caller.gql(REVOKE_ALL)).revokeSessions).toEqual({ revokedCount: 1 });
    expect(await sessionRows(app, there.id)).toEqual(before);
    expect(await auditRows(app, there.id, BULK_REVOCATION)).toEqual([]);
    expect(dataOf(await neighbour.gql(REVOKE_OTHERS)).revokeSessions).toEqual({ revokedCount: 0 });
    expect((await neighbour.refresh()).errors).toBeUndefined();
  });

  test('Exactly one audit row per bulk revocation with scope and count', async () => {
    const { account, caller } = await seedSessions();
    await caller.gql(REVOKE_OTHERS);
    app.clock.advance(1);
    await caller.gql(REVOKE_OTHERS);
    app.clock.advance(1);
    await caller.gql(REVOKE_ALL);
    const by = { actor_id: account.owner.id, resource_type: 'account', resource_id: account.id };
    const rows = await auditRows(app, account.id, BULK_REVOCATION);
    expect(rows).toMatchObject([by, by, by]);
    expect(rows.map(({ details }) => details)).toEqual([
      { scope: 'others', revoked_count: 1 },
      { scope: 'others', revoked_count: 0 },
      { scope: 'all', revoked_count: 2 },
    ]);
    // A bulk revocation is one event, not one per session.
    expect(await auditRows(app, account.id, 'session.ended')).toEqual([]);
  });

  test('A second OTHERS returns 0 and changes nothing; after ALL the caller is signed out', async () => {
    const { account, caller, member, rowOf } = await seedSessions();
    await caller.gql(REVOKE_OTHERS);
    const ended = await rowOf(member.sessionId);
    app.clock.advance(HOUR);
    expect(dataOf(await caller.gql(REVOKE_OTHERS)).revokeSessions).toEqual({ revokedCount: 0 });
    expect(await rowOf(member.sessionId)).toEqual(ended);

    app.clock.advance(HOUR);
    await caller.gql(REVOKE_ALL);
    expect(await rowOf(member.sessionId)).toEqual(ended);
    const revoked = { endReason: 'REVOKED_BY_OWNER', endedAt: app.clock.now().toISOString() };
    for (const query of [REVOKE_ALL, REVOKE_OTHERS, `{ currentSession { id } }`, `{ viewer { id } }`])
      expect(await caller.gql(query)).toMatchObject({ code: 'UNAUTHENTICATED', extensions: revoked });
    expect(await auditRows(app, account.id, BULK_REVOCATION)).toHaveLength(3);
  });

  test('a session past its deadline is not revoked: it does not count and keeps its end', async () => {
    const account = await app.seed.account();
    const caller = await account.owner.login();
    await savePolicy(caller, { idleMinutes: 60, absoluteMinutes: 240 });
    const session = await (await account.addUser()).login();
    const key = { accountId: account.id, sessionId: session.sessionId };
    const before = await sessionRow(app, key);
    app.clock.advance(HOUR);
    expect(dataOf(await caller.gql(REVOKE_ALL)).revokeSessions).toEqual({ revokedCount: 1 });
    expect(await sessionRow(app, key)).toEqual(before);
    expect((await session.refresh()).code).toBe('SESSION_EXPIRED_IDLE');
  });

  test('a large revocation that is applied after the answer takes effect with the answer, with equal rows', async () => {
    const large = await startApp({ database, revocationBatchSize: 1 });
    try {
      const account = await large.seed.account();
      const [caller, sameOwner] = [await account.owner.login(), await account.owner.login()];
      const member = await account.addUser();
      const members = [await member.login(), await member.login()];
      const now = large.clock.now();
      expect(dataOf(await caller.gql(REVOKE_OTHERS)).revokeSessions).toEqual({ revokedCount: 2 });
      expect((await members[0]!.refresh()).extensions).toMatchObject({ endReason: 'REVOKED_BY_OWNER' });
      expect(dataOf(await caller.gql(REVOKE_OTHERS)).revokeSessions).toEqual({ revokedCount: 0 });
      large.clock.advance(1000);
      expect(dataOf(await sameOwner.gql(REVOKE_ALL)).revokeSessions).toEqual({ revokedCount: 2 });
      expect((await caller.refresh()).code).toBe('INVALID_REFRESH_TOKEN');

      const ends = async () => {
        const rows = await sessionRows(large, account.id);
        return Object.fromEntries(rows.map(({ id, ended_at, end_reason }) => [id, { ended_at, end_reason }]));
      };
      await waitUntil(async () => Object.values(await ends()).every(({ ended_at }) => ended_at !== null));
      const end = (ended_at: Date) => ({ ended_at, end_reason: 'REVOKED_BY_OWNER' });
      expect(await ends()).toEqual(
        Object.fromEntries([
          ...members.map(({ sessionId }) => [sessionId, end(now)]),
          ...[caller, sameOwner].map(({ sessionId }) => [sessionId, end(large.clock.now())]),
        ]),
      );
    } finally {
      await large.close();
    }
  });
});
