import { sql, type RawBuilder } from 'kysely';
import type { EntityManager } from '../database/database.ts';
import { rowsOf } from '../database/rows.ts';
import type { PersonIdentifier } from './subject.ts';

/** Whom a source can name. */
export interface Reach {
  accountId: string;
  /** The issuers of the identities that its subjects name, in every form. */
  identityIssuers: readonly string[];
  /** The issuers that its `iss_sub` subjects may have. */
  subjectIssuers: readonly string[];
  /** Whether an e-mail address names only users with such an identity. */
  needsIdentity: boolean;
}

/**
 * Finds the one user of the account whom the identifiers name. Null: none, or not the same one. An e-mail address is that of
 * the sign-in, which was verified and is unique; the label of an application's user names no one.
 */
export async function findPerson(
  em: EntityManager,
  identifiers: readonly PersonIdentifier[],
  reach: Reach,
): Promise<string | null> {
  const conditions = identifiers.flatMap((identifier): RawBuilder<unknown>[] => {
    switch (identifier.format) {
      case 'iss_sub':
        return reach.subjectIssuers.includes(identifier.issuer)
          ? [hasIdentity(reach, sql`and i.subject = ${identifier.subject}`)]
          : [];
      case 'email':
        return [
          reach.needsIdentity
            ? sql`(u.sign_in_email = ${identifier.email} and ${hasIdentity(reach)})`
            : sql`u.sign_in_email = ${identifier.email}`,
        ];
      default:
        return identifier satisfies never;
    }
  });
  if (conditions.length === 0) return null;
  // One SELECT for each: with `or` between them no index of either serves, and all users are read.
  const selects = conditions.map(
    (condition) => sql`
    select u.id from users u
    where u.account_id = ${reach.accountId} and u.deleted_at is null and ${condition}`,
  );
  const rows = await rowsOf(em, sql<{ id: string }>`${sql.join(selects, sql` union `)} limit 2`);
  return rows.length === 1 ? rows[0]!.id : null;
}

const hasIdentity = ({ identityIssuers }: Reach, more: RawBuilder<unknown> = sql``) => sql`
  u.id in (select i.user_id from user_identities i where i.issuer = any(${[...identityIssuers]}::text[]) ${more})`;
