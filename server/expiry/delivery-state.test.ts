import fc from 'fast-check';
import { evaluateSession, type Session } from '../rules/session.ts';
import {
  initialDeliveryState,
  nextCheckAt,
  nextDelivery,
  type ExpiryEvent,
  type DeliveryState,
} from './delivery-state.ts';

const START = Date.parse('2026-01-01T00:00:00Z');
const MINUTE = 60_000;
const at = (milliseconds: number) => new Date(START + milliseconds);
const SETTINGS = { warningSeconds: 300, absoluteWarningSeconds: 600 };

const sessionWith = (idleMinutes: number, absoluteMinutes: number): Session => ({
  id: 'session',
  accountId: 'account',
  userId: 'user',
  appType: 'CONTROL_PANEL',
  authenticatedAt: at(0),
  lastActivityAt: at(0),
  idleSeconds: idleMinutes * 60,
  absoluteSeconds: absoluteMinutes * 60,
  idleExpiresAt: at(Math.min(idleMinutes, absoluteMinutes) * MINUTE),
  absoluteExpiresAt: at(absoluteMinutes * MINUTE),
  ipAddress: null,
  userAgent: null,
  endedAt: null,
  endReason: null,
});

const least = (...dates: Date[]) => new Date(Math.min(...dates.map(Number)));

function touched(session: Session, now: Date): Session {
  const moved = least(new Date(now.getTime() + session.idleSeconds! * 1000), session.absoluteExpiresAt);
  const idleExpiresAt = moved > session.idleExpiresAt ? moved : session.idleExpiresAt;
  return { ...session, lastActivityAt: now, idleExpiresAt };
}

/** What ACTIVE_SESSIONS does to a row. */
function underPolicy(session: Session, idleMinutes: number, absoluteMinutes: number, now: Date): Session {
  const idleSeconds = Math.min(session.idleSeconds!, idleMinutes * 60);
  const absoluteSeconds = Math.min(session.absoluteSeconds!, absoluteMinutes * 60);
  const absoluteExpiresAt = least(
    session.absoluteExpiresAt,
    new Date(session.authenticatedAt.getTime() + absoluteSeconds * 1000),
  );
  const idleExpiresAt = least(
    session.idleExpiresAt,
    new Date(session.lastActivityAt.getTime() + idleSeconds * 1000),
    absoluteExpiresAt,
  );
  if (idleExpiresAt <= now) return { ...session, endedAt: now, endReason: 'POLICY_CHANGED' };
  return { ...session, idleSeconds, absoluteSeconds, idleExpiresAt, absoluteExpiresAt };
}

/** What a new authentication does to a row. */
const reauthenticated = (
  session: Session,
  idleMinutes: number,
  absoluteMinutes: number,
  now: Date,
): Session => ({
  ...session,
  authenticatedAt: now,
  lastActivityAt: now,
  idleSeconds: idleMinutes * 60,
  absoluteSeconds: absoluteMinutes * 60,
  idleExpiresAt: new Date(now.getTime() + Math.min(idleMinutes, absoluteMinutes) * MINUTE),
  absoluteExpiresAt: new Date(now.getTime() + absoluteMinutes * MINUTE),
});

/** A subscription that takes every event due at each read of the row. */
function subscription(session: Session) {
  let sent: DeliveryState = initialDeliveryState(session);
  let isOver = false;
  const read = (row: Session, now: Date): ExpiryEvent[] => {
    const events: ExpiryEvent[] = [];
    while (!isOver) {
      const delivery = nextDelivery(row, sent, SETTINGS, now);
      ({ sent } = delivery);
      isOver = delivery.isLast;
      if (!delivery.event) break;
      events.push(delivery.event);
      if (events.length > 5) throw new Error('It never stops sending.');
    }
    return events;
  };
  return { read, isOver: () => isOver };
}

const kinds = (events: ExpiryEvent[]) =>
  events.map(({ kind, reason }) => (reason ? `${kind} ${reason}` : kind));

