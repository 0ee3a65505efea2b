import fc from 'fast-check';
import { type Announcement, dueMark, nextAnnouncement, SILENCE, type Warning } from './announcement.ts';

const MARKS = [300, 240, 180, 120, 60, 40, 20];
const at = (secondsRemaining: number, more: Partial<Warning> = {}): Warning => ({
  reason: 'IDLE',
  expiresAt: 1,
  secondsRemaining,
  ...more,
});

/** The marks that are announced while the seconds pass. */
function announced(seconds: number[], from: Announcement = SILENCE): number[] {
  const marks: number[] = [];
  let last = from;
  for (const second of seconds) {
    const next = nextAnnouncement(last, at(second), true);
    if (next !== last && next.mark !== null) marks.push(next.mark);
    last = next;
  }
  return marks;
}

const countdown = (from: number): number[] => Array.from({ length: from + 1 }, (_, passed) => from - passed);

test('each mark is announced once, when it is reached', () => {
  expect(announced(countdown(300))).toEqual([300, 240, 180, 120, 60, 40, 20]);
});

test.each([
  [299, 300],
  [275, 300],
  [265, 240],
  [50, 40],
  [12, 20],
])('a warning that starts %i seconds before the end announces the nearest mark', (seconds, mark) => {
  expect(announced([seconds])).toEqual([mark]);
});

test('a mark that was announced early is not repeated when it is reached', () => {
  expect(announced(countdown(265)).filter((mark) => mark === 240)).toHaveLength(1);
});

test('marks that the clock skipped are not announced later', () => {
  expect(announced([300, 299, 175, 174])).toEqual([300, 180]);
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
  expect(first.mark).toBe(180);
  expect(nextAnnouncement(first, at(200, { expiresAt: 2 }), true).mark).toBe(180);
});

test('an idle warning that disappears announces that the user is still signed in, if so', () => {
  const first = nextAnnouncement(SILENCE, at(200), true);
  expect(nextAnnouncement(first, null, true).isStillSignedIn).toBe(true);
  expect(nextAnnouncement(first, null, false).isStillSignedIn).toBe(false);
  const absolute = nextAnnouncement(SILENCE, at(200, { reason: 'ABSOLUTE' }), true);
  expect(nextAnnouncement(absolute, null, true).isStillSignedIn).toBe(false);
});
