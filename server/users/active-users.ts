import { User } from '../accounts/user.entity.ts';
import type { Clock } from '../clock.ts';
import { isUuid } from '../database/ids.ts';
import type { Database } from '../database/database.ts';
import { REPORT_TIMEOUT_MS } from '../database/timeouts.ts';
import type { SharedReads } from '../database/shared-reads.ts';
import { badInput } from '../errors.ts';
import { requirePageSize } from '../pagination.ts';
import { countActiveUsers, listActiveUsers, type ActiveUserView } from './active-users.sql.ts';
import { toSearch } from './user-search.ts';

/** The users with live sessions, as an owner lists and searches them. */
export interface ActiveUsers {
  list(
    viewer: { accountId: string; userId: string },
    request: { first: number; after: string | null; search: string | null },
  ): Promise<ActiveUserView[]>;
  count(accountId: string, search: string | null): Promise<number>;
}

export function createActiveUsers(dependencies: {
  database: Database;
  sharedReads: SharedReads;
  clock: Clock;
}): ActiveUsers {
  const { database, sharedReads, clock } = dependencies;
  const { unicodeCollation } = database;

  /** @throws BAD_USER_INPUT for an unknown user, and equally for a user of another account */
  async function requireUserOfAccount(accountId: string, id: string): Promise<User> {
    const user = isUuid(id) ? await database.em().findOne(User, { id, accountId }) : null;
    if (user) return user;
    throw badInput('after', 'after is not a user of this account.', { reason: 'UNKNOWN_USER' });
  }

  return {
    async list({ accountId, userId }, request) {
      const first = requirePageSize(request.first);
      const filter = { accountId, search: toSearch(request.search), unicodeCollation };
      const after = request.after === null ? null : await requireUserOfAccount(accountId, request.after);
      return listActiveUsers(database.em(), filter, userId, { first, after }, clock.now());
    },
    async count(accountId, text) {
      const search = toSearch(text);
      return sharedReads.read(accountId, `active users ${search ?? ''}`, () =>
        database.longTransaction(REPORT_TIMEOUT_MS, (em) =>
          countActiveUsers(em, { accountId, search, unicodeCollation }, clock.now()),
        ),
      );
    },
  };
}
