import { faultsOfPair } from './password-pair.ts';

const good = 'seven quiet green lamps';

test('a good password, twice the same, may be sent', () => {
  expect(faultsOfPair(good, good)).toEqual({});
});

test('the first one has to be good before the second one matters', () => {
  expect(faultsOfPair('', '')).toEqual({ password: 'Enter a new password.' });
  expect(faultsOfPair('short', '')).toEqual({ password: 'This has 5 characters; at least 12 are needed.' });
});

test('the second one has to be the same to the letter', () => {
  expect(faultsOfPair(good, good.toUpperCase())).toEqual({ repeat: 'The two passwords differ.' });
  expect(faultsOfPair(good, '')).toEqual({ repeat: 'The two passwords differ.' });
});
