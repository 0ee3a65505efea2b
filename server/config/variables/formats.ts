import { z } from 'zod';
import { fault } from './fault.ts';

/** GraphQL's Int has 32 bits. */
export const MAX_INT = 2 ** 31 - 1;

export function wholeNumber(min: number, max: number = MAX_INT) {
  const expected = `a whole number from ${min} to ${max}`;
  const outOfRange = fault('is out of range', expected);
  return z
    .string()
    .regex(/^-?\d+$/, fault('is not a whole number', expected))
    .transform(Number)
    .pipe(z.number().min(min, outOfRange).max(max, outOfRange));
}

export function positiveNumber() {
  const message = fault('is not a positive number', 'digits, with an optional decimal point');
  return z
    .string()
    .regex(/^(?:\d+|\d*\.\d+)$/, message)
    .transform(Number)
    .pipe(z.number(message).positive(message));
}

export function trueOrFalse() {
  return z
    .enum(['true', 'false'], fault('is neither true nor false', 'true or false'))
    .transform((text) => text === 'true');
}

export function choice<const Name extends string>(names: readonly Name[]) {
  return z.enum(names, fault('is not one of the choices', names.join(', ')));
}

export function matching(pattern: RegExp, problem: string, expected: string) {
  return z.string().regex(pattern, fault(problem, expected));
}

/** Splits at commas. Reports each bad entry by its position and never by its content. */
export function list<Entry extends string>(
  expected: string,
  read: (entry: string) => Entry | undefined,
  tidy: (entry: string) => string = (entry) => entry.trim(),
) {
  return z.string().transform((text, context): readonly Entry[] => {
    const entries = text.split(',').map((entry) => read(tidy(entry)));
    entries.forEach((entry, index) => {
      if (entry === undefined) context.addIssue(fault(`entry ${index + 1} is not valid`, expected));
      else if (entries.indexOf(entry) < index)
        context.addIssue(fault(`entry ${index + 1} repeats an earlier one`, expected));
    });
    return entries.filter((entry) => entry !== undefined);
  });
}
