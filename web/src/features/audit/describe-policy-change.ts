import { inWords } from '../../lib/duration.ts';

/** One of the two limits before and after a change; `before` null: it did not change. */
export interface Limit {
  name: string;
  before: string | null;
  after: string;
}

/** `old` and `new` are the account's own limits, null where the default decides; `effective_*` what follows from them. */
export function describePolicyChange(details: Record<string, unknown>): { what: string; limits: Limit[] } {
  const limits = [
    limitOf('Idle limit', 'idle_minutes', details),
    limitOf('Absolute limit', 'absolute_minutes', details),
  ];
  const isSame = limits.every(({ before }) => before === null);
  return { what: isSame ? 'saved the session policy as it was' : 'changed the session policy', limits };
}

function limitOf(name: string, field: string, details: Record<string, unknown>): Limit {
  const [old, next] = [minutesOf(details.old, field), minutesOf(details.new, field)];
  const effectiveOld = minutesOf(details.effective_old, field) ?? old;
  const effectiveNew = minutesOf(details.effective_new, field) ?? next;
  const wasDefault = old === null;
  const isDefault = next === null;
  const after = inWordsOf(effectiveNew, isDefault);
  // From the default to the same number set by hand is a change, too: the default may move, the number will not.
  const isSame = effectiveOld === effectiveNew && wasDefault === isDefault;
  return { name, before: isSame ? null : inWordsOf(effectiveOld, wasDefault), after };
}

function inWordsOf(minutes: number | null, isDefault: boolean): string {
  if (minutes === null) return 'the default';
  return isDefault ? `${inWords(minutes)} (the default)` : inWords(minutes);
}

function minutesOf(limits: unknown, field: string): number | null {
  const value = (limits as Record<string, unknown> | null | undefined)?.[field];
  return typeof value === 'number' ? value : null;
}
