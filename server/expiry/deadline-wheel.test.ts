import fc from 'fast-check';
import { createManualClock } from '../../test/manual-clock.ts';
import { createDeadlineWheel } from './deadline-wheel.ts';

const START = new Date('2026-01-01T00:00:00.001Z');
const DAY = 86_400_000;
/** As in the wheel. */
const SLOT_MS = 100;

function setUp() {
  const clock = createManualClock(START);
  const fired: { id: string; at: number }[] = [];
  let calls = 0;
  const wheel = createDeadlineWheel(clock, (ids) => {
    calls += 1;
    for (const id of ids) fired.push({ id, at: clock.now().getTime() });
  });
  const inMs = (milliseconds: number) => new Date(clock.now().getTime() + milliseconds);
  return { clock, wheel, fired, inMs, calls: () => calls };
}

type Act =
  { act: 'arm'; id: string; inMs: number } | { act: 'disarm'; id: string } | { act: 'advance'; ms: number };
const id = fc.constantFrom('a', 'b', 'c', 'd', 'e');
// From the past to beyond the maximum of one timer of Node.
const distance = fc.oneof(fc.integer({ min: -2_000, max: 5_000 }), fc.integer({ min: 0, max: 100 * DAY }));
const act: fc.Arbitrary<Act> = fc.oneof(
  fc.record({ act: fc.constant('arm' as const), id, inMs: distance }),
  fc.record({ act: fc.constant('disarm' as const), id }),
  fc.record({ act: fc.constant('advance' as const), ms: distance.map((ms) => Math.max(0, ms)) }),
);

test('no id fires early or twice, none is lost, and a later schedule replaces the earlier', () => {
  fc.assert(
    fc.property(fc.array(act, { maxLength: 60 }), (acts) => {
      const { clock, wheel, fired, inMs } = setUp();
      const armed = new Map<string, number>();
      const check = () => {
        for (const { id, at } of fired.splice(0)) {
          expect(armed.has(id)).toBe(true);
          expect(at).toBeGreaterThanOrEqual(armed.get(id)!);
          armed.delete(id);
        }
        for (const due of armed.values()) expect(clock.now().getTime()).toBeLessThan(due + SLOT_MS);
        expect(wheel.size).toBe(armed.size);
        expect(clock.pendingTimers).toBeLessThanOrEqual(1);
      };
      for (const step of acts) {
        if (step.act === 'advance') clock.advance(step.ms);
        else if (step.act === 'disarm') {
          wheel.disarm(step.id);
          armed.delete(step.id);
        } else {
          const dueAt = inMs(step.inMs);
          wheel.arm(step.id, dueAt);
          armed.set(step.id, Math.max(dueAt.getTime(), clock.now().getTime()));
        }
        if (step.act === 'advance') check();
      }
      clock.advance(101 * DAY);
      check();
      expect(armed.size).toBe(0);
    }),
    { numRuns: 300 },
  );
});

test('each id fires within a tenth of a second after its due time, never before', () => {
  const { clock, wheel, fired, inMs } = setUp();
  const dueTimes = new Map<string, number>();
  for (let n = 0; n < 500; n += 1) {
    const dueAt = inMs(n * 7_919);
    wheel.arm(String(n), dueAt);
    dueTimes.set(String(n), dueAt.getTime());
  }
  clock.advance(DAY);
  expect(fired).toHaveLength(500);
  for (const { id, at } of fired) {
    expect(at).toBeGreaterThanOrEqual(dueTimes.get(id)!);
    expect(at).toBeLessThan(dueTimes.get(id)! + SLOT_MS);
  }
});

test('ten thousand due in one second are ten calls and one timer', () => {
  const { clock, wheel, fired, inMs, calls } = setUp();
  for (let n = 0; n < 10_000; n += 1) wheel.arm(String(n), inMs(60_000 + (n % 1_000)));
  expect(clock.pendingTimers).toBe(1);
  clock.advance(61_000);
  expect(fired).toHaveLength(10_000);
  expect(calls()).toBe(10);
  expect(clock.pendingTimers).toBe(0);
});

test('an id armed again while it fires is kept', () => {
  const clock = createManualClock(START);
  let fired = 0;
  const wheel = createDeadlineWheel(clock, (ids) => {
    fired += 1;
    if (fired < 5) for (const id of ids) wheel.arm(id, new Date(clock.now().getTime() + 40 * DAY));
  });
  wheel.arm('a', clock.now());
  clock.advance(400 * DAY);
  expect(fired).toBe(5);
  expect(wheel.size).toBe(0);
});

test('a stopped wheel keeps no timer', () => {
  const { clock, wheel, fired, inMs } = setUp();
  wheel.arm('a', inMs(10));
  wheel.stop();
  expect(clock.pendingTimers).toBe(0);
  clock.advance(DAY);
  expect(fired).toEqual([]);
});
