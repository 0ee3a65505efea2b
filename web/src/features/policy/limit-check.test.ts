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

test('the error of a limit outside its bounds names the bounds', () => {
  expect(checkFields(fields(9, 129_601), BOUNDS).errors).toEqual({
    idleMinutes: 'The idle limit must be between 10 minutes and 30 days.',
    absoluteMinutes: 'The absolute limit must be between 30 minutes and 90 days.',
  });
});

test('an idle limit above the absolute one is an error of the idle limit', () => {
  expect(checkFields(fields(61, 60), BOUNDS).errors).toEqual({
    idleMinutes: 'The idle limit can’t be longer than the absolute limit of 1 hour.',
  });
});

test('the error of an unreadable number says what to enter', () => {
  const errors = (idle: string) =>
    checkFields({ idleMinutes: typed(idle), absoluteMinutes: fieldOf(60) }, BOUNDS).errors?.idleMinutes;
  expect(errors('')).toBe('Enter an idle limit between 10 minutes and 30 days.');
  expect(errors('12.5')).toBe('Enter a whole number, or choose a smaller unit.');
  expect(errors('soon')).toBe('Enter a whole number.');
});

const refusal = (extensions: Record<string, unknown>, message = 'A sentence.'): Problem => ({
  kind: 'refused',
  code: 'BAD_USER_INPUT',
  message,
  extensions,
});

test("the server's rejection is shown at its field, in the words of the page", () => {
  const outside = { field: 'absoluteMinutes', reason: 'OUT_OF_BOUNDS', min: 30, max: 720 };
  expect(errorsFromServer(refusal(outside), 1440)).toEqual({
    absoluteMinutes: 'The absolute limit must be between 30 minutes and 12 hours.',
  });
  const crossed = { field: 'idleMinutes', reason: 'IDLE_EXCEEDS_ABSOLUTE', min: 10, max: 60 };
  expect(errorsFromServer(refusal(crossed), 60)).toEqual({
    idleMinutes: 'The idle limit can’t be longer than the absolute limit of 1 hour.',
  });
  expect(errorsFromServer(refusal({ field: 'idleMinutes', reason: 'NEW' }), 60)).toEqual({
    idleMinutes: 'A sentence.',
  });
});

test('any other rejection belongs to no field', () => {
  expect(errorsFromServer(refusal({ field: 'apply' }), 60)).toBeNull();
  expect(errorsFromServer({ kind: 'unreachable' }, 60)).toBeNull();
  expect(errorsFromServer({ kind: 'refused', code: 'CONFLICT', message: '', extensions: {} }, 60)).toBeNull();
});
