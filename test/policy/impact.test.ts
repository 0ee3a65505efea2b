import fc from 'fast-check';
import { onEachDatabase } from '../databases.ts';
import type { TestApp } from '../harness.ts';
import type { SignedIn } from '../seed.ts';
import {
  accountRow,
  applyNow,
  auditRows,
  dataOf,
  HOUR,
  IMPACT,
  MINUTE,
  POLICY_UPDATE,
  readImpact,
  savePolicy,
  sessionRows,
  startPolicyApp,
  type SessionRow,
} from './policy-calls.ts';

const TOUCH = `mutation { touchSession { id } }`;

onEachDatabase((database) => {
  let app: TestApp;
  beforeAll(async () => {
    app = await startPolicyApp(database, { SESSION_SWEEP_SECONDS: '86400' });
  });
  afterAll(() => app.close());

  test('the preview counts ended, shortened and soon ending sessions, each boundary to the millisecond', async () => {
    const account = await app.seed.account();
    const member = await account.addUser();
    const viewer = await account.owner.login();
    const none = {
      activeSessions: 0,
      endNow: 0,
      endWithinHour: 0,
      shortened: 0,
      endsViewerSession: false,
      shortensViewerSession: false,
    };
    const mine = { shortened: 1, shortensViewerSession: true };
    const impact = (idleMinutes: number, absoluteMinutes: number) =>
      readImpact(viewer, { idleMinutes, absoluteMinutes });

    expect(await impact(4320, 20_160)).toEqual({ ...none, activeSessions: 1 });
    expect(await impact(4319, 20_160)).toEqual({ ...none, activeSessions: 1, ...mine });
    expect(await impact(4320, 20_159)).toEqual({ ...none, activeSessions: 1, ...mine });
    // A longer policy does not affect live sessions.
    expect(await impact(43_200, 129_600)).toEqual({ ...none, activeSessions: 1 });

    // Without activity it ends in exactly an hour, which is within the hour; a minute more is not.
    expect(await impact(60, 240)).toEqual({ ...none, activeSessions: 1, ...mine, endWithinHour: 1 });
    expect(await impact(61, 240)).toEqual({ ...none, activeSessions: 1, ...mine });

    await member.login();
    app.clock.advance(HOUR - 1);
    await member.login();
    const almost = { ...none, activeSessions: 3, ...mine, shortened: 3, endWithinHour: 3 };
    expect(await impact(60, 240)).toEqual(almost);
    app.clock.advance(1);
    expect(await impact(60, 240)).toEqual({
      ...almost,
      endNow: 2,
      shortened: 1,
      endWithinHour: 1,
      endsViewerSession: true,
      shortensViewerSession: false,
    });
    // The newest session has its whole idle limit left, less a millisecond.
    expect(await impact(120, 240)).toEqual({
      ...none,
      activeSessions: 3,
      ...mine,
      shortened: 3,
      endWithinHour: 2,
    });
  });

  test('the preview counts sessions that would end within the hour anyway, and no ended ones', async () => {
    const account = await app.seed.account();
    const member = await account.addUser();
    const viewer = await account.owner.login();
    await savePolicy(viewer, { idleMinutes: 60, absoluteMinutes: 240 });
    const session = await member.login();
    expect(await readImpact(viewer, {})).toMatchObject({ activeSessions: 2, endWithinHour: 1, shortened: 0 });
    app.clock.advance(HOUR - 1);
    expect(await readImpact(viewer, {})).toMatchObject({ activeSessions: 2, endNow: 0, endWithinHour: 1 });
    app.clock.advance(1);
    // Past its deadline without a recorded end: not active, and not ended by the policy.
    expect(await readImpact(viewer, { idleMinutes: 60, absoluteMinutes: 240 })).toEqual({
      activeSessions: 1,
      endNow: 1,
      endWithinHour: 0,
      shortened: 0,
      endsViewerSession: true,
      shortensViewerSession: false,
    });
    expect((await session.refresh()).code).toBe('SESSION_EXPIRED_IDLE');
  });

  test("the preview writes nothing, covers only the caller's account, and ignores apply and the version", async () => {
    const account = await app.seed.account();
    const viewer = await account.owner.login();
    const neighbour = await app.seed.account();
    await neighbour.owner.login();
    app.clock.advance(HOUR);
    const before = [await sessionRows(app, account.id), await accountRow(app, account.id)];
    const input = { idleMinutes: 30, absoluteMinutes: 60 };
    const expected = {
      activeSessions: 1,
      endNow: 1,
      endWithinHour: 0,
      shortened: 0,
      endsViewerSession: true,
      shortensViewerSession: false,
    };
    for (const more of [{}, { apply: 'NEXT_LOGIN' }, { apply: 'ACTIVE_SESSIONS', expectedVersion: 9 }])
      expect(await readImpact(viewer, { ...input, ...more })).toEqual(expected);
    expect([await sessionRows(app, account.id), await accountRow(app, account.id)]).toEqual(before);
    expect(await auditRows(app, account.id, POLICY_UPDATE)).toEqual([]);
    expect((await app.gql(IMPACT, { input })).code).toBe('UNAUTHENTICATED');
  });

  /** Without a sweep: when the clock moves by days one runs, at its own time. */
  const unmarkedRows = async (accountId: string): Promise<SessionRow[]> =>
    (await sessionRows(app, accountId)).map((row) =>
      row.end_reason?.endsWith('_TIMEOUT') ? { ...row, ended_at: null, end_reason: null } : row,
    );

  // Limits and waits that hit each other's boundaries, and miss them by a millisecond.
  const minutes = fc.constantFrom(10, 30, 60, 61, 90, 120, 240, 720, 1440, 4320);
  const policy = fc
    .tuple(minutes, minutes)
    .map(([a, b]) => ({ idleMinutes: Math.min(a, b), absoluteMinutes: Math.max(a, b, 30) }));
  const wait = fc
    .tuple(fc.constantFrom(0, 10, 30, 60, 61, 120, 240), fc.constantFrom(-1, 0, 0, 0, 1))
    .map(([base, offset]) => Math.max(0, base * MINUTE + offset));
  const step = fc.oneof(
    { weight: 3, arbitrary: fc.record({ kind: fc.constant('login' as const), wait, policy }) },
    { weight: 1, arbitrary: fc.record({ kind: fc.constant('touch' as const), wait, which: fc.nat(9) }) },
  );

  test('the preview equals the effect of ACTIVE_SESSIONS, and both follow the rule, for any sessions', async () => {
    const story = fc.asyncProperty(
      fc.array(step, { minLength: 1, maxLength: 6 }),
      wait,
      policy,
      async (steps, lastWait, next) => {
        const account = await app.seed.account();
        const viewer = await account.owner.login();
        const sessions: SignedIn[] = [];
        for (const given of steps) {
          if (given.kind === 'login') {
            await savePolicy(viewer, given.policy);
            sessions.push(await account.owner.login());
          } else {
            // Refused when the session has ended by now, which is fine.
            await [viewer, ...sessions][given.which % (sessions.length + 1)]!.gql(TOUCH);
          }
          app.clock.advance(given.wait);
        }
        app.clock.advance(lastWait);

        const now = app.clock.now().getTime();
        const before = await unmarkedRows(account.id);
        const preview = await readImpact(viewer, next);
        expect(await unmarkedRows(account.id)).toEqual(before);
        await applyNow(viewer, next.idleMinutes, next.absoluteMinutes);
        const after = await unmarkedRows(account.id);

        expect(after.map(outcome)).toEqual(before.map((row) => outcome(underPolicy(row, next, now))));
        const pairs = before
          .map((row, index) => ({ old: row, new: after[index]! }))
          .filter(({ old }) => isLive(old, now));
        const survivors = pairs.filter((pair) => isLive(pair.new, now));
        expect(preview).toEqual({
          activeSessions: pairs.length,
          endNow: pairs.length - survivors.length,
          shortened: survivors.filter(isShorter).length,
          endWithinHour: survivors.filter((pair) => pair.new.idle_expires_at.getTime() <= now + HOUR).length,
          endsViewerSession: !survivors.some((pair) => pair.new.id === viewer.sessionId),
          shortensViewerSession: survivors.some(
            (pair) => pair.new.id === viewer.sessionId && isShorter(pair),
          ),
        });

        // A repeat has nothing left to do, and neither has a looser policy.
        const remaining = await account.owner.login();
        expect(dataOf(await remaining.gql(IMPACT, { input: next })).sessionPolicyImpact).toMatchObject({
          endNow: 0,
          shortened: 0,
          endsViewerSession: false,
        });
        await applyNow(remaining, 43_200, 129_600);
        const later = (await unmarkedRows(account.id)).filter(({ id }) => id !== remaining.sessionId);
        expect(later).toEqual(after);
      },
    );
    await fc.assert(story, { numRuns: 10 });
  }, 180_000);
});

