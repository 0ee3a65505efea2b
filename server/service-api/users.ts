import { sql } from 'kysely';
import { randomUUID } from 'node:crypto';
import type { ServiceCaller } from '../rules/caller.ts';
import { requireEmail, requireName } from '../email.ts';
import { Account } from '../accounts/account.entity.ts';
import { User } from '../accounts/user.entity.ts';
import type { Audit } from '../audit/audit.ts';
import { isUuid } from '../database/ids.ts';
import type { EntityManager } from '../database/database.ts';
import { notFound } from '../errors.ts';
import { findAccount, toAccountReference, type AccountArguments } from './accounts.ts';
import type { Reach } from './key-reach.ts';
import { required, toReference, type Reference } from './input.ts';
import { rowsOf } from '../database/rows.ts';

/** A user as the arguments of a call name them: by one of two ids, and by an account. */
export interface UserArguments extends AccountArguments {
  userId?: string | null;
  externalId?: string | null;
}

export interface UserReference {
  user: Reference;
  account: Reference | null;
}

/**
 * Returns the user that a call names. An external id belongs to one account, so with a key for all accounts the call must
 * name the account as well. @throws BAD_USER_INPUT
 */
export function toUserReference(reach: Reach, given: UserArguments): UserReference {
  const user = toReference({ id: given.userId, externalId: given.externalId }, ['userId', 'externalId']);
  if (user === null) throw required('userId', 'userId or externalId is required.');
  const account = toAccountReference(given);
  if (reach.accountId === null && account === null && 'externalId' in user) throw accountRequired();
  return { user, account };
}

/** The queue in which a change waits (`accountTransaction`), from what the call says of the account before any read. */
export const queueOf = (service: ServiceCaller, { account, user }: UserReference): string =>
  service.accountId ?? JSON.stringify(account ?? user);

export const accountRequired = () =>
  required('accountId', 'With a service key for all accounts, accountId or accountExternalId is required.');

/** @throws NOT_FOUND, identical for a user who does not exist, a deleted one and one outside the reach */
export async function findUser(
  em: EntityManager,
  reach: Reach,
  { user: reference, account }: UserReference,
): Promise<User> {
  const accountId = await findAccount(em, reach, account);
  const within = accountId === null ? {} : { accountId };
  const user =
    'id' in reference && !isUuid(reference.id)
      ? null
      : await em.findOne(User, { ...reference, ...within, deletedAt: null });
  if (!user) throw notFound('User');
  // A user of a deleted account may not be erased yet.
  if (accountId === null) await requireAccount(em, user.accountId);
  return user;
}

async function requireAccount(em: EntityManager, accountId: string): Promise<void> {
  if ((await em.count(Account, { id: accountId, deletedAt: null })) === 0) throw notFound('User');
}

/** The e-mail and name that the calling application gives for a user; null when it gives none. */
export interface Label {
  email: string | null;
  name: string | null;
}

/** @throws BAD_USER_INPUT */
export const toLabel = (given: { email?: string | null; name?: string | null }): Label => ({
  email: given.email == null ? null : requireEmail(given.email),
  name: given.name == null ? null : requireName(given.name),
});

/**
 * Returns the user of the account with this external id, in the caller's transaction. Creates a new user as a member who
 * cannot sign in here until invited, and updates the label of a known one. Of concurrent calls for a new user one creates
 * the row; the others wait for it and return its user. The caller has locked the account's row.
 * @throws BAD_USER_INPUT when e-mail or name of a new user is missing
 */
export async function findOrCreateUser(
  em: EntityManager,
  service: ServiceCaller,
  given: { accountId: string; externalId: string; label: Label },
  { audit, ipAddress }: { audit: Audit; ipAddress: string | null },
  now: Date,
): Promise<User> {
  const { accountId, externalId, label } = given;
  const known = await em.findOne(User, { accountId, externalId });
  if (known) return updateLabel(em, known, label);
  if (label.email === null) throw required('email', 'A new user needs an email.');
  if (label.name === null) throw required('name', 'A new user needs a name.');

  const rows = await rowsOf(
    em,
    sql<{ id: string }>`
    insert into users (id, account_id, external_id, name, email, sign_in_email, role, created_at)
    values (${randomUUID()}, ${accountId}, ${externalId}, ${label.name}, ${label.email}, null, 'MEMBER', ${now})
    on conflict (account_id, external_id) where external_id is not null do nothing
    returning id`,
  );
  const createdId = rows[0]?.id;
  if (createdId !== undefined) {
    await audit.record(
      em,
      {
        accountId,
        action: 'user.created',
        actor: { id: null, name: service.name },
        resource: { type: 'user', id: createdId },
        details: { external_id: externalId, email: label.email, role: 'MEMBER' },
        ipAddress,
      },
      now,
    );
  }
  const user = await em.findOneOrFail(User, { accountId, externalId });
  return updateLabel(em, user, label);
}

/** Keeps the e-mail of a user who signs in with it here: there it is a credential. */
async function updateLabel(em: EntityManager, user: User, { email, name }: Label): Promise<User> {
  if (name !== null) user.name = name;
  if (email !== null && user.signInEmail === null) user.email = email;
  await em.flush();
  return user;
}
