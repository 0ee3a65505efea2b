import type { SessionLimitAction } from '../../generated/operations.ts';
import type { RuleKind } from '../policy-words/kind-in-words.ts';
import type { Limits } from '../policy-words/limits-in-words.ts';

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

/** A rule that a change added, removed or gave other limits. Null: it was not there. */
export interface RuleChange {
  kind: RuleKind;
  before: Limits | null;
  after: Limits | null;
}

/** The maximum of sessions, and what happens at it, where a change made one of them different. */
export interface MaximumChange {
  /** Null: no limit. Absent: unchanged. */
  maximum?: { before: number | null; after: number | null };
  action?: { before: SessionLimitAction; after: SessionLimitAction };
}

/** What a change did to current sessions. */
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

/** `old` and `new` have the rules only where they changed. */
export function ruleChanges(details: Details): RuleChange[] {
  const [old, next] = [rulesOf(details.old), rulesOf(details.new)];
  const isFor =
    ({ role, appType }: RuleKind) =>
    (rule: RuleKind) =>
      rule.role === role && rule.appType === appType;
  const removed = old.filter((rule) => !next.some(isFor(rule)));
  const others = next.flatMap((after) => {
    const before = old.find(isFor(after));
    const isSame =
      before?.idleMinutes === after.idleMinutes && before.absoluteMinutes === after.absoluteMinutes;
    return isSame ? [] : [{ kind: after, before: before ?? null, after }];
  });
  return [...others, ...removed.map((before) => ({ kind: before, before, after: null }))];
}

export function maximumChange({ old, new: next }: Details): MaximumChange {
  const [before, after] = [recordOf(old), recordOf(next)];
  const change: MaximumChange = {};
  if (Object.hasOwn(after, MAXIMUM))
    change.maximum = { before: numberOf(before, MAXIMUM), after: numberOf(after, MAXIMUM) };
  const [oldAction, newAction] = [before.session_limit_action, after.session_limit_action];
  if (isAction(oldAction) && isAction(newAction)) change.action = { before: oldAction, after: newAction };
  return change;
}

/** Whether an entry about the policy says that anything became different. */
export const isAnyChange = (details: Details): boolean =>
  limitChanges(details).some(({ before }) => before !== null) ||
  // Rules in another order are a change too.
  ['rules', MAXIMUM, 'session_limit_action'].some((name) => Object.hasOwn(recordOf(details.new), name));

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

const MAXIMUM = 'max_sessions_per_user';

const recordOf = (value: unknown): Details => (value ?? {}) as Details;

function numberOf(record: Details, field: string): number | null {
  const value = record[field];
  return typeof value === 'number' ? value : null;
}

function rulesOf(side: unknown): (RuleKind & Limits)[] {
  const { rules } = recordOf(side);
  return Array.isArray(rules) ? rules.flatMap(ruleOf) : [];
}

/** None for a rule that only a newer version of the server knows. */
function ruleOf(stored: unknown): (RuleKind & Limits)[] {
  const rule = recordOf(stored);
  const { role, app_type: appType } = rule;
  const [idleMinutes, absoluteMinutes] = [numberOf(rule, 'idle_minutes'), numberOf(rule, 'absolute_minutes')];
  if (role !== 'OWNER' && role !== 'MEMBER' && role !== null) return [];
  if (appType !== 'CONTROL_PANEL' && appType !== 'TENANT_APP' && appType !== null) return [];
  return idleMinutes === null || absoluteMinutes === null
    ? []
    : [{ role, appType, idleMinutes, absoluteMinutes }];
}

const isAction = (value: unknown): value is SessionLimitAction =>
  value === 'DENY' || value === 'END_OLDEST' || value === 'ASK';
