import { type Details, numberOf, recordOf } from './stored-details.ts';

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

/** What a change did to current sessions. */
export interface AppliedNow {
  ended: number;
  shortened: number;
}

/** `old` and `new` are the limits set for the account, null for the default. `effective_*` are the resulting limits. */
export const limitChanges = (details: Details): LimitChange[] => [
  changeOf('idle', 'idle_minutes', details),
  changeOf('absolute', 'absolute_minutes', details),
];

/** Whether an entry about the policy says that anything became different. */
export const isAnyChange = (details: Details): boolean =>
  limitChanges(details).some(({ before }) => before !== null) || isFurtherChange(details);

/** Whether it is about rules or the maximum of sessions. Rules in another order are a change too. */
export const isFurtherChange = ({ new: next }: Details): boolean =>
  ['rules', 'max_sessions_per_user', 'session_limit_action'].some((name) =>
    Object.hasOwn(recordOf(next), name),
  );

/** Null: it applies from the next sign-in, or the entry does not say. */
export const appliedNow = (details: Details): AppliedNow | null =>
  details.apply === 'active_sessions' ? sessionCounts(details) : null;

/** Null: the entry does not say. */
export function sessionCounts({
  ended_count: ended,
  shortened_count: shortened,
}: Details): AppliedNow | null {
  return typeof ended === 'number' && typeof shortened === 'number' ? { ended, shortened } : null;
}

function changeOf(limit: LimitChange['limit'], field: string, details: Details): LimitChange {
  const [old, next] = [minutesOf(details.old, field), minutesOf(details.new, field)];
  const before = { minutes: minutesOf(details.effective_old, field) ?? old, isDefault: old === null };
  const after = { minutes: minutesOf(details.effective_new, field) ?? next, isDefault: next === null };
  // Replacing the default by an equal number is a change too: the default may change later, the number will not.
  const isSame = before.minutes === after.minutes && before.isDefault === after.isDefault;
  return { limit, before: isSame ? null : before, after };
}

const minutesOf = (limits: unknown, field: string): number | null => numberOf(recordOf(limits), field);
