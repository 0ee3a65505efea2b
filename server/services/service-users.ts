import { sql } from 'kysely';
import { randomUUID } from 'node:crypto';
import type { ServiceCaller } from '../accounts/caller.ts';
import { requireEmail, requireName } from '../accounts/email.ts';
import { User } from '../accounts/user.entity.ts';
import type { Audit } from '../audit/audit.ts';
import { isUuid } from '../database/ids.ts';
import type { EntityManager } from '../database/orm.ts';
import { notFound } from '../errors.ts';
import { findAccount, toNamedAccount, type AccountNaming } from './service-accounts.ts';
import { required, toNamed, type Named } from './service-input.ts';

export interface UserNaming extends AccountNaming {
  userId?: string | null;
  externalId?: string | null;
}

export interface NamedUser {
  user: Named;
  account: Named | null;
}

/**
 * Whom a call is about. An id of the calling application is one of one account, so a key for all accounts has to
 * name that, too. @throws BAD_USER_INPUT
 */
export function toNamedUser(service: ServiceCaller, naming: UserNaming): NamedUser {
  const user = toNamed({ id: naming.userId, externalId: naming.externalId }, ['userId', 'externalId']);
  if (user === null) throw required('userId', 'Either userId or externalId is needed.');
  const account = toNamedAccount(naming);
  if (service.accountId === null && account === null && 'externalId' in user) throw accountRequired();
  return { user, account };
}

export const accountRequired = () =>
  required('accountId', 'A service key for all accounts has to name the account.');

/** @throws NOT_FOUND, alike for a user who does not exist and one outside the key's reach */
export async function findUser(
  em: EntityManager,
  service: ServiceCaller,
  { user: named, account }: NamedUser,
): Promise<User> {
  const accountId = await findAccount(em, service, account);
  const within = accountId === null ? {} : { accountId };
  const user = 'id' in named && !isUuid(named.id) ? null : await em.findOne(User, { ...named, ...within });
  if (!user) throw notFound('User');
  return user;
}

/** What the calling application says of a user; null: nothing. */
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
 * The user of the account with this id in the calling application, in the caller's transaction: created on first
 * sight as a member who cannot sign in here until invited, and labelled anew where the label differs. Of several
 * first sights at once one creates; the others wait for it and find its user. The caller holds the account's row.
 * @throws BAD_USER_INPUT when a first sight lacks e-mail or name
 */
export async function meetUser(
  em: EntityManager,
  service: ServiceCaller,
  who: { accountId: string; externalId: string; label: Label },
  { audit, ipAddress }: { audit: Audit; ipAddress: string | null },
  now: Date,
): Promise<User> {
  const { accountId, externalId, label } = who;
  const known = await em.findOne(User, { accountId, externalId });
  if (known) return relabel(em, known, label);
  if (label.email === null) throw required('email', 'A user who is new here needs an email.');
  if (label.name === null) throw required('name', 'A user who is new here needs a name.');

  const { rows } = await sql<{ id: string }>`
    insert into users (id, account_id, external_id, name, email, sign_in_email, role, created_at)
    values (${randomUUID()}, ${accountId}, ${externalId}, ${label.name}, ${label.email}, null, 'MEMBER', ${now})
    on conflict (account_id, external_id) where external_id is not null do nothing
    returning id`.execute(em.getKysely());
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
  return relabel(em, user, label);
}

/** The e-mail of somebody who signs in with it here is no label, and stays. */
async function relabel(em: EntityManager, user: User, { email, name }: Label): Promise<User> {
  if (name !== null) user.name = name;
  if (email !== null && user.signInEmail === null) user.email = email;
  await em.flush();
  return user;
}
