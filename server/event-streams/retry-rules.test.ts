import { addSeconds } from '../clock.ts';
import { nextAttempt, nextProbe } from './retry-rules.ts';

const start = new Date('2026-11-30T10:00:00.000Z');
const secondsAfter = (moment: Date | null) => (moment!.getTime() - start.getTime()) / 1000;

test('delays start at about two seconds and double up to an hour', () => {
  const delay = (attempts: number, random = 0.5) =>
    secondsAfter(nextAttempt({ attempts, firstAttemptAt: start, isControl: false }, start, random));
  expect([1, 2, 3, 4, 11, 12, 13, 1000].map((attempts) => delay(attempts))).toEqual([
    2, 4, 8, 16, 2048, 3600, 3600, 3600,
  ]);
  expect([delay(1, 0), delay(1, 1)]).toEqual([1.6, 2.4]);
});

test('the last attempt is 24 hours after the first, and there is none after it', () => {
  const at = (seconds: number) =>
    nextAttempt({ attempts: 30, firstAttemptAt: start, isControl: false }, addSeconds(start, seconds), 0.5);
  expect(secondsAfter(at(86_000))).toBe(86_400);
  expect(at(86_400)).toBeNull();
  expect(at(90_000)).toBeNull();
});

test('one that all others of its stream wait for is tried every minute at least', () => {
  const delay = (attempts: number) =>
    secondsAfter(nextAttempt({ attempts, firstAttemptAt: start, isControl: true }, start, 0.5));
  expect([1, 2, 5, 6, 40].map(delay)).toEqual([2, 4, 32, 60, 60]);
});

const probeDelay = (failures: number, isUnreachable: boolean): number | null => {
  const probe = nextProbe({ failures, isUnreachable }, start, 0.5);
  return probe && secondsAfter(probe);
};

test('an unreachable receiver is tried every minute at least', () => {
  expect([1, 2, 5, 6, 40].map((failures) => probeDelay(failures, true))).toEqual([2, 4, 32, 60, 60]);
});

test('one that refuses one event may take the next, until it has refused ten', () => {
  expect([1, 9, 10, 11, 40].map((failures) => probeDelay(failures, false))).toEqual([null, null, 2, 4, 60]);
});
