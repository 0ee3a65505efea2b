import { sql } from 'kysely';
import { User } from '../../accounts/user.entity.ts';
import type { EntityManager } from '../../database/database.ts';
import type { Person } from './claims.ts';
import { rowsOf } from '../../database/rows.ts';

type Identity = Pick<Person, 'issuer' | 'subject'>;

/** Returns the id of the user linked with this subject. Null: none is. */
export async function findLinkedUserId(
  em: EntityManager,
  { issuer, subject }: Identity,
): Promise<string | null> {
  const rows = await rowsOf(
    em,
    sql<{ user_id: string }>`
    select user_id from user_identities where issuer = ${issuer} and subject = ${subject}`,
  );
  return rows[0]?.user_id ?? null;
}

/**
 * Finds the user of a subject: the linked one, else the user with this sign-in e-mail. `isNew`: the subject still has
 * to be linked.
 */
export async function findUserOf(
  em: EntityManager,
  identity: Identity,
  email: string | null,
): Promise<{ user: User; isNew: boolean } | null> {
  const linkedId = await findLinkedUserId(em, identity);
  if (linkedId !== null) return { user: await em.findOneOrFail(User, linkedId), isNew: false };
  const user = email === null ? null : await em.findOne(User, { signInEmail: email });
  return user && { user, isNew: true };
}

/** The result of linking. A concurrent sign-in may have linked the subject first, with this user or another. */
export type Linking = 'linked' | 'linked before' | 'linked with another';

export async function linkIdentity(
  em: EntityManager,
  identity: Identity,
  userId: string,
  now: Date,
): Promise<Linking> {
  const { issuer, subject } = identity;
  const rows = await rowsOf(
    em,
    sql`
    insert into user_identities (issuer, subject, user_id, created_at)
    values (${issuer}, ${subject}, ${userId}, ${now})
    on conflict (issuer, subject) do nothing returning user_id`,
  );
  if (rows.length === 1) return 'linked';
  return (await findLinkedUserId(em, identity)) === userId ? 'linked before' : 'linked with another';
}

/** Whether the user is linked with a subject of this issuer, in any of its forms. */
export async function isLinkedWith(
  em: EntityManager,
  userId: string,
  issuers: readonly string[],
): Promise<boolean> {
  const rows = await rowsOf(
    em,
    sql`select 1 from user_identities where user_id = ${userId} and issuer = any(${[...issuers]}::text[]) limit 1`,
  );
  return rows.length === 1;
}

/** Unlinks every identity of users who are deleted. */
export async function unlinkIdentities(em: EntityManager, userIds: readonly string[]): Promise<void> {
  await rowsOf(em, sql`delete from user_identities where user_id = any(${[...userIds]}::uuid[])`);
}
