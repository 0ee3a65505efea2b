import { isSessionId } from '../database/ids.ts';
import { AppError } from '../errors.ts';
import { findSession } from '../sessions/session-queries.ts';
import { UsageError, type Arguments } from './arguments.ts';
import type { Command, CommandContext } from './command.ts';
import { endByOperator, planEnds, type EndOutcome, type EndTarget } from './end-sessions.ts';
import { withSessionBus } from './live-events.ts';
import { JSON_FLAG, print, shownTime } from './output.ts';
import { findAccountById, findUserBy, readOneOf, readTime } from './targets.ts';

const TARGETS = ['session', 'user', 'email', 'account'] as const;
const ALL_FLAG = 'all';
const PLAN_FLAG = 'plan';

export const endSessionsCommand: Command = {
  usage:
    '(--session ID or --user ID or --email EMAIL or --account ID or --all [--account ID]) [--since TIME] [--plan] [--json]',
  summary:
    'Ends sessions for good, as REVOKED_BY_SERVICE. --since ends only sessions of sign-ins at TIME (RFC 3339) or before it: after a restore to TIME, those whose later end it has forgotten. --plan counts them and changes nothing.',
  optional: [...TARGETS, 'since'],
  flags: [ALL_FLAG, PLAN_FLAG, JSON_FLAG],
  prepare(given) {
    const by = readTarget(given);
    const since = readTime(given, 'since');
    if (since !== null && by === 'session') throw new UsageError('--since is not for a single session.');
    return async (context) => {
      if (since !== null && since > context.now)
        throw new AppError('BAD_USER_INPUT', '--since is in the future by the clock of the database.');
      const target = await findTarget(given, by, since, context);
      const isPlan = given.has(PLAN_FLAG);
      const outcome = isPlan
        ? await planEnds(context.database.em(), target, context.now)
        : await withSessionBus(context, (bus) => endByOperator({ ...context, bus }, target));
      return printOutcome(given, outcome, { isPlan, since });
    };
  },
};

function readTarget(given: Arguments): (typeof TARGETS)[number] | null {
  if (!given.has(ALL_FLAG)) {
    if (TARGETS.every((option) => given.text(option) === null))
      throw new UsageError('Say which sessions: --session, --user, --email, --account or --all.');
    return readOneOf(given, TARGETS);
  }
  if (TARGETS.some((option) => option !== 'account' && given.text(option) !== null))
    throw new UsageError('--all goes with --account only.');
  return given.text('account') === null ? null : 'account';
}

/** @throws NOT_FOUND */
async function findTarget(
  given: Arguments,
  by: (typeof TARGETS)[number] | null,
  since: Date | null,
  { database }: CommandContext,
): Promise<EndTarget> {
  if (by === null) return { kind: 'all', since };
  const text = given.text(by)!;
  const em = database.em();
  if (by === 'account') return { kind: 'account', accountId: (await findAccountById(em, text)).id, since };
  if (by !== 'session') {
    const { id, accountId } = await findUserBy(em, by, text);
    return { kind: 'user', userId: id, accountId, since };
  }
  const session = isSessionId(text) ? await findSession(em, text) : null;
  if (!session) throw new AppError('NOT_FOUND', `No session has the id ${text}.`);
  return { kind: 'session', session };
}

function printOutcome(
  given: Arguments,
  { endedSessions, accounts, keptSessions }: EndOutcome,
  { isPlan, since }: { isPlan: boolean; since: Date | null },
): string {
  const json = { plan: isPlan, since, endedSessions, accounts, keptSessions };
  return print(given, json, () => {
    const ended = `${count(endedSessions, 'session')} in ${count(accounts, 'account')}`;
    const lines = [isPlan ? `Would end ${ended}. Nothing was changed.` : `Ended ${ended}.`];
    if (since)
      lines.push(
        `${isPlan ? 'Would keep' : 'Kept'} ${count(keptSessions, 'session')} that began after ${shownTime(since)}.`,
      );
    return lines.join('\n');
  });
}

const count = (number: number, what: string): string => `${number} ${what}${number === 1 ? '' : 's'}`;
