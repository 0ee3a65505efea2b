import { onEachDatabase } from '../databases.ts';
import { startApp, type TestApp } from '../harness.ts';
import type { Person, SeededAccount, SignedIn } from '../seed.ts';
import { auditRows, CURRENT_SESSION, REVOKE_SESSION, REVOKE_USER, sessionEnd } from './account-calls.ts';

const UNKNOWN = '00000000-0000-4000-8000-000000000000';
const UNKNOWN_IDS = [
  '',
  ' ',
  'x',
  '0',
  '\0',
  `${UNKNOWN}\0`,
  'x'.repeat(200),
  'x'.repeat(10_240),
  "' or 1=1 --",
  '\ud800',
  '%',
];

onEachDatabase((database) => {
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

  const revokedBy = async (who: SignedIn, sessionId: string) =>
    (await who.gql(REVOKE_SESSION, { sessionId })).data.revokeSession.revokedCount;
  const ends = async () =>
    (await auditRows(app, account.id)).filter(({ action }) => /ended|revoked/.test(action));

  describe('revokeSession', () => {
    test('a member ends their own session once; a repeat counts 0 and changes nothing', async () => {
      const there = await member.login();
      expect(await revokedBy(me, there.sessionId)).toBe(1);
      const end = await sessionEnd(app, there.sessionId);
      expect(end).toEqual({ ended_at: app.clock.now(), end_reason: 'REVOKED_BY_USER' });
      app.clock.advance(1_000);
      expect(await revokedBy(me, there.sessionId)).toBe(0);
      expect(await revokedBy(owner, there.sessionId)).toBe(0);
      expect(await sessionEnd(app, there.sessionId)).toEqual(end);
      expect(await ends()).toEqual([
        expect.objectContaining({
          action: 'session.ended',
          actor_id: member.id,
          resource_id: there.sessionId,
          details: { reason: 'REVOKED_BY_USER', user_id: member.id },
        }),
      ]);
    });

    test('an owner ends any session of the account', async () => {
      expect(await revokedBy(owner, me.sessionId)).toBe(1);
      expect((await me.gql(CURRENT_SESSION)).extensions).toMatchObject({ endReason: 'REVOKED_BY_OWNER' });
    });

    test('the caller can end their current session', async () => {
      expect(await revokedBy(me, me.sessionId)).toBe(1);
      expect((await me.gql(CURRENT_SESSION)).extensions).toMatchObject({ endReason: 'REVOKED_BY_USER' });
    });

    test('a session past its deadline counts 0 and keeps its timeout reason', async () => {
      const { idleExpiresAt } = me.payload;
      app.clock.advance(new Date(idleExpiresAt).getTime() - app.clock.now().getTime());
      const late = await account.owner.login();
      expect(await revokedBy(late, me.sessionId)).toBe(0);
      expect((await me.gql(CURRENT_SESSION)).extensions).toMatchObject({ endReason: 'IDLE_TIMEOUT' });
    });

    test("a member's colleague, an owner's foreign session and a malformed id all give the same NOT_FOUND", async () => {
      const foreign = await (await app.seed.account()).owner.login();
      const call = (who: SignedIn, sessionId: string) => who.gql(REVOKE_SESSION, { sessionId });
      const expected = await call(owner, UNKNOWN);
      expect(expected).toMatchObject({ status: 200, extensions: { code: 'NOT_FOUND' } });
      for (const id of [foreign.sessionId, ...UNKNOWN_IDS]) expect(await call(owner, id)).toEqual(expected);
      for (const id of [owner.sessionId, foreign.sessionId, UNKNOWN, ...UNKNOWN_IDS])
        expect(await call(me, id)).toEqual(expected);
      for (const session of [owner, foreign, me])
        expect((await session.gql(CURRENT_SESSION)).errors).toBeUndefined();
      expect(await ends()).toEqual([]);
    });
  });

  describe('revokeUserSessions', () => {
    test('a member ends all of their own sessions, the current one included', async () => {
      const there = await member.login();
      const answer = await me.gql(REVOKE_USER, { userId: member.id });
      expect(answer.data.revokeUserSessions).toEqual({ revokedCount: 2 });
      for (const { sessionId } of [me, there])
        expect(await sessionEnd(app, sessionId)).toEqual({
          ended_at: app.clock.now(),
          end_reason: 'REVOKED_BY_USER',
        });
      expect((await owner.gql(CURRENT_SESSION)).errors).toBeUndefined();
      expect((await ends()).map(({ action, details }) => [action, details])).toEqual([
        ['user.sessions_revoked', { revoked_count: 2 }],
      ]);
    });

    test('an owner ends all sessions of a user; a repeat counts 0 and changes nothing', async () => {
      const revoke = async () =>
        (await owner.gql(REVOKE_USER, { userId: member.id })).data.revokeUserSessions;
      expect(await revoke()).toEqual({ revokedCount: 1 });
      const end = await sessionEnd(app, me.sessionId);
      expect(end.end_reason).toBe('REVOKED_BY_OWNER');
      app.clock.advance(1_000);
      expect(await revoke()).toEqual({ revokedCount: 0 });
      expect(await sessionEnd(app, me.sessionId)).toEqual(end);
    });

    test('ids are case-sensitive', async () => {
      for (const who of [owner, me]) {
        const own = who === owner ? account.owner.id : member.id;
        expect((await who.gql(REVOKE_USER, { userId: own.toUpperCase() })).code).toBe('NOT_FOUND');
      }
    });

    test("a member's colleague, an owner's foreign user and a malformed id all give the same NOT_FOUND", async () => {
      const foreign = (await app.seed.account()).owner;
      const foreignSession = await foreign.login();
      const call = (who: SignedIn, userId: string) => who.gql(REVOKE_USER, { userId });
      const expected = await call(owner, UNKNOWN);
      expect(expected).toMatchObject({ status: 200, extensions: { code: 'NOT_FOUND' } });
      for (const id of [foreign.id, ...UNKNOWN_IDS]) expect(await call(owner, id)).toEqual(expected);
      for (const id of [account.owner.id, foreign.id, UNKNOWN, ...UNKNOWN_IDS])
        expect(await call(me, id)).toEqual(expected);
      for (const session of [owner, foreignSession, me])
        expect((await session.gql(CURRENT_SESSION)).errors).toBeUndefined();
      expect(await ends()).toEqual([]);
    });
  });
});
