import { sql } from 'kysely';
import { createBatchedRead } from '../database/batched-read.ts';
import type { Database } from '../database/database.ts';
import { listOf } from '../database/prepared-statements.ts';
import { rowsOf } from '../database/rows.ts';
import type { AuthenticationMethod } from '../generated/schema.ts';
import { toAuthenticationMethod } from '../rules/authentication.ts';

export interface StoredAuthentication {
  /** Null: not stored. */
  method: AuthenticationMethod | null;
  providerId: string | null;
  isNewDevice: boolean;
}

/**
 * Reads how the user of a session signed in. Apart from the session's other columns, which every check of a token reads:
 * only lists for people ask. Null: no such session.
 */
export type ReadAuthentication = (sessionId: string) => Promise<StoredAuthentication | null>;

export const createAuthenticationReader = (database: Database): ReadAuthentication =>
  createBatchedRead(async (ids) => {
    const rows = await database.withTimeout(
      rowsOf(
        database.em(),
        sql<{ id: string; method: string | null; provider: string | null; isNewDevice: boolean }>`
        select s.id, s.authentication_method as method, s.authentication_provider as provider,
          s.is_new_device as "isNewDevice" from sessions s
        where s.id = any(${listOf('text', ids)}::text[])`,
      ),
    );
    return new Map(
      rows.map(({ id, method, provider, isNewDevice }) => [
        id,
        { method: toAuthenticationMethod(method), providerId: provider, isNewDevice },
      ]),
    );
  });
