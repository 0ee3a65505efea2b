import { replaceNul } from '../database/replace-nul.ts';
import { REPORT_TIMEOUT_MS } from '../database/timeouts.ts';
import { policyOf, type AccountPolicy } from '../rules/account-policy.ts';
import { effectivePolicy, type PolicyBounds } from '../rules/policy.ts';
import type { Arguments } from './arguments.ts';
import type { Command } from './command.ts';
import { listAccounts, listUsers, type ListedAccount } from './directory.sql.ts';
import { JSON_FLAG, printList, readLimit, shownTime, toPage } from './output.ts';
import { shownRule } from './policy-options.ts';
import { findAccountById } from './targets.ts';

const listAccountsCommand: Command = {
  usage: '[--search TEXT] [--limit N] [--json]',
  summary: 'Lists accounts, oldest first, with their policy, users, live sessions and owners.',
  optional: ['search', 'limit'],
  flags: [JSON_FLAG],
  prepare(given) {
    const limit = readLimit(given);
    return async ({ database, config, now }) => {
      const rows = await database.longTransaction(REPORT_TIMEOUT_MS, (em) =>
        listAccounts(em, { search: searchOf(given), limit: limit + 1 }, now),
      );
      const page = toPage(
        rows.map((row) => toListed(row, config.policy)),
        limit,
      );
      return printList(
        given,
        { name: 'accounts', none: 'There are no accounts.', page },
        {
          id: ({ id }) => id,
          name: ({ name }) => name,
          users: ({ userCount }) => String(userCount),
          'live sessions': ({ liveSessionCount }) => String(liveSessionCount),
          'idle minutes': ({ policy }) => shownLimit(policy.effectiveIdleMinutes, policy.idleMinutes),
          'absolute minutes': ({ policy }) =>
            shownLimit(policy.effectiveAbsoluteMinutes, policy.absoluteMinutes),
          rules: ({ policy }) => policy.rules.map(shownRule).join(' ') || '-',
          'sessions at once': ({ policy }) => shownMaximum(policy),
          owners: ({ owners }) => owners.map(({ email }) => email).join(', ') || '-',
        },
      );
    };
  },
};

const listUsersCommand: Command = {
  usage: '[--account ID] [--search TEXT] [--limit N] [--json]',
  summary:
    'Lists the users of one account or of all, oldest first: role, state, last sign-in and live sessions.',
  optional: ['account', 'search', 'limit'],
  flags: [JSON_FLAG],
  prepare(given) {
    const limit = readLimit(given);
    return async ({ database, now }) => {
      const accountId = given.text('account');
      if (accountId !== null) await findAccountById(database.em(), accountId);
      const rows = await database.longTransaction(REPORT_TIMEOUT_MS, (em) =>
        listUsers(em, { accountId, search: searchOf(given), limit: limit + 1 }, now),
      );
      return printList(
        given,
        { name: 'users', none: 'There are no such users.', page: toPage(rows, limit) },
        {
          id: ({ id }) => id,
          name: ({ name }) => name,
          email: ({ email }) => email,
          role: ({ role }) => role.toLowerCase(),
          state: ({ isActive }) => (isActive ? 'active' : 'inactive'),
          'signs in here': ({ canSignIn, hasPassword }) =>
            canSignIn ? (hasPassword ? 'yes' : 'no password') : 'no',
          'last sign-in': ({ lastLoginAt }) => shownTime(lastLoginAt),
          'live sessions': ({ liveSessionCount }) => String(liveSessionCount),
          account: ({ accountName, accountId }) => `${accountName} (${accountId})`,
        },
      );
    };
  },
};

export const directoryCommands: Record<string, Command> = {
  'list-accounts': listAccountsCommand,
  'list-users': listUsersCommand,
};

function searchOf(given: Arguments): string | null {
  const search = given.text('search')?.trim() ?? '';
  return search === '' ? null : replaceNul(search);
}

/** An account with its policy in one place. */
function toListed(row: ListedAccount, bounds: PolicyBounds) {
  const { id, name, externalId, createdAt, userCount, liveSessionCount, owners } = row;
  const effective = effectivePolicy(row, bounds);
  const { rules, maxSessionsPerUser, sessionLimitAction } = policyOf(row);
  const policy = {
    idleMinutes: row.idleMinutes,
    absoluteMinutes: row.absoluteMinutes,
    effectiveIdleMinutes: effective.idleMinutes,
    effectiveAbsoluteMinutes: effective.absoluteMinutes,
    rules,
    maxSessionsPerUser,
    sessionLimitAction,
    version: row.policyVersion,
  };
  return { id, name, externalId, createdAt, userCount, liveSessionCount, owners, policy };
}

function shownMaximum({
  maxSessionsPerUser,
  sessionLimitAction,
}: Pick<AccountPolicy, 'maxSessionsPerUser' | 'sessionLimitAction'>): string {
  return maxSessionsPerUser === null ? '-' : `${maxSessionsPerUser} (${sessionLimitAction})`;
}

const shownLimit = (effective: number, chosen: number | null): string =>
  chosen === null ? `${effective} (default)` : String(effective);
