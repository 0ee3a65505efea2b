import { speak } from '../../../../test/catalogs.ts';
import type { Verdict } from '../../generated/evidence-operations.ts';
import {
  actualInWords,
  type Check,
  checkVerdictInWords,
  limitInWords,
  type Standard,
  summaryOf,
  verdictInWords,
} from './verdict-words.ts';

afterEach(() => speak('en'));

const check = (given: Partial<Check>): Check => ({
  clause: '8.2.8',
  text: 'A sentence.',
  level: 'REQUIRED',
  subject: 'IDLE',
  limitMinutes: 15,
  actualMinutes: 90,
  verdict: 'MISSES',
  ...given,
});

test.each<[Partial<Check>, string, string]>([
  [{}, 'Idle limit: 15 minutes at most', '1 hour and 30 minutes'],
  [{ subject: 'ABSOLUTE', limitMinutes: null }, 'Absolute limit: any', '1 hour and 30 minutes'],
  [
    { subject: 'SESSIONS_AT_ONCE', limitMinutes: 2, actualMinutes: null },
    'Sessions at once: 2 at most',
    'no limit',
  ],
  [
    { subject: 'SESSIONS_AT_ONCE', limitMinutes: 3, actualMinutes: 1 },
    'Sessions at once: 3 at most',
    '1 session',
  ],
  [
    { subject: 'WARNING', limitMinutes: null, actualMinutes: null, verdict: 'MEETS' },
    'Warning before the end: yes',
    'yes',
  ],
  [{ subject: 'WARNING', limitMinutes: null, actualMinutes: null }, 'Warning before the end: yes', 'no'],
])('%j', (given, limit, actual) => {
  expect([limitInWords(check(given)), actualInWords(check(given))]).toEqual([limit, actual]);
});

const VERDICTS: Verdict[] = ['MEETS', 'MISSES', 'NOT_APPLICABLE'];

test.each(['en', 'de', 'fr', 'es'])('each verdict has words of its own (%s)', async (language) => {
  await speak(language);
  for (const words of [verdictInWords, checkVerdictInWords])
    expect(new Set(VERDICTS.map(words).filter((each) => each !== '')).size).toBe(VERDICTS.length);
});

test('a standard that asks nothing of the policy is not counted', async () => {
  const standards = VERDICTS.map((verdict) => ({ verdict }) as Standard);
  expect(summaryOf(standards)).toBe('The policy meets 1 of 2 standards.');
  await speak('de');
  expect(summaryOf(standards)).toBe('Die Richtlinie erfüllt 1 von 2 Standards.');
});
