import { passwordErrors } from './password-errors.ts';

const EMAIL = 'ana@demo.curfew.test';
const GOOD = 'seven quiet green lamps';
const given = (next: string, repeat = next, current = 'the old one') =>
  passwordErrors({ current, next, repeat }, EMAIL);

test('15 to 128 characters other than the e-mail address have no errors', () => {
  expect(given(GOOD)).toEqual({});
  expect(given('x'.repeat(15))).toEqual({});
  expect(given('x'.repeat(128))).toEqual({});
});

test('the length is counted in characters after normalisation, as on the server', () => {
  expect(given('🏮'.repeat(15))).toEqual({});
  expect(given('🏮'.repeat(14)).next).toBe('Use at least 15 characters (you have 14).');
  // Eight ligatures are sixteen letters.
  expect(given('ﬁ'.repeat(8))).toEqual({});
});

test('every field shows its own error', () => {
  expect(given('', '', '')).toEqual({
    current: 'Enter your current password.',
    next: 'Enter a new password.',
  });
  expect(given('x').next).toContain('(you have 1)');
  expect(given('x'.repeat(129)).next).toContain('at most 128');
  expect(given(EMAIL.toUpperCase()).next).toContain('e-mail');
  expect(given(GOOD, `${GOOD}!`)).toEqual({ repeat: 'The passwords don’t match.' });
});
