import fc from 'fast-check';
import { advanceClock, measureClock, toLocalTime, toServerTime, UNKNOWN_CLOCK } from './server-clock.ts';

const HOUR = 3_600_000;
const NOON = Date.parse('2026-03-01T12:00:00.000Z');

function createServerClock(localNow: () => number) {
  let clock = UNKNOWN_CLOCK;
  return {
    now: () => toServerTime(clock, localNow()),
    toLocal: (serverMs: number) => new Date(toLocalTime(clock, serverMs)),
    measure: (serverMs: number, sentAt: number, receivedAt: number) =>
      void (clock = measureClock(clock, { serverMs, sentAt, receivedAt })),
    advance: (serverMs: number) => void (clock = advanceClock(clock, serverMs, localNow())),
  };
}

test('an answer corrects the clock to within half its round trip', () => {
  const times = fc.record({
    error: fc.integer({ min: -100 * HOUR, max: 100 * HOUR }),
    there: fc.nat(4_000),
    back: fc.nat(4_000),
  });
  fc.assert(
    fc.property(times, ({ error, there, back }) => {
      let local = NOON + error;
      const clock = createServerClock(() => local);
      const sentAt = local;
      local += there + back;
      clock.measure(NOON + there, sentAt, local);
      expect(Math.abs(clock.now() - (NOON + there + back))).toBeLessThanOrEqual((there + back) / 2);
      expect(clock.toLocal(clock.now()).getTime()).toBe(local);
    }),
  );
});

test('an answer that arrives after a sleep leaves the clock as it was', () => {
  let local = NOON;
  const clock = createServerClock(() => local);
  clock.measure(NOON, NOON, NOON);
  const sentAt = local;
  local += HOUR;
  clock.measure(NOON + 20, sentAt, local);
  expect(clock.now()).toBe(NOON + HOUR);
});

test('a message that was long under way does not set the clock back', () => {
  const clock = createServerClock(() => NOON);
  clock.measure(NOON, NOON, NOON);
  clock.advance(NOON - 2_000);
  expect(clock.now()).toBe(NOON);
});

test('a message from the future sets the clock forward', () => {
  const clock = createServerClock(() => NOON);
  clock.measure(NOON - 300, NOON - 600, NOON);
  clock.advance(NOON + 200);
  expect(clock.now()).toBe(NOON + 200);
});

test('a message shows that the clock of this computer was set', () => {
  let local = NOON;
  const clock = createServerClock(() => local);
  clock.measure(NOON, NOON, NOON);
  local += HOUR;
  clock.advance(NOON + 10);
  expect(clock.now()).toBe(NOON + 10);
});
