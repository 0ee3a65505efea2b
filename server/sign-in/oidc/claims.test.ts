import { readPerson, reauthenticationAge, verifiedEmail } from './claims.ts';

const MICROSOFT = 'https://login.microsoftonline.com/11111111-2222-3333-4444-555555555555/v2.0';
const OTHER = 'https://id.example.com';
const email = 'Ana@Example.test';

describe('an e-mail address is vouched for', () => {
  test('by email_verified, and is then the form that signs in here', () => {
    expect(verifiedEmail(OTHER, { email, email_verified: true })).toBe('ana@example.test');
  });

  test.each([undefined, false, 'true', 1, null])('not by email_verified %j', (email_verified) => {
    expect(verifiedEmail(OTHER, { email, email_verified })).toBeNull();
  });

  test.each([true, 1, '1', 'true'])('by Microsoft with xms_edov %j', (xms_edov) => {
    expect(verifiedEmail(MICROSOFT, { email, xms_edov })).toBe('ana@example.test');
    expect(verifiedEmail(OTHER, { email, xms_edov })).toBeNull();
  });

  test.each([undefined, false, 0, '0', 'false', 'yes', null])(
    'not by Microsoft with xms_edov %j',
    (xms_edov) => {
      expect(verifiedEmail(MICROSOFT, { email, email_verified: true, xms_edov })).toBeNull();
    },
  );

  test('not in any other claim', () => {
    const names = { preferred_username: email, upn: email, unique_name: email, xms_edov: true };
    expect(verifiedEmail(MICROSOFT, names)).toBeNull();
  });
});

describe('how long ago a person may have signed in', () => {
  const now = new Date('2030-01-01T12:00:00Z');
  const seconds = now.getTime() / 1000;
  const age = (claims: object) =>
    reauthenticationAge(readPerson({ iss: OTHER, sub: 'a', ...claims })!, 3600, now);

  test('is the limit, when they did so longer ago', () => {
    expect(age({})).toBeNull();
    expect(age({ auth_time: seconds - 3600 })).toBeNull();
    expect(age({ auth_time: seconds - 3601 })).toBe(3600);
    expect(age({ auth_time: seconds + 300 })).toBeNull();
  });

  test("is no time at all, when the provider's own session is over", () => {
    expect(age({ session_expiry: seconds })).toBe(0);
    expect(age({ session_expiry: seconds + 1 })).toBeNull();
    expect(age({ session_expiry: seconds - 1, auth_time: seconds - 9999 })).toBe(0);
  });

  test.each([-1, '1', NaN, Infinity, 8.64e12 + 1, {}, true])('cannot be told from the time %j', (time) => {
    expect(readPerson({ iss: OTHER, sub: 'a', auth_time: time })).toBeNull();
    expect(readPerson({ iss: OTHER, sub: 'a', session_expiry: time })).toBeNull();
  });
});
