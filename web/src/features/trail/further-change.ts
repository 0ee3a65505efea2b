import type { SessionLimitAction } from '../../generated/audit-operations.ts';
import type { RuleKind } from '../policy-words/kind-in-words.ts';
import type { Limits } from '../policy-words/limits-in-words.ts';
import { type Details, numberOf, recordOf } from './stored-details.ts';

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

const MAXIMUM = 'max_sessions_per_user';

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