const isShorter = (pair: { old: SessionRow; new: SessionRow }): boolean =>
  pair.new.idle_expires_at < pair.old.idle_expires_at ||
  pair.new.absolute_expires_at < pair.old.absolute_expires_at;

const isLive = (row: SessionRow, now: number): boolean =>
  row.ended_at === null && row.idle_expires_at.getTime() > now && row.absolute_expires_at.getTime() > now;

const outcome = ({ generation: _, ...row }: SessionRow) =>
  // Limits in the row of an ended session apply to nothing.
  row.end_reason === 'POLICY_CHANGED' ? { id: row.id, ended_at: row.ended_at, end: row.end_reason } : row;

/** The rule in plain code, independent of the database. */
function underPolicy(
  row: SessionRow,
  policy: { idleMinutes: number; absoluteMinutes: number },
  now: number,
): SessionRow {
  if (!isLive(row, now)) return row;
  const least = (...moments: number[]) => new Date(Math.min(...moments));
  const absolute = least(
    row.absolute_expires_at.getTime(),
    row.authenticated_at.getTime() + policy.absoluteMinutes * MINUTE,
  );
  const idle = least(
    row.idle_expires_at.getTime(),
    row.last_activity_at.getTime() + policy.idleMinutes * MINUTE,
    absolute.getTime(),
  );
  if (idle.getTime() <= now) return { ...row, ended_at: new Date(now), end_reason: 'POLICY_CHANGED' };
  return {
    ...row,
    idle_expires_at: idle,
    absolute_expires_at: absolute,
    idle_seconds: Math.min(row.idle_seconds!, policy.idleMinutes * 60),
    absolute_seconds: Math.min(row.absolute_seconds!, policy.absoluteMinutes * 60),
  };
}
