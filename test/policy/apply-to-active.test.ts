import { onEachDatabase } from '../databases.ts';
import type { TestApp } from '../harness.ts';
import { claimsOf, REFRESH, type SignedIn } from '../seed.ts';
import {
  applyNow,
  auditRows,
  dataOf,
  HOUR,
  MINUTE,
  POLICY_UPDATE,
  savePolicy,
  sessionRows,
  startPolicyApp,
} from './policy-calls.ts';

/** Sessions that are written with the answer; one more, and the policy is pending for a second. */
const SIZES = { 'written at once': 10_000, pending: 1 };

onEachDatabase((database) =>
  describe.each(Object.entries(SIZES))('%s', (_, batchSize) => {
    let app: TestApp;
    beforeAll(async () => {
      app = await startPolicyApp(database, { SESSION_SWEEP_SECONDS: '86400' }, batchSize);
    });
    afterAll(() => app.close());

    const rowsOf = (accountId: string) => sessionRows(app, accountId, 'effective_sessions');

    async function seedSessions() {
      const account = await app.seed.account();
      const member = await account.addUser();
      return {
        account,
        member,
        caller: await account.owner.login(),
        rowOf: ({ sessionId }: SignedIn) =>
          rowsOf(account.id).then((rows) => rows.find(({ id }) => id === sessionId)!),
      };
    }
    const after = (from: Date, milliseconds: number) => new Date(from.getTime() + milliseconds);
    const refreshed = async (refreshToken: string): Promise<any> =>
      dataOf(await app.gql(REFRESH, { input: { refreshToken } })).refreshSession;

    test('ACTIVE_SESSIONS shortens live sessions at once', async () => {
      const { caller, member, rowOf } = await seedSessions();
      const session = await member.login();
      const signedInAt = app.clock.now();
      app.clock.advance(30 * MINUTE);
      await session.gql(`mutation { touchSession { id } }`);
      const activeAt = app.clock.now();
      app.clock.advance(30 * MINUTE);
      await applyNow(caller, 120, 240);

      const shorter = {
        last_activity_at: activeAt,
        idle_expires_at: after(activeAt, 2 * HOUR),
        absolute_expires_at: after(signedInAt, 4 * HOUR),
        idle_seconds: 7200,
        absolute_seconds: 14_400,
        ended_at: null,
        generation: 0,
      };
      expect(await rowOf(session)).toMatchObject(shorter);
      const { currentSession } = dataOf(
        await session.gql(
          `{ currentSession { idleMinutes absoluteMinutes idleExpiresAt absoluteExpiresAt } }`,
        ),
      );
      expect(currentSession).toEqual({
        idleMinutes: 120,
        absoluteMinutes: 240,
        idleExpiresAt: shorter.idle_expires_at.toISOString(),
        absoluteExpiresAt: shorter.absolute_expires_at.toISOString(),
      });
    });

    test('tokens rotated after ACTIVE_SESSIONS carry the shortened limits, and `auth_time` never resets', async () => {
      const { caller, member } = await seedSessions();
      const session = await member.login();
      const { auth_time } = claimsOf(session.refreshToken);
      app.clock.advance(HOUR);
      await applyNow(caller, 120, 240);
      const absoluteExpiresAt = new Date(Date.parse(session.payload.session.authenticatedAt) + 4 * HOUR);

      let token = session.refreshToken;
      for (const wait of [MINUTE, 90 * MINUTE, 60 * MINUTE]) {
        app.clock.advance(wait);
        const renewed = await refreshed(token);
        token = renewed.refreshToken;
        expect(claimsOf(token)).toMatchObject({ auth_time, idle_max: 7200, abs_max: 14_400 });
        expect(renewed.absoluteExpiresAt).toBe(absoluteExpiresAt.toISOString());
        // From now on activity is worth two hours, and nothing beyond the absolute deadline.
        const idle = Math.min(app.clock.now().getTime() + 2 * HOUR, absoluteExpiresAt.getTime());
        expect(Date.parse(renewed.idleExpiresAt)).toBe(idle);
      }
      app.clock.advance(absoluteExpiresAt.getTime() - app.clock.now().getTime());
      expect((await app.gql(REFRESH, { input: { refreshToken: token } })).code).toBe(
        'SESSION_EXPIRED_ABSOLUTE',
      );
    });

    test('a refresh whose answer was lost before ACTIVE_SESSIONS still gets the identical successor', async () => {
      const { caller, member } = await seedSessions();
      const session = await member.login();
      const successor = await refreshed(session.refreshToken);
      await applyNow(caller, 60, 240);
      const again = await refreshed(session.refreshToken);
      expect(again.refreshToken).toBe(successor.refreshToken);
      expect(again.idleExpiresAt).toBe(new Date(app.clock.now().getTime() + HOUR).toISOString());
      expect(claimsOf((await refreshed(again.refreshToken)).refreshToken)).toMatchObject({
        idle_max: 3600,
        abs_max: 14_400,
      });
    });

    test('ACTIVE_SESSIONS ends those already past the new limits, the deadline itself included', async () => {
      const { account, caller, member, rowOf } = await seedSessions();
      const idle = await member.login();
      const almostIdle = await member.login();
      app.clock.advance(1);
      await almostIdle.gql(`mutation { touchSession { id } }`);
      app.clock.advance(HOUR - 1);
      const now = app.clock.now();
      const policy = await applyNow(caller, 60, 240);

      expect(await rowOf(idle)).toMatchObject({ ended_at: now, end_reason: 'POLICY_CHANGED', generation: 0 });
      expect(await rowOf(almostIdle)).toMatchObject({ ended_at: null, idle_expires_at: after(now, 1) });
      const ended = { endReason: 'POLICY_CHANGED', endedAt: now.toISOString() };
      expect(await idle.refresh()).toMatchObject({ code: 'INVALID_REFRESH_TOKEN', extensions: ended });
      expect(await idle.gql(`{ viewer { id } }`)).toMatchObject({
        code: 'UNAUTHENTICATED',
        extensions: ended,
      });
      expect((await almostIdle.refresh()).errors).toBeUndefined();

      // The owner had been away as long: this ended their own session too, and still answered.
      expect(policy).toMatchObject({ idleMinutes: 60, version: 1, activeUserCount: 1 });
      expect(await rowOf(caller)).toMatchObject({ end_reason: 'POLICY_CHANGED' });
      expect(await auditRows(app, account.id, POLICY_UPDATE)).toHaveLength(1);
      expect(await auditRows(app, account.id, 'session.ended')).toEqual([]);
    });

    test('an active session past the new absolute limit ends as well', async () => {
      const { caller, member, rowOf } = await seedSessions();
      const old = await member.login();
      app.clock.advance(4 * HOUR);
      const { refreshToken } = await refreshed(old.refreshToken);
      await applyNow(caller, 240, 240);
      expect(await rowOf(old)).toMatchObject({ end_reason: 'POLICY_CHANGED', ended_at: app.clock.now() });
      expect((await app.gql(REFRESH, { input: { refreshToken } })).code).toBe('INVALID_REFRESH_TOKEN');
    });

    test('ACTIVE_SESSIONS never lengthens, not even one of the two limits', async () => {
      const { account, caller, member, rowOf } = await seedSessions();
      await savePolicy(caller, { idleMinutes: 60, absoluteMinutes: 240 });
      const session = await member.login();
      const before = await rowOf(session);
      app.clock.advance(10 * MINUTE);
      for (const [idle, absolute] of [
        [120, 480],
        [60, 240],
        [43_200, 129_600],
      ] as const) {
        await applyNow(caller, idle, absolute);
        expect(await rowOf(session)).toEqual(before);
      }
      await applyNow(caller, 30, 480);
      expect(await rowOf(session)).toEqual({
        ...before,
        idle_expires_at: after(before.last_activity_at, 30 * MINUTE),
        idle_seconds: 1800,
      });
      await applyNow(caller, 120, 120);
      expect(await rowOf(session)).toEqual({
        ...before,
        idle_expires_at: after(before.last_activity_at, 30 * MINUTE),
        idle_seconds: 1800,
        absolute_expires_at: after(before.authenticated_at, 2 * HOUR),
        absolute_seconds: 7200,
      });
      const { refreshToken } = await refreshed(session.refreshToken);
      expect(claimsOf(refreshToken)).toMatchObject({ idle_max: 1800, abs_max: 7200 });
      expect((await rowsOf(account.id)).every(({ ended_at }) => ended_at === null)).toBe(true);
    });

    test('a looser policy revives neither sessions that a policy ended nor expired ones without a recorded end', async () => {
      const { account, caller, member, rowOf } = await seedSessions();
      const ended = await member.login();
      app.clock.advance(2 * HOUR);
      await refreshed(caller.refreshToken);
      await applyNow(caller, 60, 240);
      const timedOut = await member.login();
      app.clock.advance(59 * MINUTE);
      const touched = await refreshed((await account.owner.login()).refreshToken);
      app.clock.advance(MINUTE);
      const before = [await rowOf(ended), await rowOf(timedOut)];
      expect(before).toMatchObject([{ end_reason: 'POLICY_CHANGED' }, { ended_at: null }]);

      const loosened = await app.gql(
        `mutation { updateSessionPolicy(input: { idleMinutes: 43200, absoluteMinutes: 129600, apply: ACTIVE_SESSIONS }) {
        sessionPolicy { version } } }`,
        {},
        { token: touched.accessToken },
      );
      expect(loosened.errors).toBeUndefined();
      expect([await rowOf(ended), await rowOf(timedOut)]).toEqual(before);
      expect((await ended.refresh()).code).toBe('INVALID_REFRESH_TOKEN');
      expect((await timedOut.refresh()).code).toBe('SESSION_EXPIRED_IDLE');
    });

    test('NEXT_LOGIN touches no live session, however far past the new limits it is', async () => {
      const { account, caller, member } = await seedSessions();
      const session = await member.login();
      app.clock.advance(10 * HOUR);
      const before = await rowsOf(account.id);
      for (const apply of ['NEXT_LOGIN', null, undefined])
        await savePolicy(caller, { idleMinutes: 10, absoluteMinutes: 30, apply });
      expect(await rowsOf(account.id)).toEqual(before);
      expect(claimsOf((await refreshed(session.refreshToken)).refreshToken)).toMatchObject({
        idle_max: 259_200,
        abs_max: 1_209_600,
      });
    });

    test("ACTIVE_SESSIONS leaves another account's sessions alone", async () => {
      const { caller } = await seedSessions();
      const neighbour = await app.seed.account();
      await neighbour.owner.login();
      app.clock.advance(HOUR);
      const before = await rowsOf(neighbour.id);
      await applyNow(caller, 10, 30);
      expect(await rowsOf(neighbour.id)).toEqual(before);
    });

    test('a refused update applies nothing to live sessions either', async () => {
      const { account, caller } = await seedSessions();
      const before = await rowsOf(account.id);
      for (const input of [
        { idleMinutes: 9, absoluteMinutes: 30 },
        { idleMinutes: 10, absoluteMinutes: 30, expectedVersion: 7 },
      ]) {
        const answer = await caller.gql(
          `mutation Save($input: UpdateSessionPolicyInput!) { updateSessionPolicy(input: $input) { sessionPolicy { version } } }`,
          { input: { ...input, apply: 'ACTIVE_SESSIONS' } },
        );
        expect(answer.errors).toHaveLength(1);
      }
      expect(await rowsOf(account.id)).toEqual(before);
    });

    test('the answer and the audit row say what was done, as of the commit', async () => {
      const { account, caller, member } = await seedSessions();
      const neighbour = await app.seed.account();
      await neighbour.owner.login();
      await member.login();
      await member.login();
      app.clock.advance(HOUR);
      const [active] = [await member.login(), await caller.gql(`mutation { touchSession { id } }`)];
      const save = async (input: object) => {
        app.clock.advance(1000);
        return dataOf(
          await caller.gql(
            `mutation Save($input: UpdateSessionPolicyInput!) {
              updateSessionPolicy(input: $input) { endedSessions shortenedSessions } }`,
            { input },
          ),
        ).updateSessionPolicy;
      };
      const shorter = { idleMinutes: 60, absoluteMinutes: 240 };
      const none = { endedSessions: 0, shortenedSessions: 0 };

      expect(await save({ ...shorter, apply: 'NEXT_LOGIN' })).toEqual(none);
      expect(await save({ ...shorter, apply: 'ACTIVE_SESSIONS' })).toEqual({
        endedSessions: 2,
        shortenedSessions: 2,
      });
      expect((await active.gql(`{ viewer { id } }`)).errors).toBeUndefined();
      // A repeat changes nothing more, also while the first one is still being written.
      expect(await save({ ...shorter, apply: 'ACTIVE_SESSIONS' })).toEqual(none);
      const rows = await auditRows(app, account.id, POLICY_UPDATE);
      expect(
        rows.map(({ details }) => [details.apply, details.ended_count, details.shortened_count]),
      ).toEqual([
        ['next_login', 0, 0],
        ['active_sessions', 2, 2],
        ['active_sessions', 0, 0],
      ]);
    });

    test('ACTIVE_SESSIONS notifies subscribers that their session was shortened or ended', async () => {
      const { account, member } = await seedSessions();
      const [active, idle] = [await member.login(), await member.login()];
      app.clock.advance(Date.parse(active.payload.idleExpiresAt) - 5 * MINUTE - app.clock.now().getTime());
      // A warning shows that the subscription has begun.
      const [shortened, ended] = [active.expiry(), idle.expiry()];
      for (const expiry of [shortened, ended]) expect(await expiry.next()).toMatchObject({ kind: 'WARNING' });
      await active.gql(`mutation { touchSession { id } }`);
      expect(await shortened.next()).toMatchObject({ kind: 'EXTENDED' });

      const now = app.clock.now();
      await applyNow(await account.owner.login(), 120, 20_160);
      expect(await shortened.next()).toMatchObject({
        kind: 'SHORTENED',
        reason: 'IDLE',
        expiresAt: after(now, 2 * HOUR).toISOString(),
        absoluteExpiresAt: active.payload.absoluteExpiresAt,
        secondsRemaining: 7200,
      });
      expect(await ended.next()).toMatchObject({
        kind: 'REVOKED',
        endReason: 'POLICY_CHANGED',
        expiresAt: now.toISOString(),
      });
      expect(await ended.closed).toEqual({ code: 4401, reason: 'POLICY_CHANGED' });
      await shortened.stop();
    });
  }),
);
