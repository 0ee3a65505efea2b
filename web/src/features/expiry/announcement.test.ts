import fc from 'fast-check';
import { type Announcement, dueMark, nextAnnouncement, SILENCE, type Warning } from './announcement.ts';

const MARKS = [300, 240, 180, 120, 60, 40, 20];
const at = (secondsRemaining: number, more: Partial<Warning> = {}): Warning => ({
  reason: 'IDLE',
  expiresAt: 1,
  secondsRemaining,
  ...more,
});

/** Everything that is said while the seconds go by. */
function said(seconds: number[], from: Announcement = SILENCE): string[] {
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

test('each mark is spoken of once, when it is reached', () => {
  expect(said(countdown(300))).toEqual([
    '5 minutes until you are signed out.',
    '4 minutes until you are signed out.',
    '3 minutes until you are signed out.',
    '2 minutes until you are signed out.',
    '1 minute until you are signed out.',
    '40 seconds until you are signed out.',
    '20 seconds until you are signed out.',
  ]);
});

test.each([
  [299, '5 minutes until you are signed out.'],
  [275, '5 minutes until you are signed out.'],
  [265, '4 minutes until you are signed out.'],
  [50, '40 seconds until you are signed out.'],
  [12, '20 seconds until you are signed out.'],
])('a notice that starts %i seconds before the end speaks the nearest mark', (seconds, text) => {
  expect(said([seconds])).toEqual([text]);
});

test('a mark that was spoken of early is not repeated when it is reached', () => {
  expect(said(countdown(265)).filter((text) => text.startsWith('4 minutes'))).toHaveLength(1);
});

test('marks that time leapt over are not made up for', () => {
  expect(said([300, 299, 175, 174])).toEqual([
    '5 minutes until you are signed out.',
    '3 minutes until you are signed out.',
  ]);
});

test('nothing is said where no mark would be true', () => {
  expect(dueMark(600, null)).toBe(null);
  expect(dueMark(331, null)).toBe(null);
  expect(dueMark(5, null)).toBe(null);
  expect(dueMark(0, 20)).toBe(null);
});

test('however time passes, no mark is spoken of twice and none is more than half a minute off', () => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 0, max: 700 }), { maxLength: 60 }), (steps) => {
      let spoken: number | null = null;
      for (const seconds of steps.sort((a, b) => b - a)) {
        const mark = dueMark(seconds, spoken);
        if (mark === null) continue;
        expect(MARKS).toContain(mark);
        expect(Math.abs(mark - seconds)).toBeLessThanOrEqual(30);
        if (spoken !== null) expect(mark).toBeLessThan(spoken);
        spoken = mark;
      }
    }),
  );
});

test('another deadline is spoken of anew', () => {
  const first = nextAnnouncement(SILENCE, at(200), true);
  expect(first.text).toBe('3 minutes until you are signed out.');
  expect(nextAnnouncement(first, at(200, { expiresAt: 2 }), true).text).toBe(
    '3 minutes until you are signed out.',
  );
});

test('an idle warning that goes says that one is still signed in, unless one is not', () => {
  const first = nextAnnouncement(SILENCE, at(200), true);
  expect(nextAnnouncement(first, null, true).text).toBe('You are still signed in.');
  expect(nextAnnouncement(first, null, false).text).toBe('');
  const absolute = nextAnnouncement(SILENCE, at(200, { reason: 'ABSOLUTE' }), true);
  expect(nextAnnouncement(absolute, null, true).text).toBe('');
});
