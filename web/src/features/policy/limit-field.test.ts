import fc from 'fast-check';
import { fieldOf, readField, UNITS } from './limit-field.ts';

test.each([
  [10, '10', 'minutes'],
  [60, '1', 'hours'],
  [90, '90', 'minutes'],
  [720, '12', 'hours'],
  [1500, '25', 'hours'],
  [43_200, '30', 'days'],
])('%i minutes are shown as %s %s', (minutes, amount, unit) => {
  expect(fieldOf(minutes)).toEqual({ amount, unit });
});

test('the shown value is read back as the same number of minutes', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 200_000 }), (minutes) => {
      expect(readField(fieldOf(minutes))).toEqual({ kind: 'minutes', minutes });
    }),
  );
});

test.each([
  ['', 'empty'],
  ['   ', 'empty'],
  ['1.5', 'fraction'],
  ['0,5', 'fraction'],
  ['.5', 'fraction'],
  ['-5', 'no-number'],
  ['1e3', 'no-number'],
  ['0x10', 'no-number'],
  ['ten', 'no-number'],
  ['1 000', 'no-number'],
])('"%s" is no limit: %s', (amount, kind) => {
  for (const unit of UNITS) expect(readField({ amount, unit })).toEqual({ kind });
});

test('spaces around a number do not matter', () => {
  expect(readField({ amount: ' 30 ', unit: 'minutes' })).toEqual({ kind: 'minutes', minutes: 30 });
});
