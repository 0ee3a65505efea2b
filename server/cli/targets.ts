import { Account } from '../accounts/account.entity.ts';
import { User } from '../accounts/user.entity.ts';
import type { EntityManager } from '../database/database.ts';
import { isUuid } from '../database/ids.ts';
import { readEmail } from '../email.ts';
import { AppError } from '../errors.ts';
import { readRfc3339 } from '../rfc3339.ts';
import { UsageError, type Arguments } from './arguments.ts';

// What a command is about: the options that name it, and how it is found.

/** Returns which of the options is given. @throws UsageError unless it is exactly one */
export function readOneOf<Option extends string>(given: Arguments, options: readonly Option[]): Option {
  const chosen = options.filter((option) => given.text(option) !== null);
  if (chosen.length === 1) return chosen[0]!;
  const names = options.map((option) => `--${option}`);
  throw new UsageError(`Give exactly one of ${names.slice(0, -1).join(', ')} and ${names.at(-1)}.`);
}

export const USER_OPTIONS = ['user', 'email'] as const;

/** Finds a user by id, or by the e-mail that signs in. @throws NOT_FOUND */
export async function findUserBy(
  em: EntityManager,
  option: (typeof USER_OPTIONS)[number],
  text: string,
): Promise<User> {
  const signInEmail = option === 'email' ? readEmail(text) : null;
  const condition =
    option === 'user' ? isUuid(text) && { id: text } : signInEmail !== null && { signInEmail };
  const user = condition ? await em.findOne(User, condition) : null;
  if (user) return user;
  throw new AppError(
    'NOT_FOUND',
    option === 'user' ? `No user has the id ${text}.` : `No user signs in as ${text}.`,
  );
}

/** @throws NOT_FOUND */
export async function findAccountById(em: EntityManager, id: string): Promise<Account> {
  const account = isUuid(id) ? await em.findOne(Account, { id }) : null;
  if (account) return account;
  throw new AppError('NOT_FOUND', `No account has the id ${id}.`);
}

/** Reads an RFC 3339 time. Null without the option. @throws UsageError */
export function readTime(given: Arguments, option: string): Date | null {
  const text = given.text(option);
  if (text === null) return null;
  const moment = readRfc3339(text);
  if (moment) return moment;
  throw new UsageError(`--${option} must be a time in RFC 3339, such as 2026-12-01T03:00:00Z.`);
}
