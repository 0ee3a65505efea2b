import { sql } from 'kysely';
import { User } from '../../accounts/user.entity.ts';
import type { EntityManager } from '../../database/orm.ts';
import type { Person } from './claims.ts';

type Identity = Pick<Person, 'issuer' | 'subject'>;

/** The id of the user whom this subject was linked with; null for a subject that was never here. */
export async function findLinkedUserId(
  em: EntityManager,
  { issuer, subject }: Identity,
): Promise<string | null> {
  const { rows } = await sql<{ user_id: string }>`
    select user_id from user_identities where issuer = ${issuer} and subject = ${subject}`.execute(
    em.getKysely(),
  );
  return rows[0]?.user_id ?? null;
}

/**
 * Whom the subject stands for: who it was linked with before, else whose sign-in address `email` is. `isNew` says that
 * it still has to be linked.
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

/** How linking went: of two that link the same subject at once, the second finds it done, for better or worse. */
export type Linking = 'linked' | 'linked before' | 'linked with another';

export async function linkIdentity(
  em: EntityManager,
  identity: Identity,
  userId: string,
  now: Date,
): Promise<Linking> {
  const { issuer, subject } = identity;
  const { rows } = await sql`
    insert into user_identities (issuer, subject, user_id, created_at)
    values (${issuer}, ${subject}, ${userId}, ${now})
    on conflict (issuer, subject) do nothing returning user_id`.execute(em.getKysely());
  if (rows.length === 1) return 'linked';
  return (await findLinkedUserId(em, identity)) === userId ? 'linked before' : 'linked with another';
}
