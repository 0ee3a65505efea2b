import { onUsualDatabase } from '../databases.ts';
import { startApp, type TestApp } from '../harness.ts';
import type { Person, SeededAccount, SignedIn } from '../seed.ts';
import { auditRows, CURRENT_SESSION, REVOKE_SELECTED, sessionEnd } from './account-calls.ts';

const UNKNOWN = '00000000-0000-4000-8000-000000000000';

onUsualDatabase((database) => {
  let app: TestApp;
  let account: SeededAccount;
  let member: Person;
  let owner: SignedIn;
  let me: SignedIn;
  beforeAll(async () => {
    app = await startApp({ database });
  });
  beforeEach(async () => {
    account = await app.seed.account();
    member = await account.addUser();
    owner = await account.owner.login();
    me = await member.login();
  });
  afterAll(() => app.close());

  const select = (who: SignedIn, ...sessions: (SignedIn | string)[]) =>
    who.gql(REVOKE_SELECTED, {
      sessionIds: sessions.map((each) => (typeof each === 'string' ? each : each.sessionId)),
    });
  const countOf = async (answer: ReturnType<typeof select>) =>
    (await answer).data.revokeSelectedSessions.revokedCount;
  const endsInAudit = async () =>
    (await auditRows(app, account.id)).filter(({ action }) => /ended|revoked/.test(action));

  test('an owner ends sessions of several people, their own included, each audited like a single end', async () => {
    const own = await account.owner.login();
    const [second, third] = [await member.login(), await (await account.addUser()).login()];
    expect(await countOf(select(owner, own, me, third))).toBe(3);
    const reasons = new Map([
      [own.sessionId, 'REVOKED_BY_USER'],
      [me.sessionId, 'REVOKED_BY_OWNER'],
      [third.sessionId, 'REVOKED_BY_OWNER'],
    ]);
    for (const [id, end_reason] of reasons)
      expect(await sessionEnd(app, id)).toEqual({ ended_at: app.clock.now(), end_reason });
    for (const kept of [owner, second]) expect((await kept.gql(CURRENT_SESSION)).errors).toBeUndefined();
    const rows = await endsInAudit();
    expect(rows).toHaveLength(3);
    for (const { action, actor_id, resource_id, details } of rows) {
      expect({ action, actor_id }).toEqual({ action: 'session.ended', actor_id: account.owner.id });
      expect(details).toMatchObject({ reason: reasons.get(resource_id) });
    }
    expect(new Set(rows.map(({ resource_id }) => resource_id))).toEqual(new Set(reasons.keys()));
  });

  test('each end is told to its own socket', async () => {
    const expiries = [me, await member.login()].map((session) => ({ session, expiry: session.expiry() }));
    await Promise.all(expiries.map(({ expiry }) => expiry.connected));
    expect(await countOf(select(owner, ...expiries.map(({ session }) => session)))).toBe(2);
    for (const { expiry } of expiries)
      expect(await expiry.next()).toMatchObject({ kind: 'REVOKED', endReason: 'REVOKED_BY_OWNER' });
  });

  test('one that is named twice counts once, and one that has ended counts 0', async () => {
    const there = await member.login();
    expect(await countOf(select(me, there, there, there))).toBe(1);
    const end = await sessionEnd(app, there.sessionId);
    app.clock.advance(1_000);
    expect(await countOf(select(owner, there, me, there))).toBe(1);
    expect(await countOf(select(owner, there, me))).toBe(0);
    expect(await sessionEnd(app, there.sessionId)).toEqual(end);
    expect(await endsInAudit()).toHaveLength(2);
  });

  test('a session past its deadline counts 0 and keeps its timeout', async () => {
    app.clock.advance(new Date(me.payload.idleExpiresAt).getTime() - app.clock.now().getTime());
    const late = await account.owner.login();
    const other = await member.login();
    expect(await countOf(select(late, me, other))).toBe(1);
    expect((await me.gql(CURRENT_SESSION)).extensions).toMatchObject({ endReason: 'IDLE_TIMEOUT' });
  });

  test('a member ends their own sessions, the current one included', async () => {
    const there = await member.login();
    expect(await countOf(select(me, there, me))).toBe(2);
    for (const { sessionId } of [there, me])
      expect((await sessionEnd(app, sessionId)).end_reason).toBe('REVOKED_BY_USER');
  });

  test('one that the caller may not see is NOT_FOUND, and none ends', async () => {
    const foreign = await (await app.seed.account()).owner.login();
    const expected = await select(owner, UNKNOWN);
    expect(expected).toMatchObject({ status: 200, extensions: { code: 'NOT_FOUND' } });
    for (const id of [foreign.sessionId, UNKNOWN, '', '\0', '\ud800', 'x'.repeat(10_000), "' or 1=1 --"])
      for (const ids of [[me.sessionId, id], [id, owner.sessionId], [id]])
        expect(await select(owner, ...ids)).toEqual(expected);
    for (const ids of [[owner.sessionId], [me.sessionId, owner.sessionId], [foreign.sessionId, me.sessionId]])
      expect(await select(me, ...ids)).toEqual(expected);
    for (const session of [owner, foreign, me])
      expect((await session.gql(CURRENT_SESSION)).errors).toBeUndefined();
    expect(await endsInAudit()).toEqual([]);
  });

  test('1 to 100 sessions are named, else BAD_USER_INPUT', async () => {
    const ids = Array.from({ length: 101 }, () => me.sessionId);
    expect(await countOf(select(owner, ...ids.slice(1)))).toBe(1);
    for (const sessionIds of [[], ids])
      expect((await select(owner, ...sessionIds)).extensions).toEqual({
        code: 'BAD_USER_INPUT',
        field: 'sessionIds',
        reason: 'OUT_OF_BOUNDS',
        min: 1,
        max: 100,
      });
    for (const sessionIds of [null, [null]])
      expect((await owner.gql(REVOKE_SELECTED, { sessionIds })).code).toBe('BAD_USER_INPUT');
    expect((await app.gql(REVOKE_SELECTED, { sessionIds: [owner.sessionId] })).code).toBe('UNAUTHENTICATED');
  });
});
