export type Unit = 'minutes' | 'hours' | 'days';

/** A limit in the form: the typed text and its unit. */
export interface LimitField {
  amount: string;
  unit: Unit;
}

const MINUTES: Record<Unit, number> = { minutes: 1, hours: 60, days: 1440 };

export const UNITS = Object.keys(MINUTES) as Unit[];

/** Uses the largest unit without a fraction. */
export function fieldOf(minutes: number): LimitField {
  const unit = minutes % 1440 === 0 ? 'days' : minutes % 60 === 0 ? 'hours' : 'minutes';
  return { amount: String(minutes / MINUTES[unit]), unit };
}

export type Reading =
  | { kind: 'minutes'; minutes: number }
  | { kind: 'empty' }
  /** A number that is not whole. */
  | { kind: 'fraction' }
  | { kind: 'no-number' };

export function readField({ amount, unit }: LimitField): Reading {
  const text = amount.trim();
  if (text === '') return { kind: 'empty' };
  if (/^\d+$/.test(text)) return { kind: 'minutes', minutes: Number(text) * MINUTES[unit] };
  return /^\d*[.,]\d+$/.test(text) ? { kind: 'fraction' } : { kind: 'no-number' };
}
