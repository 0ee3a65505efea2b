import { sql } from 'kysely';
import { createBatchedRead } from '../database/batched-read.ts';
import type { Database } from '../database/database.ts';
import { listOf, PREPARED } from '../database/prepared-statements.ts';
import { rowsOf } from '../database/rows.ts';
import type { UserView } from '../rules/user.ts';
import { toUser, USER_COLUMNS, type UserRow } from '../sessions/user-row.ts';

/** Reads a user. Concurrent reads, of all requests, share one statement. Null: no such user. @throws UNAVAILABLE */
export type ReadUser = (id: string) => Promise<UserView | null>;

export const createUserReader = (database: Database): ReadUser =>
  createBatchedRead(async (ids) => {
    const rows = await database.withTimeout(
      rowsOf(
        database.em(),
        sql<UserRow & { user_id: string; account_id: string }>`${PREPARED}
        select u.id as user_id, u.account_id, ${USER_COLUMNS} from users u where u.id = any(${listOf('uuid', ids)}::uuid[])`,
      ),
    );
    return new Map(rows.map((row) => [row.user_id, toUser(row)]));
  });
