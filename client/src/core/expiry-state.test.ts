import fc from 'fast-check';
import { initialDeliveryState, nextDelivery } from '../../../server/expiry/delivery-state.ts';
import type { Session } from '../../../server/rules/session.ts';
import {
  dueWarning,
  hasPassed,
  nearerDeadline,
  nextMoment,
  standingWarning,
  viewOf,
} from './expiry-state.ts';
import type { WatchedSession } from './session-state.ts';

const MINUTE = 60_000;
const NOON = Date.parse('2026-03-01T12:00:00.000Z');

const session = (changes: Partial<WatchedSession> = {}): WatchedSession => ({
  id: 'session-1',
  authenticatedAt: NOON - 30 * MINUTE,
  lastActivityAt: NOON,
  idleExpiresAt: NOON + 30 * MINUTE,
  absoluteExpiresAt: NOON + 690 * MINUTE,
  canReauthenticate: true,
  idleMinutes: 30,
  absoluteMinutes: 720,
  idleWarningSeconds: 300,
  absoluteWarningSeconds: 300,
  ...changes,
});

test('a deadline equal to now has passed', () => {
  const { idleExpiresAt } = session();
  expect(hasPassed(session(), idleExpiresAt - 1)).toBe(false);
  expect(hasPassed(session(), idleExpiresAt)).toBe(true);
});

test('the absolute deadline is the nearer where the two are equal', () => {
  const equal = session({ absoluteExpiresAt: NOON + 30 * MINUTE });
  expect(nearerDeadline(equal)).toEqual({ reason: 'ABSOLUTE', expiresAt: NOON + 30 * MINUTE });
  expect(dueWarning(equal, NOON + 29 * MINUTE)?.reason).toBe('ABSOLUTE');
});

test('a warning is due from its lead on, to the millisecond', () => {
  expect(dueWarning(session(), NOON + 25 * MINUTE - 1)).toBeNull();
  expect(dueWarning(session(), NOON + 25 * MINUTE)?.reason).toBe('IDLE');
});

test('the last sixty seconds are the last minute', () => {
  const deadline = nearerDeadline(session());
  expect(viewOf(deadline, deadline.expiresAt - 60_001).warning).toBe('soon');
  expect(viewOf(deadline, deadline.expiresAt - 60_000).warning).toBe('now');
});

test('a warning that was raised stands as long as its deadline does', () => {
  const raised = nearerDeadline(session());
  expect(standingWarning(session(), raised, NOON, 0)).toBe(raised);
  expect(standingWarning(session({ idleExpiresAt: NOON + 40 * MINUTE }), raised, NOON, 0)).toBeNull();
});

const limits = fc
  .record({
    authenticatedAgo: fc.integer({ min: 0, max: 719 }),
    idleAgo: fc.integer({ min: 0, max: 60 * MINUTE }),
    idleMinutes: fc.integer({ min: 1, max: 60 }),
    absoluteMinutes: fc.integer({ min: 1, max: 720 }),
    idleSetting: fc.integer({ min: 1, max: 900 }),
    absoluteSetting: fc.integer({ min: 1, max: 900 }),
  })
  .map(({ authenticatedAgo, idleAgo, idleMinutes, absoluteMinutes, idleSetting, absoluteSetting }) => {
    const authenticatedAt = NOON - authenticatedAgo * MINUTE;
    const lastActivityAt = Math.max(authenticatedAt, NOON - idleAgo);
    const absoluteExpiresAt = authenticatedAt + absoluteMinutes * MINUTE;
    return {
      settings: { warningSeconds: idleSetting, absoluteWarningSeconds: absoluteSetting },
      watched: session({
        authenticatedAt,
        lastActivityAt,
        idleMinutes,
        absoluteMinutes,
        idleExpiresAt: Math.min(lastActivityAt + idleMinutes * MINUTE, absoluteExpiresAt),
        absoluteExpiresAt,
        idleWarningSeconds: Math.min(idleSetting, idleMinutes * 30),
        absoluteWarningSeconds: Math.min(absoluteSetting, absoluteMinutes * 30),
      }),
    };
  });

const rowOf = (watched: WatchedSession): Session =>
  ({
    id: watched.id,
    authenticatedAt: new Date(watched.authenticatedAt),
    lastActivityAt: new Date(watched.lastActivityAt),
    idleExpiresAt: new Date(watched.idleExpiresAt),
    absoluteExpiresAt: new Date(watched.absoluteExpiresAt),
    idleSeconds: watched.idleMinutes * 60,
    absoluteSeconds: watched.absoluteMinutes * 60,
    endedAt: null,
    endReason: null,
  }) as Session;

test('client and server warn of the same deadline at the same moment', () => {
  fc.assert(
    fc.property(limits, ({ watched, settings }) => {
      const row = rowOf(watched);
      const { event } = nextDelivery(row, initialDeliveryState(row), settings, new Date(NOON));
      const told = event && { reason: event.reason, expiresAt: event.expiresAt.getTime() };
      const due = hasPassed(watched, NOON) ? null : dueWarning(watched, NOON);
      expect(due).toEqual(told);
    }),
  );
});

test('between two moments that matter nothing changes', () => {
  fc.assert(
    fc.property(
      limits,
      fc.double({ min: 0, max: 1, noNaN: true, maxExcluded: true }),
      ({ watched }, part) => {
        const next = nextMoment(watched, NOON, 0);
        if (next === null) return;
        const between = NOON + Math.floor((next - NOON) * part);
        const viewAt = (now: number) => viewOf(standingWarning(watched, null, now, 0), now);
        expect(viewAt(between)).toEqual(viewAt(NOON));
        expect(hasPassed(watched, between)).toBe(hasPassed(watched, NOON));
      },
    ),
  );
});
