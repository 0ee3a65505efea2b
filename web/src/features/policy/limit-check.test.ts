import type { Problem } from '../../lib/problem.ts';
import { checkFields, errorsFromServer } from './limit-check.ts';
import { fieldOf } from './limit-field.ts';

const BOUNDS = {
  idleMinutesMin: 10,
  idleMinutesMax: 43_200,
  absoluteMinutesMin: 30,
  absoluteMinutesMax: 129_600,
};

const fields = (idle: number, absolute: number) => ({
  idleMinutes: fieldOf(idle),
  absoluteMinutes: fieldOf(absolute),
});

const typed = (amount: string) => ({ amount, unit: 'minutes' as const });

test('limits on the bounds and equal limits pass', () => {
  for (const [idleMinutes, absoluteMinutes] of [
    [10, 30],
    [43_200, 129_600],
    [60, 60],
  ] as const)
    expect(checkFields(fields(idleMinutes, absoluteMinutes), BOUNDS)).toEqual({
      limits: { idleMinutes, absoluteMinutes },
      errors: null,
    });
});

test('a limit outside its bounds is told the bounds in words', () => {
  expect(checkFields(fields(9, 129_601), BOUNDS).errors).toEqual({
    idleMinutes: 'The idle limit can be 10 minutes to 30 days.',
    absoluteMinutes: 'The absolute limit can be 30 minutes to 90 days.',
  });
});

test('an idle limit above the absolute one is named at the idle limit', () => {
  expect(checkFields(fields(61, 60), BOUNDS).errors).toEqual({
    idleMinutes: 'The idle limit cannot be longer than the absolute limit of 1 hour.',
  });
});

test('what is no whole number says so', () => {
  const errors = (idle: string) =>
    checkFields({ idleMinutes: typed(idle), absoluteMinutes: fieldOf(60) }, BOUNDS).errors?.idleMinutes;
  expect(errors('')).toBe('Enter the idle limit: 10 minutes to 30 days.');
  expect(errors('12.5')).toBe('Enter a whole number; choose a smaller unit for parts of it.');
  expect(errors('soon')).toBe('Enter a whole number.');
});

const refusal = (extensions: Record<string, unknown>, message = 'A sentence.'): Problem => ({
  kind: 'refused',
  code: 'BAD_USER_INPUT',
  message,
  extensions,
});

test("the server's refusal is put at its field, in the same words", () => {
  const outside = { field: 'absoluteMinutes', reason: 'OUT_OF_BOUNDS', min: 30, max: 720 };
  expect(errorsFromServer(refusal(outside), 1440)).toEqual({
    absoluteMinutes: 'The absolute limit can be 30 minutes to 12 hours.',
  });
  const crossed = { field: 'idleMinutes', reason: 'IDLE_EXCEEDS_ABSOLUTE', min: 10, max: 60 };
  expect(errorsFromServer(refusal(crossed), 60)).toEqual({
    idleMinutes: 'The idle limit cannot be longer than the absolute limit of 1 hour.',
  });
  expect(errorsFromServer(refusal({ field: 'idleMinutes', reason: 'NEW' }), 60)).toEqual({
    idleMinutes: 'A sentence.',
  });
});

test('a refusal for another cause belongs to no field', () => {
  expect(errorsFromServer(refusal({ field: 'apply' }), 60)).toBeNull();
  expect(errorsFromServer({ kind: 'unreachable' }, 60)).toBeNull();
  expect(errorsFromServer({ kind: 'refused', code: 'CONFLICT', message: '', extensions: {} }, 60)).toBeNull();
});
