import { t } from '@lingui/core/macro';
import { inWords } from '../../lib/duration.ts';
import type { Problem } from '../../lib/problem.ts';
import type { Limits } from '../policy-words/limits-in-words.ts';
import type { LimitBounds } from './limit-bounds.ts';
import { type LimitField, readField } from './limit-field.ts';

export type LimitName = keyof Limits;

/** Error messages by field. */
export type LimitErrors = Partial<Record<LimitName, string>>;

export type Check = { limits: Limits; errors: null } | { limits: null; errors: LimitErrors };

export type LimitFields = Record<LimitName, LimitField>;

/** Checks both fields like the server: each against its bounds, then idle against absolute. */
export function checkFields(fields: LimitFields, bounds: LimitBounds): Check {
  const errors: LimitErrors = {};
  const idleMinutes = checkOne('idleMinutes', fields, bounds, errors);
  const absoluteMinutes = checkOne('absoluteMinutes', fields, bounds, errors);
  if (idleMinutes === null || absoluteMinutes === null) return { limits: null, errors };
  if (idleMinutes > absoluteMinutes)
    return { limits: null, errors: { idleMinutes: longerThanAbsolute(absoluteMinutes) } };
  return { limits: { idleMinutes, absoluteMinutes }, errors: null };
}

function checkOne(
  name: LimitName,
  fields: LimitFields,
  bounds: LimitBounds,
  errors: LimitErrors,
): number | null {
  const [min, max] = boundsOf(name, bounds);
  const reading = readField(fields[name]);
  switch (reading.kind) {
    case 'minutes':
      if (reading.minutes >= min && reading.minutes <= max) return reading.minutes;
      errors[name] = outOfBounds(name, min, max);
      return null;
    case 'empty':
      errors[name] = missing(name, min, max);
      return null;
    case 'fraction':
      errors[name] = t`Enter a whole number, or choose a smaller unit.`;
      return null;
    case 'no-number':
      errors[name] = t`Enter a whole number.`;
      return null;
  }
}

export const boundsOf = (name: LimitName, bounds: LimitBounds): [min: number, max: number] =>
  name === 'idleMinutes'
    ? [bounds.idleMinutesMin, bounds.idleMinutesMax]
    : [bounds.absoluteMinutesMin, bounds.absoluteMinutesMax];

function missing(name: LimitName, min: number, max: number): string {
  const [least, most] = [inWords(min), inWords(max)];
  return name === 'idleMinutes'
    ? t`Enter an idle limit between ${least} and ${most}.`
    : t`Enter an absolute limit between ${least} and ${most}.`;
}

function outOfBounds(name: LimitName, min: number, max: number): string {
  const [least, most] = [inWords(min), inWords(max)];
  return name === 'idleMinutes'
    ? t`The idle limit must be between ${least} and ${most}.`
    : t`The absolute limit must be between ${least} and ${most}.`;
}

function longerThanAbsolute(absoluteMinutes: number): string {
  const absolute = inWords(absoluteMinutes);
  return t`The idle limit can’t be longer than the absolute limit of ${absolute}.`;
}

/** The server's rejection as an error of its field; null when it belongs to no field. */
export function errorsFromServer(problem: Problem, absoluteMinutes: number | null): LimitErrors | null {
  if (problem.kind !== 'refused' || problem.code !== 'BAD_USER_INPUT') return null;
  const { field, reason, min, max } = problem.extensions;
  if (field !== 'idleMinutes' && field !== 'absoluteMinutes') return null;
  if (reason === 'IDLE_EXCEEDS_ABSOLUTE' && absoluteMinutes !== null)
    return { idleMinutes: longerThanAbsolute(absoluteMinutes) };
  if (reason === 'OUT_OF_BOUNDS' && typeof min === 'number' && typeof max === 'number')
    return { [field]: outOfBounds(field, min, max) };
  return { [field]: problem.message };
}
