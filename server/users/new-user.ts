import { randomUUID } from 'node:crypto';
import { User } from '../accounts/user.entity.ts';
import { isUniqueViolation } from '../database/database-errors.ts';
import { toAsciiLowerCase } from '../email.ts';
import { AppError } from '../errors.ts';
import type { Role } from '../generated/schema.ts';

/** Builds an active user without a password, who signs in with `email`. */
export function newUser(
  given: { accountId: string; email: string; name: string; role: Role },
  now: Date,
): User {
  return Object.assign(new User(), {
    id: randomUUID(),
    externalId: null,
    ...given,
    signInEmail: toAsciiLowerCase(given.email),
    isActive: true,
    isActiveWhenEnabled: null,
    passwordHash: null,
    passwordVersion: 0,
    lastLoginAt: null,
    createdAt: now,
    deletedAt: null,
  });
}

/** Runs `write`, which stores a sign-in e-mail. @throws CONFLICT with `reason` EMAIL_TAKEN where another user has it */
export async function requireFreeEmail<T>(write: () => Promise<T>): Promise<T> {
  try {
    return await write();
  } catch (error) {
    if (!isUniqueViolation(error)) throw error;
    throw emailTaken();
  }
}

export const emailTaken = () =>
  new AppError('CONFLICT', 'This e-mail address is already used to sign in.', {
    field: 'email',
    reason: 'EMAIL_TAKEN',
  });
