import { speak } from '../../../../test/catalogs.ts';
import { kindInWords, type RuleKind } from './kind-in-words.ts';
import { limitsInWords } from './limits-in-words.ts';
import { maximumInWords } from './maximum-in-words.ts';
import { ruleInWords } from './rule-in-words.ts';

afterEach(() => speak('en'));

test('limits in words name both limits, or only the one that takes effect', () => {
  expect(limitsInWords({ idleMinutes: 30, absoluteMinutes: 720 })).toBe(
    'signed out after 30 minutes without activity, and after 12 hours at most',
  );
  expect(limitsInWords({ idleMinutes: 60, absoluteMinutes: 60 })).toBe(
    'signed out 1 hour after sign-in, with or without activity',
  );
});

const ROLES = ['OWNER', 'MEMBER', null] as const;
const TYPES = ['CONTROL_PANEL', 'TENANT_APP', null] as const;
const KINDS: RuleKind[] = ROLES.flatMap((role) => TYPES.map((appType) => ({ role, appType })));

test.each(['en', 'de', 'fr', 'es'])(
  'each thing that a rule can be for has its own words (%s)',
  async (language) => {
    await speak(language);
    const words = KINDS.map(kindInWords);
    expect(new Set(words).size).toBe(KINDS.length);
    expect(words.filter((each) => each === '')).toEqual([]);
  },
);

test('a rule is one sentence', async () => {
  const rule = { role: 'OWNER', appType: 'CONTROL_PANEL', idleMinutes: 15, absoluteMinutes: 480 } as const;
  expect(ruleInWords(rule)).toBe(
    'Owners in the control panel: signed out after 15 minutes without activity, and after 8 hours at most.',
  );
  await speak('de');
  expect(ruleInWords(rule).replaceAll('\u00a0', ' ')).toBe(
    'Inhaber in der Verwaltung: 15 Minuten ohne Aktivität, höchstens 8 Stunden.',
  );
});

test('the maximum of sessions says what happens to one more', () => {
  expect(maximumInWords(3, 'DENY')).toBe('At most 3 sessions for each person: one more sign-in is refused.');
  expect(maximumInWords(1, 'END_OLDEST')).toBe(
    'At most 1 session for each person: one more sign-in ends the one before.',
  );
  expect(maximumInWords(3, 'END_OLDEST')).toContain('ends the one that was used least recently');
  expect(maximumInWords(3, 'ASK')).toContain('the person chooses which one ends');
});
