import {
  endNowWarning,
  impactFromNextSignIn,
  impactNow,
  limitsInWords,
  unavailableReason,
} from './policy-messages.ts';

const NOTHING = { activeSessions: 31, endNow: 0, shortened: 0, endWithinHour: 0, endsViewerSession: false };

test('limits in words name both limits, or only the one that takes effect', () => {
  expect(limitsInWords({ idleMinutes: 30, absoluteMinutes: 720 })).toBe(
    'signed out after 30 minutes without activity, and after 12 hours at most',
  );
  expect(limitsInWords({ idleMinutes: 60, absoluteMinutes: 60 })).toBe(
    'signed out 1 hour after sign-in, with or without activity',
  );
});

test('the impact names every number except zero', () => {
  expect(impactNow({ ...NOTHING, endNow: 14, shortened: 5, endWithinHour: 3, endsViewerSession: true })).toBe(
    '14 of 31 sessions end now, including yours. 5 of the others end sooner. 3 of the others end within an hour unless used.',
  );
  expect(impactNow({ ...NOTHING, shortened: 1, endWithinHour: 1 })).toBe(
    'None of 31 sessions ends now. 1 session ends sooner. 1 ends within an hour unless used.',
  );
  expect(impactNow({ ...NOTHING, activeSessions: 1, endNow: 1, endsViewerSession: true })).toBe(
    'Your own session, the only one, ends now.',
  );
  expect(impactNow({ ...NOTHING, activeSessions: 18, endNow: 15, shortened: 3 })).toBe(
    '15 of 18 sessions end now. The other 3 end sooner.',
  );
  expect(impactNow({ ...NOTHING, activeSessions: 2, endNow: 1, shortened: 1 })).toBe(
    '1 of 2 sessions ends now. The other session ends sooner.',
  );
});

test('the confirmation names the sessions that end and the consequence', () => {
  expect(endNowWarning({ ...NOTHING, endNow: 14, shortened: 5, endsViewerSession: true })).toBe(
    '14 of 31 sessions, including yours, end as soon as you save. Those people have to sign in again. 5 of the others end sooner.',
  );
  expect(endNowWarning({ ...NOTHING, activeSessions: 1, endNow: 1, endsViewerSession: true })).toBe(
    'Your own session ends as soon as you save. You’ll have to sign in again.',
  );
});

test('from the next sign-in, no one is signed out, and the impact of applying now is named', () => {
  expect(impactFromNextSignIn(NOTHING)).toBe(
    'No one is signed out. The 31 current sessions keep their limits.',
  );
  expect(impactFromNextSignIn({ ...NOTHING, endNow: 2, endsViewerSession: true })).toBe(
    'No one is signed out. The 31 current sessions keep their limits. Applied now, 2 of them would end, including yours.',
  );
});

test('an unavailable preset names the bounds that it violates', () => {
  const bounds = {
    idleMinutesMin: 20,
    idleMinutesMax: 1440,
    absoluteMinutesMin: 30,
    absoluteMinutesMax: 10_080,
  };
  expect(unavailableReason({ idleMinutes: 15, absoluteMinutes: 720 }, bounds)).toBe(
    'Not available: this server allows idle limits of at least 20 minutes.',
  );
  expect(unavailableReason({ idleMinutes: 10_080, absoluteMinutes: 43_200 }, bounds)).toBe(
    'Not available: this server allows idle limits of at most 1 day and absolute limits of at most 7 days.',
  );
});
