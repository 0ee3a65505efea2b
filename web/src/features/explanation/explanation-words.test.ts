import { speak } from '../../../../test/catalogs.ts';
import type { SessionEndReason } from '../../generated/evidence-operations.ts';
import { becauseInWords, entryInWords, type Explanation, kindOfEntry } from './explanation-words.ts';

afterEach(() => speak('en'));

const KINDS = [
  'SIGNED_IN',
  'REAUTHENTICATED',
  'POLICY_APPLIED',
  'POLICY_SAVED',
  'ROLE_CHANGED',
  'LAST_ACTIVITY',
  'WARNING',
  'ENDS',
  'ENDED',
];

const entry = (kind: string) => ({
  at: '2026-11-29T12:00:00.000Z',
  kind,
  text: 'The server.',
  policyVersion: 4,
});

const explanation = (
  session: Partial<Explanation['session']> = {},
  rest: Partial<Explanation> = {},
): Explanation => ({
  session: {
    id: 'session',
    device: null,
    authenticatedAt: '2026-11-29T12:00:00.000Z',
    absoluteExpiresAt: '2026-11-30T00:00:00.000Z',
    idleMinutes: 30,
    absoluteMinutes: 720,
    expiryReason: 'IDLE',
    endedAt: null,
    endReason: null,
    endedBy: null,
    user: { id: 'max', name: 'Max Member' },
    ...session,
  },
  idleLimitSource: { policyVersion: 4, rule: null },
  absoluteLimitSource: { policyVersion: 4, rule: null },
  endsBecause: 'The server says why.',
  timeline: [],
  ...rest,
});
const ended = (endReason: SessionEndReason, endedBy: Explanation['session']['endedBy'] = null) =>
  becauseInWords(explanation({ endedAt: '2026-11-29T13:00:00.000Z', endReason, endedBy })).replaceAll(
    '\u00a0',
    ' ',
  );
const german = (given: Explanation) => becauseInWords(given).replaceAll('\u00a0', ' ');

test('in English the sentences are the server’s', () => {
  expect(becauseInWords(explanation())).toBe('The server says why.');
  for (const kind of KINDS) expect(entryInWords(entry(kind), explanation())).toBe('The server.');
});

test('in German they name the limit and where it comes from, or who ended the session', async () => {
  await speak('de');
  expect(german(explanation())).toBe(
    'Sie endet 30 Minuten nach der letzten Aktivität: Inaktivitätslimit laut Version 4 der Richtlinie.',
  );
  // An applied version made the absolute limit shorter, and left the idle limit to version 4.
  const absoluteLimitSource = { policyVersion: 5, rule: { role: 'OWNER', appType: null } } as const;
  expect(german(explanation({ expiryReason: 'ABSOLUTE' }, { absoluteLimitSource }))).toBe(
    'Sie endet 12 Stunden nach der letzten Authentifizierung, auch mit Aktivität: absolutes Limit laut Version 5 der Richtlinie (Regel: Inhaber überall).',
  );
  expect(german(explanation({}, { absoluteLimitSource }))).toContain('laut Version 4 der Richtlinie.');
  expect(
    german(explanation({ expiryReason: 'ABSOLUTE', absoluteExpiresAt: '2026-11-29T13:00:00.000Z' })),
  ).toContain('vor dem absoluten Limit: 12 Stunden');
  expect(ended('IDLE_TIMEOUT')).toContain('Sie endete 30 Minuten nach');
  expect(ended('REVOKED_BY_OWNER', { id: 'ana', name: 'Ana' })).toBe('Von Ana (Inhaber) abgemeldet.');
  expect(ended('REVOKED_BY_OWNER')).toMatch(/^Von einem Inhaber .+\.$/);
});

test.each(['en', 'de', 'fr', 'es'])(
  'each kind of the time line has a name of its own (%s)',
  async (language) => {
    await speak(language);
    const names = KINDS.map((kind) => kindOfEntry(entry(kind)));
    expect(new Set(names.filter(Boolean)).size).toBe(KINDS.length);
  },
);

test('what only a newer server knows is said in its words', async () => {
  await speak('de');
  expect(kindOfEntry(entry('MOVED'))).toBeNull();
  expect(entryInWords(entry('MOVED'), explanation())).toBe('The server.');
  expect(entryInWords(entry('POLICY_APPLIED'), explanation())).toContain('Version 4');
});
