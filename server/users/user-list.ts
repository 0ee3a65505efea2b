import type { Database } from '../database/database.ts';
import type { SharedReads } from '../database/shared-reads.ts';
import { REPORT_TIMEOUT_MS } from '../database/timeouts.ts';
import type { UserStatus } from '../generated/schema.ts';
import { MAX_EXACT_COUNT, requirePageSize, toConnectionOf } from '../pagination.ts';
import { decodeUserCursor, encodeUserCursor } from './user-cursor.ts';
import { countUsers, listUsers, type UserFilter, type UserPage } from './user-list.sql.ts';
import { toSearch } from './user-search.ts';

/** The users of an account, as an owner lists and searches them. */
export interface UserList {
  /** @throws BAD_USER_INPUT */
  list(
    accountId: string,
    request: { first: number; after: string | null; search: string | null; status: UserStatus | null },
  ): Promise<UserPage>;
}

export function createUserList(dependencies: { database: Database; sharedReads: SharedReads }): UserList {
  const { database, sharedReads } = dependencies;

  return {
    async list(accountId, request) {
      const first = requirePageSize(request.first);
      const after = request.after === null ? null : decodeUserCursor(request.after);
      const search = toSearch(request.search);
      const { status } = request;
      const { unicodeCollation } = database;
      const filter: UserFilter = { accountId, search, status, unicodeCollation };
      const slice = { first, after };
      // A search that finds few reads every user of the account: one at a time, and as long as a report may take.
      const users =
        search === null
          ? await listUsers(database.em(), filter, slice)
          : await sharedReads.read(accountId, `users ${JSON.stringify([search, status, slice])}`, () =>
              database.longTransaction(REPORT_TIMEOUT_MS, (em) => listUsers(em, filter, slice)),
            );
      return toConnectionOf(
        users,
        slice,
        ({ sortName, id }) => encodeUserCursor({ name: sortName, id }),
        () =>
          sharedReads.read(accountId, `number of users ${JSON.stringify([search, status])}`, () =>
            database.longTransaction(REPORT_TIMEOUT_MS, (em) => countUsers(em, filter, MAX_EXACT_COUNT)),
          ),
      );
    },
  };
}
