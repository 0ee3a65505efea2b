import { endingWarning, impactLater, impactNow, limitsInWords, whyUnavailable } from './policy-words.ts';

const NOTHING = { activeSessions: 31, endNow: 0, shortened: 0, endWithinHour: 0, endsViewerSession: false };

test('limits in words name both, or the one that counts', () => {
  expect(limitsInWords({ idleMinutes: 30, absoluteMinutes: 720 })).toBe(
    'signed out after 30 minutes without activity, at the latest after 12 hours',
  );
  expect(limitsInWords({ idleMinutes: 60, absoluteMinutes: 60 })).toBe(
    'signed out 1 hour after sign-in, with or without activity',
  );
});

test('the impact names every number that is not nothing', () => {
  expect(impactNow({ ...NOTHING, endNow: 14, shortened: 5, endWithinHour: 3, endsViewerSession: true })).toBe(
    'Ends 14 of 31 sessions now, including yours. 5 other sessions end sooner than before. 3 of the rest end within the hour unless people are active.',
  );
  expect(impactNow({ ...NOTHING, shortened: 1, endWithinHour: 1 })).toBe(
    'Ends none of 31 sessions now. 1 session ends sooner than before. 1 ends within the hour unless people are active.',
  );
  expect(impactNow({ ...NOTHING, activeSessions: 1, endNow: 1, endsViewerSession: true })).toBe(
    'Ends your own session now, the only one.',
  );
});

test('the question says what ends and what that means', () => {
  expect(endingWarning({ ...NOTHING, endNow: 14, shortened: 5, endsViewerSession: true })).toBe(
    '14 of 31 sessions, including yours, end as soon as this is saved; whoever is in there has to sign in again. 5 other sessions end sooner than before.',
  );
  expect(endingWarning({ ...NOTHING, activeSessions: 1, endNow: 1, endsViewerSession: true })).toBe(
    'Your own session ends as soon as this is saved, and you have to sign in again.',
  );
});

test('for later it says that nobody is signed out, and what now would mean', () => {
  expect(impactLater(NOTHING)).toBe('Nobody is signed out: the 31 live sessions keep their limits.');
  expect(impactLater({ ...NOTHING, endNow: 2, endsViewerSession: true })).toBe(
    'Nobody is signed out: the 31 live sessions keep their limits. Applied now, this would end 2 of them, including yours.',
  );
});

test('an unavailable preset names the bounds that it breaks', () => {
  const bounds = {
    idleMinutesMin: 20,
    idleMinutesMax: 1440,
    absoluteMinutesMin: 30,
    absoluteMinutesMax: 10_080,
  };
  expect(whyUnavailable({ idleMinutes: 15, absoluteMinutes: 720 }, bounds)).toBe(
    'Not available here: this installation allows idle limits of at least 20 minutes.',
  );
  expect(whyUnavailable({ idleMinutes: 10_080, absoluteMinutes: 43_200 }, bounds)).toBe(
    'Not available here: this installation allows idle limits of at most 1 day and absolute limits of at most 7 days.',
  );
});
