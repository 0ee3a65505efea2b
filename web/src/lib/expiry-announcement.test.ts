import fc from 'fast-check';
import {
  type Announcement,
  dueMark,
  nextAnnouncement,
  SILENCE,
  type Warning,
} from './expiry-announcement.ts';

const MARKS = [300, 240, 180, 120, 60, 40, 20];
const at = (secondsRemaining: number, more: Partial<Warning> = {}): Warning => ({
  reason: 'IDLE',
  expiresAt: 1,
  secondsRemaining,
  ...more,
});

/** All announcements while the seconds pass. */
function announced(seconds: number[], from: Announcement = SILENCE): string[] {
  const texts: string[] = [];
  let last = from;
  for (const second of seconds) {
    const next = nextAnnouncement(last, at(second), true);
    if (next !== last && next.text !== '') texts.push(next.text);
    last = next;
  }
  return texts;
}

const countdown = (from: number): number[] => Array.from({ length: from + 1 }, (_, passed) => from - passed);

test('each mark is announced once, when it is reached', () => {
  expect(announced(countdown(300))).toEqual([
    'You’ll be signed out in 5 minutes.',
    'You’ll be signed out in 4 minutes.',
    'You’ll be signed out in 3 minutes.',
    'You’ll be signed out in 2 minutes.',
    'You’ll be signed out in 1 minute.',
    'You’ll be signed out in 40 seconds.',
    'You’ll be signed out in 20 seconds.',
  ]);
});

test.each([
  [299, 'You’ll be signed out in 5 minutes.'],
  [275, 'You’ll be signed out in 5 minutes.'],
  [265, 'You’ll be signed out in 4 minutes.'],
  [50, 'You’ll be signed out in 40 seconds.'],
  [12, 'You’ll be signed out in 20 seconds.'],
])('a warning that starts %i seconds before the end announces the nearest mark', (seconds, text) => {
  expect(announced([seconds])).toEqual([text]);
});

test('a mark that was announced early is not repeated when it is reached', () => {
  expect(announced(countdown(265)).filter((text) => text.includes('4 minutes'))).toHaveLength(1);
});

test('marks that the clock skipped are not announced later', () => {
  expect(announced([300, 299, 175, 174])).toEqual([
    'You’ll be signed out in 5 minutes.',
    'You’ll be signed out in 3 minutes.',
  ]);
});

test('nothing is announced when no mark is near', () => {
  expect(dueMark(600, null)).toBe(null);
  expect(dueMark(331, null)).toBe(null);
  expect(dueMark(5, null)).toBe(null);
  expect(dueMark(0, 20)).toBe(null);
});

test('no mark is announced twice or more than half a minute off, however time passes', () => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 0, max: 700 }), { maxLength: 60 }), (steps) => {
      let lastMark: number | null = null;
      for (const seconds of steps.sort((a, b) => b - a)) {
        const mark = dueMark(seconds, lastMark);
        if (mark === null) continue;
        expect(MARKS).toContain(mark);
        expect(Math.abs(mark - seconds)).toBeLessThanOrEqual(30);
        if (lastMark !== null) expect(mark).toBeLessThan(lastMark);
        lastMark = mark;
      }
    }),
  );
});

test('a new deadline is announced again', () => {
  const first = nextAnnouncement(SILENCE, at(200), true);
  expect(first.text).toBe('You’ll be signed out in 3 minutes.');
  expect(nextAnnouncement(first, at(200, { expiresAt: 2 }), true).text).toBe(
    'You’ll be signed out in 3 minutes.',
  );
});

test('an idle warning that disappears announces that the user is still signed in, if so', () => {
  const first = nextAnnouncement(SILENCE, at(200), true);
  expect(nextAnnouncement(first, null, true).text).toBe('You’re still signed in.');
  expect(nextAnnouncement(first, null, false).text).toBe('');
  const absolute = nextAnnouncement(SILENCE, at(200, { reason: 'ABSOLUTE' }), true);
  expect(nextAnnouncement(absolute, null, true).text).toBe('');
});
