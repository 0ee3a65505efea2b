import { faultsOf } from './password-rules.ts';

const EMAIL = 'ana@demo.curfew.test';
const GOOD = 'seven quiet green lamps';
const given = (next: string, repeat = next, current = 'the old one') =>
  faultsOf({ current, next, repeat }, EMAIL);

test('12 to 128 characters that are not the e-mail may be sent', () => {
  expect(given(GOOD)).toEqual({});
  expect(given('x'.repeat(12))).toEqual({});
  expect(given('x'.repeat(128))).toEqual({});
});

test('a new password is counted as the server counts: characters, after normalisation', () => {
  expect(given('🏮'.repeat(12))).toEqual({});
  expect(given('🏮'.repeat(11)).next).toBe('This has 11 characters; at least 12 are needed.');
  // Six ligatures are twelve letters.
  expect(given('ﬁ'.repeat(6))).toEqual({});
});

test('every field says what it lacks', () => {
  expect(given('', '', '')).toEqual({
    current: 'Enter the password you have now.',
    next: 'Enter a new password.',
  });
  expect(given('x').next).toContain('1 character;');
  expect(given('x'.repeat(129)).next).toContain('at most 128');
  expect(given(EMAIL.toUpperCase()).next).toContain('e-mail');
  expect(given(GOOD, `${GOOD}!`)).toEqual({ repeat: 'The two passwords differ.' });
});