describe('events and when they are due', () => {
  test.each([
    [60, 600, 55, ['WARNING IDLE'], 'the idle setting before the idle deadline'],
    [60, 600, 55 - 1 / 60_000, [], 'not a millisecond earlier'],
    [8, 600, 4, ['WARNING IDLE'], 'half a short idle limit'],
    [8, 600, 3.99, [], 'not before half of it'],
    [60, 60, 50, ['WARNING ABSOLUTE'], 'the absolute setting before equal deadlines'],
    [60, 65, 55, ['WARNING IDLE'], 'the nearer one of two that are due'],
    [60, 65, 54, [], 'not before either is due'],
    [60, 63, 53, ['WARNING ABSOLUTE'], 'the farther one where only that is due'],
    [60, 600, 60, [], 'nothing at the deadline itself, before the end is stored'],
  ])('limits %d/%d, minute %d: %j (%s)', (idle, absolute, minute, expected) => {
    const session = sessionWith(idle, absolute);
    expect(kinds(subscription(session).read(session, at(minute * MINUTE)))).toEqual(expected);
  });

  test('activity is sent to a warned subscription, and to no other', () => {
    const session = sessionWith(60, 600);
    const [warned, quiet] = [subscription(session), subscription(session)];
    warned.read(session, at(56 * MINUTE));
    const moved = touched(session, at(57 * MINUTE));
    const [event] = warned.read(moved, at(57 * MINUTE));
    expect(event).toMatchObject({ kind: 'EXTENDED', secondsRemaining: 3600, canExtend: true });
    expect(quiet.read(moved, at(57 * MINUTE))).toEqual([]);
  });

  test('activity that reaches the absolute deadline is sent, with a warning of that deadline', () => {
    const session = sessionWith(60, 63);
    const one = subscription(session);
    one.read(session, at(56 * MINUTE));
    const moved = touched(session, at(56 * MINUTE));
    expect(kinds(one.read(moved, at(56 * MINUTE)))).toEqual(['EXTENDED ABSOLUTE', 'WARNING ABSOLUTE']);
    expect(one.read(moved, at(58 * MINUTE))).toEqual([]);
  });

  test('a smaller limit that moves no deadline sends nothing', () => {
    const session = touched(sessionWith(50, 60), at(30 * MINUTE));
    const one = subscription(session);
    expect(kinds(one.read(session, at(56 * MINUTE)))).toEqual(['WARNING ABSOLUTE']);
    const capped = underPolicy(session, 40, 60, at(56 * MINUTE));
    expect(capped.idleExpiresAt).toEqual(session.idleExpiresAt);
    expect(one.read(capped, at(56 * MINUTE))).toEqual([]);
  });

  test('a shortening is sent even if activity has moved the deadline later since', () => {
    const session = sessionWith(60, 600);
    const one = subscription(session);
    const later = touched(underPolicy(session, 50, 600, at(20 * MINUTE)), at(40 * MINUTE));
    expect(later.idleExpiresAt > session.idleExpiresAt).toBe(true);
    expect(kinds(one.read(later, at(40 * MINUTE)))).toEqual(['SHORTENED IDLE']);
  });

  test('a deadline that a shortening did not move gets no second warning', () => {
    const session = sessionWith(60, 62);
    const one = subscription(session);
    expect(kinds(one.read(session, at(56 * MINUTE)))).toEqual(['WARNING IDLE']);
    const nearer = underPolicy(session, 60, 61, at(57 * MINUTE));
    expect(kinds(one.read(nearer, at(57 * MINUTE)))).toEqual(['SHORTENED IDLE']);
  });

  test('a new authentication is sent to every subscription as EXTENDED, also where a deadline moves nearer', () => {
    const session = sessionWith(60, 600);
    const [warned, quiet] = [subscription(session), subscription(session)];
    expect(kinds(warned.read(session, at(56 * MINUTE)))).toEqual(['WARNING IDLE']);
    const row = reauthenticated(session, 20, 300, at(57 * MINUTE));
    for (const one of [warned, quiet]) {
      const events = one.read(row, at(57 * MINUTE));
      expect(kinds(events)).toEqual(['EXTENDED IDLE']);
      expect(events[0]).toMatchObject({ expiresAt: at(77 * MINUTE), absoluteExpiresAt: at(357 * MINUTE) });
      expect(one.read(row, at(58 * MINUTE))).toEqual([]);
      // Warnings start again.
      expect(kinds(one.read(row, at(73 * MINUTE)))).toEqual(['WARNING IDLE']);
    }
  });

  test('a new authentication is sent also where a cap leaves both deadlines where they were', () => {
    const session = sessionWith(60, 60);
    const one = subscription(session);
    expect(kinds(one.read(session, at(55 * MINUTE)))).toEqual(['WARNING ABSOLUTE']);
    const row = { ...session, authenticatedAt: at(56 * MINUTE), lastActivityAt: at(56 * MINUTE) };
    expect(kinds(one.read(row, at(56 * MINUTE)))).toEqual(['EXTENDED ABSOLUTE', 'WARNING ABSOLUTE']);
  });

  test('the first rotation of an imported session is no new authentication', () => {
    const session = { ...sessionWith(60, 600), idleSeconds: null, absoluteSeconds: null };
    const one = subscription(session);
    expect(one.read(reauthenticated(session, 90, 700, at(MINUTE)), at(MINUTE))).toEqual([]);
  });

  test('the end is sent once, with its time and reason', () => {
    const session = sessionWith(60, 600);
    const one = subscription(session);
    const ended = { ...session, endedAt: at(5 * MINUTE), endReason: 'LOGOUT' as const };
    expect(one.read(ended, at(6 * MINUTE))).toMatchObject([
      { kind: 'REVOKED', reason: null, endReason: 'LOGOUT', expiresAt: at(5 * MINUTE), secondsRemaining: 0 },
    ]);
    expect(one.read(ended, at(7 * MINUTE))).toEqual([]);
  });
});

