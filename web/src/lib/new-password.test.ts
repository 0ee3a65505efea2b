import { newPasswordErrors } from './new-password.ts';

const good = 'seven quiet green lamps';

test('a good password that is repeated correctly has no errors', () => {
  expect(newPasswordErrors(good, good)).toEqual({});
});

test('the password has to be good before its repetition is checked', () => {
  expect(newPasswordErrors('', '')).toEqual({ password: 'Enter a new password.' });
  expect(newPasswordErrors('short', '')).toEqual({ password: 'Use at least 15 characters (you have 5).' });
});

test('the repetition has to match exactly', () => {
  expect(newPasswordErrors(good, good.toUpperCase())).toEqual({ repeat: 'The passwords don’t match.' });
  expect(newPasswordErrors(good, '')).toEqual({ repeat: 'The passwords don’t match.' });
});
