import fc from 'fast-check';
import { sql } from 'kysely';
import { startApp, type TestApp } from '../../test/harness.ts';
import type { SessionEndReason } from '../generated/schema.ts';
import { endOfSession, nearerDeadline, timeoutReason, evaluateSession, type Session } from './session.ts';

const T0 = Date.UTC(2026, 0, 1);
const moment = (milliseconds: number): Date => new Date(T0 + milliseconds);

type EvaluatedFields = Pick<Session, 'idleExpiresAt' | 'absoluteExpiresAt' | 'endedAt' | 'endReason'>;

const live = (idle: number, absolute: number): EvaluatedFields => ({
  idleExpiresAt: moment(idle),
  absoluteExpiresAt: moment(absolute),
  endedAt: null,
  endReason: null,
});

const TIMEOUTS = ['IDLE_TIMEOUT', 'ABSOLUTE_TIMEOUT'] as const;
const REVOCATIONS = [
  'LOGOUT',
  'REVOKED_BY_USER',
  'REVOKED_BY_OWNER',
  'REVOKED_BY_SERVICE',
  'PASSWORD_CHANGED',
  'USER_DEACTIVATED',
  'POLICY_CHANGED',
  'REFRESH_TOKEN_REUSED',
  'REPLACED',
  'SESSION_LIMIT',
  'SECURITY_EVENT',
] as const satisfies SessionEndReason[];

test.each([
  [
    'before both deadlines it lives until the idle one',
    10,
    20,
    9,
    { state: 'live', expiresAt: moment(10), reason: 'IDLE' },
  ],
  ['at the idle deadline it is expired', 10, 20, 10, { state: 'expired', at: moment(10), reason: 'IDLE' }],
  [
    'between the deadlines it stays idle-expired',
    10,
    20,
    19,
    { state: 'expired', at: moment(10), reason: 'IDLE' },
  ],
  [
    'at the absolute deadline, with both past, it is absolute',
    10,
    20,
    20,
    { state: 'expired', at: moment(20), reason: 'ABSOLUTE' },
  ],
  ['with both past it is absolute', 10, 20, 99, { state: 'expired', at: moment(20), reason: 'ABSOLUTE' }],
  [
    'equal deadlines ahead are absolute',
    20,
    20,
    19,
    { state: 'live', expiresAt: moment(20), reason: 'ABSOLUTE' },
  ],
  ['equal deadlines past are absolute', 20, 20, 20, { state: 'expired', at: moment(20), reason: 'ABSOLUTE' }],
])('%s', (_, idle, absolute, now, expected) => {
  expect(evaluateSession(live(idle, absolute), moment(now))).toEqual(expected);
});

test('a stored end is the state of the session at any time', () => {
  for (const endReason of [...TIMEOUTS, ...REVOCATIONS]) {
    const session = { ...live(10, 20), endedAt: moment(10), endReason };
    for (const now of [0, 10, 20, 1_000]) {
      const isTimeout = endReason === 'IDLE_TIMEOUT' || endReason === 'ABSOLUTE_TIMEOUT';
      expect(evaluateSession(session, moment(now))).toEqual(
        isTimeout
          ? { state: 'expired', at: moment(10), reason: endReason === 'IDLE_TIMEOUT' ? 'IDLE' : 'ABSOLUTE' }
          : { state: 'ended', at: moment(10), reason: endReason },
      );
      expect(endOfSession(session as Session, moment(now))).toEqual({ endedAt: moment(10), endReason });
    }
  }
});

const times = fc.integer({ min: 0, max: 100 });
const deadlines = fc
  .tuple(times, times)
  .map(([one, other]) => [Math.min(one, other), Math.max(one, other)] as const);

test('a session that has not ended is live exactly while now is before both deadlines', () => {
  fc.assert(
    fc.property(deadlines, times, ([idle, absolute], now) => {
      const session = live(idle, absolute);
      const state = evaluateSession(session, moment(now));
      expect(state.state === 'live').toBe(now < idle && now < absolute);
      expect(endOfSession(session as Session, moment(now)) === null).toBe(state.state === 'live');
      if (state.state === 'expired') expect(state.at.getTime()).toBeLessThanOrEqual(moment(now).getTime());
    }),
  );
});

test('an expired session stays expired, and its reason changes from idle to absolute only', () => {
  fc.assert(
    fc.property(deadlines, times, times, ([idle, absolute], now, later) => {
      const before = evaluateSession(live(idle, absolute), moment(now));
      const after = evaluateSession(live(idle, absolute), moment(now + later));
      if (before.state === 'live') return;
      expect(after.state).toBe('expired');
      if (before.reason === 'ABSOLUTE') expect(after).toEqual(before);
    }),
  );
});

test('the end of an expired session is the nearer deadline until the absolute one is past, too', () => {
  fc.assert(
    fc.property(deadlines, times, ([idle, absolute], now) => {
      const session = live(idle, absolute);
      const end = endOfSession(session as Session, moment(now));
      if (!end || now >= absolute) return;
      const { expiresAt, reason } = nearerDeadline(session);
      expect(end).toEqual({ endedAt: expiresAt, endReason: timeoutReason(reason) });
    }),
  );
});

describe('the predicate in SQL', () => {
  let app: TestApp;
  let sessionId: string;
  beforeAll(async () => {
    app = await startApp();
    sessionId = (await (await app.seed.account()).owner.login()).sessionId;
  });
  afterAll(() => app.close());

  const cases = fc.record({
    deadlines,
    now: times,
    end: fc.option(fc.record({ at: times, reason: fc.constantFrom(...TIMEOUTS, ...REVOCATIONS) })),
  });

  test('session_is_live and live_sessions agree with evaluateSession', async () => {
    await fc.assert(
      fc.asyncProperty(cases, async ({ deadlines: [idle, absolute], now, end }) => {
        const session = {
          ...live(idle, absolute),
          endedAt: end ? moment(end.at) : null,
          endReason: end?.reason ?? null,
        };
        const kysely = app.database.em().getKysely();
        await sql`update sessions set idle_expires_at = ${session.idleExpiresAt}, absolute_expires_at = ${session.absoluteExpiresAt},
          ended_at = ${session.endedAt}, end_reason = ${session.endReason} where id = ${sessionId}`.execute(
          kysely,
        );
        const { rows } = await sql<{ is_live: boolean; is_listed: boolean }>`
          select session_is_live(s, ${moment(now)}::timestamptz) as is_live,
            exists (select 1 from live_sessions(${moment(now)}::timestamptz) l where l.id = s.id) as is_listed
          from sessions s where s.id = ${sessionId}`.execute(kysely);
        const isLive = evaluateSession(session, moment(now)).state === 'live';
        expect(rows[0]).toEqual({ is_live: isLive, is_listed: isLive });
      }),
      {
        numRuns: 150,
        // The boundaries, in every run.
        examples: [
          [{ deadlines: [10, 20], now: 10, end: null }],
          [{ deadlines: [10, 20], now: 9, end: null }],
          [{ deadlines: [20, 20], now: 20, end: null }],
          [{ deadlines: [20, 20], now: 19, end: { at: 5, reason: 'LOGOUT' } }],
        ],
      },
    );
  });
});