type Act =
  | { act: 'wait'; ms: number }
  | { act: 'touch' }
  | { act: 'policy'; idle: number; absolute: number }
  | { act: 'authenticate'; idle: number; absolute: number }
  | { act: 'end' }
  | { act: 'read' };
const minutes = fc.integer({ min: 1, max: 90 });
const act: fc.Arbitrary<Act> = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.record({ act: fc.constant('wait' as const), ms: fc.integer({ min: 0, max: 20 * MINUTE }) }),
  },
  { weight: 3, arbitrary: fc.record({ act: fc.constant('touch' as const) }) },
  {
    weight: 2,
    arbitrary: fc.record({ act: fc.constant('policy' as const), idle: minutes, absolute: minutes }),
  },
  {
    weight: 1,
    arbitrary: fc.record({ act: fc.constant('authenticate' as const), idle: minutes, absolute: minutes }),
  },
  { weight: 4, arbitrary: fc.record({ act: fc.constant('read' as const) }) },
  { weight: 1, arbitrary: fc.record({ act: fc.constant('end' as const) }) },
);

/** Checks each event against the row and the events before it, for any history and any times of reading. */
function createWitness() {
  const warned = { IDLE: null as number | null, ABSOLUTE: null as number | null };
  const allWarnings = new Set<string>();
  let isOver = false;
  let authenticatedAt = START;
  return (event: ExpiryEvent, row: Session, now: Date) => {
    expect(isOver).toBe(false);
    expect(event.serverTime).toEqual(now);
    expect(event.canExtend).toBe(event.kind !== 'EXPIRED' && event.reason === 'IDLE');
    const remaining = (event.expiresAt.getTime() - now.getTime()) / 1000;
    expect(event.secondsRemaining).toBe(row.endedAt === null ? Math.floor(remaining) : 0);
    switch (event.kind) {
      case 'WARNING': {
        expect(evaluateSession(row, now).state).toBe('live');
        const isIdle = event.reason === 'IDLE';
        expect(event.expiresAt).toEqual(isIdle ? row.idleExpiresAt : row.absoluteExpiresAt);
        const setting = isIdle ? SETTINGS.warningSeconds : SETTINGS.absoluteWarningSeconds;
        const limit = isIdle ? row.idleSeconds! : row.absoluteSeconds!;
        expect(remaining).toBeLessThanOrEqual(Math.min(setting, limit / 2));
        const deadline = `${event.reason} ${event.expiresAt.toISOString()}`;
        expect(allWarnings.has(deadline)).toBe(false);
        allWarnings.add(deadline);
        warned[event.reason!] = event.expiresAt.getTime();
        break;
      }
      case 'EXTENDED':
        if (row.authenticatedAt.getTime() > authenticatedAt) {
          authenticatedAt = row.authenticatedAt.getTime();
          warned.IDLE = null;
          allWarnings.clear();
          break;
        }
        expect(warned.IDLE).not.toBeNull();
        expect(row.idleExpiresAt.getTime()).toBeGreaterThan(warned.IDLE!);
        warned.IDLE = null;
        break;
      case 'SHORTENED':
        break;
      case 'EXPIRED':
        expect(event.endReason).toBe(`${event.reason}_TIMEOUT`);
        isOver = true;
        break;
      case 'REVOKED':
        isOver = true;
    }
  };
}

