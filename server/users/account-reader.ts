import { sql } from 'kysely';
import { createBatchedRead } from '../database/batched-read.ts';
import type { Database } from '../database/database.ts';
import { listOf, PREPARED } from '../database/prepared-statements.ts';
import { rowsOf } from '../database/rows.ts';

/** An account as the API shows it. */
export interface AccountView {
  id: string;
  name: string;
  /** The account's id in the back end that created it. */
  externalId?: string | null;
}

/** An account of which only the id may be known. The rest is read when a client asks for it. */
export type AccountReference = AccountView | { id: string; name?: undefined };

/** Reads an account. Concurrent reads, of all requests, share one statement. Null: no such account. @throws UNAVAILABLE */
export type ReadAccount = (id: string) => Promise<AccountView | null>;

export const createAccountReader = (database: Database): ReadAccount =>
  createBatchedRead(async (ids) => {
    const rows = await database.withTimeout(
      rowsOf(
        database.em(),
        sql<AccountView>`${PREPARED}
        select a.id, a.name, a.external_id as "externalId" from accounts a where a.id = any(${listOf('uuid', ids)}::uuid[])`,
      ),
    );
    return new Map(rows.map((row) => [row.id, row]));
  });
