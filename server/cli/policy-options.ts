import type { AppType, Role, SessionLimitAction } from '../generated/schema.ts';
import type { PolicyInput } from '../rules/account-policy.ts';
import type { PolicyRule } from '../rules/policy-rules.ts';
import { UsageError, type Arguments } from './arguments.ts';

// The options of a policy, as a command line has them. Absent ones leave the policy as it is, except the two limits.

/** The value that clears a limit of the account. */
const SYSTEM_DEFAULT = 'default';
/** The value that clears another setting, and that leaves a half of a rule open. */
const NONE = 'none';
const ANY = 'any';
const ROLES: Readonly<Record<string, Role | null>> = { owner: 'OWNER', member: 'MEMBER', [ANY]: null };
const APP_TYPES: Readonly<Record<string, AppType | null>> = {
  'control-panel': 'CONTROL_PANEL',
  'tenant-app': 'TENANT_APP',
  [ANY]: null,
};
const LIMIT_ACTIONS: Readonly<Record<string, SessionLimitAction>> = {
  deny: 'DENY',
  'end-oldest': 'END_OLDEST',
  ask: 'ASK',
};

export const POLICY_OPTIONS = {
  required: ['account', 'idle-minutes', 'absolute-minutes'],
  optional: ['max-sessions', 'limit-action'],
  repeated: ['rule'],
} as const;

export const POLICY_USAGE =
  '--account ID --idle-minutes N|default --absolute-minutes N|default [--rule ROLE/APPLICATION/IDLE/ABSOLUTE or --rule none] [--max-sessions N|none] [--limit-action deny|end-oldest|ask]';

/** @throws UsageError */
export const readPolicyInput = (given: Arguments): PolicyInput => ({
  idleMinutes: readMinutes(given.required('idle-minutes'), 'idle-minutes'),
  absoluteMinutes: readMinutes(given.required('absolute-minutes'), 'absolute-minutes'),
  rules: readRules(given.all('rule')),
  maxSessionsPerUser: readMaximum(given.text('max-sessions')),
  sessionLimitAction: readAction(given.text('limit-action')),
});

/** A rule as `readPolicyInput` reads it. */
export const shownRule = ({ role, appType, idleMinutes, absoluteMinutes }: PolicyRule): string =>
  [nameOf(ROLES, role), nameOf(APP_TYPES, appType), idleMinutes, absoluteMinutes].join('/');

const nameOf = <Value>(names: Readonly<Record<string, Value>>, value: Value): string =>
  Object.keys(names).find((name) => names[name] === value)!;

/** Undefined: the rules stay. */
function readRules(texts: readonly string[]): PolicyRule[] | undefined {
  if (texts.length === 0) return undefined;
  if (texts.length === 1 && texts[0] === NONE) return [];
  return texts.map(readRule);
}

function readRule(text: string): PolicyRule {
  const [role = '', appType = '', idle = '', absolute = '', ...more] = text.split('/');
  const isRule =
    more.length === 0 &&
    Object.hasOwn(ROLES, role) &&
    Object.hasOwn(APP_TYPES, appType) &&
    [idle, absolute].every(isWholeNumber);
  if (!isRule)
    throw new UsageError(
      `--rule must be "${NONE}", or like member/tenant-app/60/720: ${Object.keys(ROLES).join(', ')}; ${Object.keys(APP_TYPES).join(', ')}; the idle and the absolute limit in minutes.`,
    );
  return {
    role: ROLES[role]!,
    appType: APP_TYPES[appType]!,
    idleMinutes: Number(idle),
    absoluteMinutes: Number(absolute),
  };
}

const isWholeNumber = (text: string): boolean => /^\d{1,9}$/.test(text);

/** Null: the system default. */
function readMinutes(text: string, option: string): number | null {
  if (text === SYSTEM_DEFAULT) return null;
  if (isWholeNumber(text)) return Number(text);
  throw new UsageError(`--${option} must be a whole number of minutes, or "${SYSTEM_DEFAULT}".`);
}

function readMaximum(text: string | null): number | null | undefined {
  if (text === null) return undefined;
  if (text === NONE) return null;
  if (isWholeNumber(text)) return Number(text);
  throw new UsageError(`--max-sessions must be a whole number, or "${NONE}".`);
}

function readAction(text: string | null): SessionLimitAction | undefined {
  if (text === null) return undefined;
  if (Object.hasOwn(LIMIT_ACTIONS, text)) return LIMIT_ACTIONS[text];
  throw new UsageError(`--limit-action must be one of ${Object.keys(LIMIT_ACTIONS).join(', ')}.`);
}