test('any history of a session has one warning per deadline and none after it, EXTENDED only after a warning or a new authentication, and the end last', () => {
  fc.assert(
    fc.property(minutes, minutes, fc.array(act, { maxLength: 40 }), (idle, absolute, acts) => {
      let now = 0;
      let row = sessionWith(idle, absolute);
      const one = subscription(row);
      const witness = createWitness();
      const read = () => one.read(row, at(now)).forEach((event) => witness(event, row, at(now)));
      for (const step of acts) {
        const isLive = evaluateSession(row, at(now)).state === 'live';
        if (step.act === 'wait') now += step.ms;
        else if (step.act === 'read') read();
        else if (!isLive) continue;
        else if (step.act === 'touch') row = touched(row, at(now));
        else if (step.act === 'policy') row = underPolicy(row, step.idle, step.absolute, at(now));
        else if (step.act === 'authenticate') row = reauthenticated(row, step.idle, step.absolute, at(now));
        else row = { ...row, endedAt: at(now), endReason: 'LOGOUT' };
      }
      // Read at every `nextCheckAt`, the session gets a warning before its end.
      let warnings = 0;
      while (row.endedAt === null && evaluateSession(row, at(now)).state === 'live') {
        const events = one.read(row, at(now));
        events.forEach((event) => witness(event, row, at(now)));
        warnings += events.filter(({ kind }) => kind === 'WARNING').length;
        const moment = nextCheckAt(row, SETTINGS, at(now)).getTime() - START;
        expect(moment).toBeGreaterThan(now);
        now = moment;
      }
      expect(warnings).toBeLessThanOrEqual(2);
      const state = evaluateSession(row, at(now));
      if (state.state === 'expired') {
        expect(one.read(row, at(now))).toEqual([]);
        row = { ...row, endedAt: state.at, endReason: `${state.reason}_TIMEOUT` };
      }
      read();
      expect(one.isOver()).toBe(true);
      expect(one.read(row, at(now + MINUTE))).toEqual([]);
    }),
    { numRuns: 2_000 },
  );
});

test('a session that is left alone is warned exactly at its lead time', () => {
  fc.assert(
    fc.property(minutes, minutes, (idle, absolute) => {
      const row = sessionWith(idle, absolute);
      const one = subscription(row);
      const isIdle = idle < absolute;
      const events: ExpiryEvent[] = [];
      for (let now = at(0); evaluateSession(row, now).state === 'live'; now = nextCheckAt(row, SETTINGS, now))
        events.push(...one.read(row, now));
      const nearer = events.find(({ reason }) => reason === (isIdle ? 'IDLE' : 'ABSOLUTE'))!;
      const setting = isIdle ? SETTINGS.warningSeconds : SETTINGS.absoluteWarningSeconds;
      const limit = (isIdle ? idle : absolute) * 60;
      expect(nearer.expiresAt.getTime() - nearer.serverTime.getTime()).toBe(
        1000 * Math.min(setting, limit / 2),
      );
    }),
  );
});
