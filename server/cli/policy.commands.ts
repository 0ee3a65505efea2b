import { createSharedReads } from '../database/shared-reads.ts';
import type { PolicyApplication as Application } from '../generated/schema.ts';
import { createPolicyService, type PolicyChange, type PolicyService } from '../policies/policy.service.ts';
import { policyOf, type PolicyInput } from '../rules/account-policy.ts';
import { effectivePolicy, type EffectivePolicy } from '../rules/policy.ts';
import type { PolicyRule } from '../rules/policy-rules.ts';
import type { RuleImpact } from '../policies/policy-impact.sql.ts';
import { createPendingChanges } from '../sessions/pending-changes.ts';
import { createPolicyApplication } from '../sessions/policy-application.ts';
import type { SessionBus } from '../events/session-bus.ts';
import { UsageError, type Arguments } from './arguments.ts';
import type { Command, CommandContext } from './command.ts';
import { withSessionBus } from './live-events.ts';
import { JSON_FLAG, print } from './output.ts';
import { POLICY_OPTIONS, POLICY_USAGE, readPolicyInput, shownRule } from './policy-options.ts';
import { findAccountById } from './targets.ts';

const APPLICATIONS: Readonly<Record<string, Application>> = {
  'next-login': 'NEXT_LOGIN',
  'active-sessions': 'ACTIVE_SESSIONS',
};
const PLAN_FLAG = 'plan';

const setPolicyCommand: Command = {
  usage: `${POLICY_USAGE} [--apply next-login|active-sessions] [--plan] [--json]`,
  summary:
    'Sets the session policy of an account, from the next sign-in on, or also for live sessions. Each --rule is like owner/control-panel/15/720 or member/any/60/1440, and all of them replace the rules there were; without --rule, --max-sessions and --limit-action those stay. --plan shows the effect and changes nothing.',
  ...POLICY_OPTIONS,
  optional: [...POLICY_OPTIONS.optional, 'apply'],
  flags: [PLAN_FLAG, JSON_FLAG],
  prepare(given) {
    const input = readPolicyInput(given);
    const apply = readApplication(given);
    return async (context) => {
      const account = await findAccountById(context.database.em(), given.required('account'));
      return given.has(PLAN_FLAG)
        ? plan(given, context, account.id, input)
        : change(given, context, account.id, { ...input, apply, expectedVersion: null });
    };
  },
};

export const policyCommands: Record<string, Command> = { 'set-policy': setPolicyCommand };

async function plan(
  given: Arguments,
  context: CommandContext,
  accountId: string,
  input: PolicyInput,
): Promise<string> {
  const { effective, impact } = await withPolicyService(context, async (policies) => ({
    effective: effectivePolicy(input, policies.bounds),
    impact: await policies.operator.preview(accountId, input),
  }));
  const { activeSessions, endNow, endWithinHour, shortened, byRule } = impact;
  const json = {
    plan: true,
    accountId,
    ...effective,
    activeSessions,
    endNow,
    endWithinHour,
    shortened,
    ...(byRule.length > 1 && { byRule }),
  };
  return print(given, json, () =>
    [
      `New sessions would last ${shownLimits(effective)}.`,
      ...byRule.flatMap(({ rule, ...counts }) => (rule ? [shownImpact(rule, counts)] : [])),
      `With --apply active-sessions, of ${activeSessions} live sessions ${endNow} would end now and ${shortened} would get`,
      `an earlier deadline; ${endWithinHour} of those that go on would end within the hour without activity.`,
      'Nothing was changed.',
    ].join('\n'),
  );
}

async function change(
  given: Arguments,
  context: CommandContext,
  accountId: string,
  policyChange: PolicyChange,
): Promise<string> {
  const { changed, effective } = await withPolicyService(context, async (policies) => ({
    changed: await policies.operator.update(accountId, policyChange),
    effective: effectivePolicy(policyChange, policies.bounds),
  }));
  const { apply } = policyChange;
  const { account, endedSessions, shortenedSessions } = changed;
  const { rules, maxSessionsPerUser, sessionLimitAction } = policyOf(account);
  const json = {
    plan: false,
    accountId,
    ...effective,
    rules,
    maxSessionsPerUser,
    sessionLimitAction,
    version: account.policyVersion,
    apply,
    endedSessions,
    shortenedSessions,
  };
  return print(given, json, () =>
    [
      `Version ${account.policyVersion} of the policy is saved. New sessions last ${shownLimits(effective)}.`,
      ...rules.map((rule) => `Of ${shownRule(rule)}: ${shownLimits(rule)}.`),
      ...(maxSessionsPerUser === null
        ? []
        : [`A user may have ${maxSessionsPerUser} live sessions (${sessionLimitAction}).`]),
      apply === 'ACTIVE_SESSIONS'
        ? `It was applied to the live sessions: ${endedSessions} ended, ${shortenedSessions} got an earlier deadline.`
        : 'Live sessions keep their limits. Use --apply active-sessions to shorten them.',
    ].join('\n'),
  );
}

/** The service of the mutation: the same rules, the same audit row. */
const withPolicyService = <T>(
  context: CommandContext,
  work: (policies: PolicyService) => Promise<T>,
): Promise<T> =>
  withSessionBus(context, async (bus: SessionBus) => {
    const pendingChanges = createPendingChanges({ ...context, bus });
    try {
      return await work(
        createPolicyService({
          ...context,
          sharedReads: createSharedReads(),
          policyApplication: createPolicyApplication({ bus, pendingChanges }),
          bounds: context.config.policy,
        }),
      );
    } finally {
      await pendingChanges.stop();
    }
  });

const shownLimits = ({ idleMinutes, absoluteMinutes }: EffectivePolicy) =>
  `${idleMinutes} minutes without activity and at most ${absoluteMinutes} minutes`;

const shownImpact = (rule: PolicyRule, { activeSessions, endNow, shortened }: Omit<RuleImpact, 'rule'>) =>
  `Of ${shownRule(rule)}: ${shownLimits(rule)}; of ${activeSessions} live sessions ${endNow} would end and ${shortened} would get an earlier deadline.`;

function readApplication(given: Arguments): Application {
  const text = given.text('apply') ?? 'next-login';
  if (Object.hasOwn(APPLICATIONS, text)) return APPLICATIONS[text]!;
  throw new UsageError(`--apply must be ${Object.keys(APPLICATIONS).join(' or ')}.`);
}
