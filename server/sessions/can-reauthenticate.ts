import { sql } from 'kysely';
import { createBatchedRead } from '../database/batched-read.ts';
import type { Database } from '../database/database.ts';
import { listOf, PREPARED } from '../database/prepared-statements.ts';
import { rowsOf } from '../database/rows.ts';
import { findLinkedProviders, type Vouching } from '../rules/vouching.ts';

/**
 * Whether the user of a live session can authenticate again in it: by their password, or at a configured provider that
 * they are linked with. Never in a session that an application created: it authenticates its users itself.
 */
export type CanReauthenticate = (sessionId: string) => Promise<boolean>;

interface Row {
  id: string;
  hasPassword: boolean;
  signInEmail: string | null;
  accountId: string;
  /** Of the user's identities, one in a line. Null: not read, or there are none. */
  issuers: string | null;
}

/**
 * Apart from the reads of watched sessions: only an operation that asks for it pays for it, and all that ask at one time,
 * such as ten thousand warnings, share a statement.
 */
export function createCanReauthenticate({
  database,
  providers,
}: {
  database: Database;
  /** The configured identity providers. */
  providers: readonly (Vouching & { issuer: string })[];
}): CanReauthenticate {
  const linkedProviders = findLinkedProviders(providers);
  const hasProvider = ({ issuers, ...user }: Row): boolean =>
    linkedProviders({ ...user, issuers: issuers?.split('\n') ?? [] }).length > 0;

  const read = createBatchedRead<string, true>(async (ids) => {
    // An imported session has no limits before its first rotation, and no one has an access token of it.
    const rows = await database.withTimeout(
      rowsOf(
        database.em(),
        sql<Row>`${PREPARED}
        select s.id, u.password_hash is not null as "hasPassword", u.sign_in_email as "signInEmail",
          u.account_id as "accountId",
          case when u.password_hash is null then
            (select string_agg(i.issuer, E'\n') from user_identities i where i.user_id = u.id) end as issuers
        from sessions s join users u on u.id = s.user_id
        where s.id = any(${listOf('text', ids)}::text[]) and s.token_hash is null and s.idle_seconds is not null
          and s.ended_at is null and u.is_active`,
      ),
    );
    return new Map(
      rows.filter((row) => row.hasPassword || hasProvider(row)).map(({ id }) => [id, true] as const),
    );
  });

  return async (sessionId) => (await read(sessionId)) !== null;
}
