import { createSharedReads } from '../database/shared-reads.ts';
import type { PolicyApplication as Application } from '../generated/schema.ts';
import { createPolicyService, type PolicyChange, type PolicyService } from '../policies/policy.service.ts';
import { effectivePolicy, type PolicyOverrides } from '../rules/policy.ts';
import { createPendingChanges } from '../sessions/pending-changes.ts';
import { createPolicyApplication } from '../sessions/policy-application.ts';
import type { SessionBus } from '../events/session-bus.ts';
import { UsageError, type Arguments } from './arguments.ts';
import type { Command, CommandContext } from './command.ts';
import { withSessionBus } from './live-events.ts';
import { JSON_FLAG, print } from './output.ts';
import { findAccountById } from './targets.ts';

const APPLICATIONS: Readonly<Record<string, Application>> = {
  'next-login': 'NEXT_LOGIN',
  'active-sessions': 'ACTIVE_SESSIONS',
};
/** The value that clears a limit of the account. */
const SYSTEM_DEFAULT = 'default';
const PLAN_FLAG = 'plan';

const setPolicyCommand: Command = {
  usage:
    '--account ID --idle-minutes N|default --absolute-minutes N|default [--apply next-login|active-sessions] [--plan] [--json]',
  summary:
    'Sets the session policy of an account, from the next sign-in on, or also for live sessions. --plan shows the effect and changes nothing.',
  required: ['account', 'idle-minutes', 'absolute-minutes'],
  optional: ['apply'],
  flags: [PLAN_FLAG, JSON_FLAG],
  prepare(given) {
    const overrides = {
      idleMinutes: readMinutes(given, 'idle-minutes'),
      absoluteMinutes: readMinutes(given, 'absolute-minutes'),
    };
    const apply = readApplication(given);
    return async (context) => {
      const account = await findAccountById(context.database.em(), given.required('account'));
      return given.has(PLAN_FLAG)
        ? plan(given, context, account.id, overrides)
        : change(given, context, account.id, { ...overrides, apply, expectedVersion: null });
    };
  },
};

export const policyCommands: Record<string, Command> = { 'set-policy': setPolicyCommand };

async function plan(
  given: Arguments,
  context: CommandContext,
  accountId: string,
  overrides: PolicyOverrides,
): Promise<string> {
  const { effective, impact } = await withPolicyService(context, async (policies) => ({
    effective: effectivePolicy(overrides, policies.bounds),
    impact: await policies.operator.preview(accountId, overrides),
  }));
  const { activeSessions, endNow, endWithinHour, shortened } = impact;
  const json = { plan: true, accountId, ...effective, activeSessions, endNow, endWithinHour, shortened };
  return print(given, json, () =>
    [
      `New sessions would last ${shownLimits(effective)}.`,
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
  const json = {
    plan: false,
    accountId,
    ...effective,
    version: account.policyVersion,
    apply,
    endedSessions,
    shortenedSessions,
  };
  return print(given, json, () =>
    [
      `Version ${account.policyVersion} of the policy is saved. New sessions last ${shownLimits(effective)}.`,
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

const shownLimits = ({ idleMinutes, absoluteMinutes }: { idleMinutes: number; absoluteMinutes: number }) =>
  `${idleMinutes} minutes without activity and at most ${absoluteMinutes} minutes`;

/** Null: the system default. */
function readMinutes(given: Arguments, option: string): number | null {
  const text = given.required(option);
  if (text === SYSTEM_DEFAULT) return null;
  if (/^\d{1,9}$/.test(text)) return Number(text);
  throw new UsageError(`--${option} must be a whole number of minutes, or "${SYSTEM_DEFAULT}".`);
}

function readApplication(given: Arguments): Application {
  const text = given.text('apply') ?? 'next-login';
  if (Object.hasOwn(APPLICATIONS, text)) return APPLICATIONS[text]!;
  throw new UsageError(`--apply must be ${Object.keys(APPLICATIONS).join(' or ')}.`);
}
