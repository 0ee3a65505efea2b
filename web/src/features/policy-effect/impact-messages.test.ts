import { speak } from '../../../../test/catalogs.ts';
import {
  endNowWarning,
  impactByRule,
  impactFromNextSignIn,
  impactNow,
  type Impact,
} from './impact-messages.ts';

const impact = (given: Partial<Impact>): Impact => ({
  activeSessions: 18,
  endNow: 0,
  shortened: 0,
  endWithinHour: 0,
  endsViewerSession: false,
  shortensViewerSession: false,
  byRule: [],
  standards: [],
  ...given,
});
const mineEnds = { endsViewerSession: true };
const mineShortened = { shortensViewerSession: true };

afterEach(() => speak('en'));

test.each<[Partial<Impact>, string]>([
  [
    { endNow: 15, shortened: 3, ...mineShortened },
    '15 of 18 sessions end now. The other 3, yours included, get the shorter limits.',
  ],
  [
    { endNow: 15, shortened: 3, endWithinHour: 3, ...mineEnds },
    '15 of 18 sessions end now, yours included. The other 3 get the shorter limits. Of these, 3 end within an hour unless used.',
  ],
  [
    { endNow: 17, shortened: 1, ...mineShortened },
    '17 of 18 sessions end now. The other one, yours, gets the shorter limits.',
  ],
  [{ endNow: 1, ...mineEnds }, '1 of 18 sessions ends now: yours. The other 17 keep their limits.'],
  [{ endNow: 18, ...mineEnds }, 'All 18 sessions end now, yours included.'],
  [
    { shortened: 18, ...mineShortened },
    'No session ends now. All 18, yours included, get the shorter limits.',
  ],
  [{}, 'No session ends now. All 18, yours included, keep their limits.'],
  [
    { endNow: 2, shortened: 4, ...mineEnds },
    '2 of 18 sessions end now, yours included. 4 of the others get the shorter limits, 12 keep theirs.',
  ],
  [
    { shortened: 4, ...mineShortened },
    'No session ends now. 4 get the shorter limits, yours included. 14 keep theirs.',
  ],
  [{ shortened: 4 }, 'No session ends now. 4 get the shorter limits. 14 keep theirs, yours included.'],
  [{ activeSessions: 1, endNow: 1, ...mineEnds }, 'Your own session, the only one, ends now.'],
  [
    { activeSessions: 1, shortened: 1, ...mineShortened },
    'Your own session, the only one, gets the shorter limits.',
  ],
  [{ activeSessions: 1 }, 'Your own session, the only one, keeps its limits.'],
])('%j', (given, words) => {
  expect(impactNow(impact(given))).toBe(words);
});

test('the numbers of every impact add up to all sessions', () => {
  for (let endNow = 0; endNow <= 4; endNow++)
    for (let shortened = 0; shortened <= 4 - endNow; shortened++)
      for (const mine of [mineEnds, mineShortened, {}]) {
        const kept = 4 - endNow - shortened;
        if (mine === mineEnds ? endNow === 0 : mine === mineShortened ? shortened === 0 : kept === 0)
          continue;
        const words = impactNow(impact({ activeSessions: 4, endNow, shortened, ...mine }));
        expect(words).toMatch(/\byours\b/);
        const rest = words.replace(/of 4 sessions|The other (?=one)/g, '').replaceAll(/\bone\b/g, '1');
        const sum = [...rest.matchAll(/\d+/g)].reduce((total, [number]) => total + Number(number), 0);
        expect([words, sum]).toEqual([words, 4]);
      }
});

test('the confirmation names the sessions that end and the consequence', () => {
  expect(endNowWarning(impact({ activeSessions: 31, endNow: 14, shortened: 5, ...mineEnds }))).toBe(
    '14 of 31 sessions, yours included, end as soon as you save. Those people have to sign in again. 5 of the others get the shorter limits, 12 keep theirs.',
  );
  expect(endNowWarning(impact({ activeSessions: 1, endNow: 1, ...mineEnds }))).toBe(
    'Your own session ends as soon as you save. You’ll have to sign in again.',
  );
});

test('from the next sign-in, no one is signed out, and the impact of applying now is named', () => {
  expect(impactFromNextSignIn(impact({}))).toBe(
    'No one is signed out. The 18 current sessions, yours included, keep their limits.',
  );
  expect(impactFromNextSignIn(impact({ endNow: 2, ...mineEnds }))).toBe(
    'No one is signed out. The 18 current sessions, yours included, keep their limits. Applied now, 2 of them would end, yours included.',
  );
});

test('the impact in German, French and Spanish', async () => {
  const given = impact({ endNow: 15, shortened: 3, ...mineShortened });
  await speak('de');
  expect(impactNow(given)).toBe(
    '15 von 18 Sitzungen enden jetzt. Für die anderen 3, auch Ihre, gelten die kürzeren Limits.',
  );
  await speak('fr');
  expect(impactNow(given)).toBe(
    '15 se terminent maintenant, sur un total de 18 sessions. Les 3 autres, dont la vôtre, reçoivent les limites plus courtes.',
  );
  await speak('es');
  expect(impactNow(given)).toBe(
    '15 de 18 sesiones terminan ahora. Las otras 3, incluida la suya, reciben los límites más cortos.',
  );
});

const owners = { role: 'OWNER', appType: 'CONTROL_PANEL', idleMinutes: 15, absoluteMinutes: 60 } as const;

test('the impact by rule has a line for each rule with sessions, and for those that no rule fits', () => {
  const byRule = [
    { rule: owners, activeSessions: 6, endNow: 3, shortened: 2 },
    {
      rule: { ...owners, role: 'MEMBER', appType: null } as const,
      activeSessions: 1,
      endNow: 1,
      shortened: 0,
    },
    {
      rule: { ...owners, role: null, appType: 'TENANT_APP' } as const,
      activeSessions: 0,
      endNow: 0,
      shortened: 0,
    },
    { rule: null, activeSessions: 4, endNow: 0, shortened: 0 },
  ];
  expect(impactByRule(impact({ byRule }))).toEqual([
    'Owners in the control panel: 3 sessions end now, 2 end sooner, 1 keeps its limits.',
    'Members everywhere: 1 session ends now.',
    'Sessions that no rule fits: 4 keep their limits.',
  ]);
});

test('without rules there is nothing to say by rule', () => {
  const byRule = [{ rule: null, activeSessions: 4, endNow: 2, shortened: 0 }];
  expect(impactByRule(impact({ byRule }))).toEqual([]);
});
