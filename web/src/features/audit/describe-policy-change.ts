import { inWords } from '../../lib/duration.ts';

/** One of the two limits before and after a change. `before` is null when it did not change. */
export interface LimitChange {
  name: string;
  before: string | null;
  after: string;
}

/** `old` and `new` are the limits set for the account, null for the default. `effective_*` are the resulting limits. */
export function describePolicyChange(details: Record<string, unknown>): {
  what: string;
  limits: LimitChange[];
} {
  const limits = [
    limitOf('Idle limit', 'idle_minutes', details),
    limitOf('Absolute limit', 'absolute_minutes', details),
  ];
  const isSame = limits.every(({ before }) => before === null);
  return { what: isSame ? 'saved the session policy without changes' : 'changed the session policy', limits };
}

function limitOf(name: string, field: string, details: Record<string, unknown>): LimitChange {
  const [old, next] = [minutesOf(details.old, field), minutesOf(details.new, field)];
  const effectiveOld = minutesOf(details.effective_old, field) ?? old;
  const effectiveNew = minutesOf(details.effective_new, field) ?? next;
  const wasDefault = old === null;
  const isDefault = next === null;
  const after = inWordsOf(effectiveNew, isDefault);
  // Replacing the default by an equal number is a change too: the default may change later, the number will not.
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
