/** One of the two limits before and after a change, in minutes. Null minutes: not recorded. */
export interface LimitChange {
  limit: 'idle' | 'absolute';
  /** Null: it did not change. */
  before: LimitValue | null;
  after: LimitValue;
}

export interface LimitValue {
  minutes: number | null;
  /** Not set for the account: the server's default. */
  isDefault: boolean;
}

/** What a policy change did to current sessions. */
export interface AppliedNow {
  ended: number;
  shortened: number;
}

type Details = Record<string, unknown>;

/** `old` and `new` are the limits set for the account, null for the default. `effective_*` are the resulting limits. */
export const limitChanges = (details: Details): LimitChange[] => [
  changeOf('idle', 'idle_minutes', details),
  changeOf('absolute', 'absolute_minutes', details),
];

/** Null: it applies from the next sign-in, or the entry does not say. */
export function appliedNow({
  apply,
  ended_count: ended,
  shortened_count: shortened,
}: Details): AppliedNow | null {
  if (apply !== 'active_sessions' || typeof ended !== 'number' || typeof shortened !== 'number') return null;
  return { ended, shortened };
}

function changeOf(limit: LimitChange['limit'], field: string, details: Details): LimitChange {
  const [old, next] = [minutesOf(details.old, field), minutesOf(details.new, field)];
  const before = { minutes: minutesOf(details.effective_old, field) ?? old, isDefault: old === null };
  const after = { minutes: minutesOf(details.effective_new, field) ?? next, isDefault: next === null };
  // Replacing the default by an equal number is a change too: the default may change later, the number will not.
  const isSame = before.minutes === after.minutes && before.isDefault === after.isDefault;
  return { limit, before: isSame ? null : before, after };
}

function minutesOf(limits: unknown, field: string): number | null {
  const value = (limits as Details | null | undefined)?.[field];
  return typeof value === 'number' ? value : null;
}
