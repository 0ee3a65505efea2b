import { User } from '../accounts/user.entity.ts';
import type { Clock } from '../clock.ts';
import { isUuid } from '../database/ids.ts';
import type { Database } from '../database/orm.ts';
import type { Turns } from '../database/turns.ts';
import { badInput } from '../errors.ts';
import { requirePageSize } from '../pagination.ts';
import { countActiveUsers, listActiveUsers, type ActiveUserView } from './active-user.lists.ts';

const SEARCH_MAX = 200;

/** Who is signed in, as the owner of an account looks for them. */
export interface ActiveUsers {
  list(
    viewer: { accountId: string; userId: string },
    request: { first: number; after: string | null; search: string | null },
  ): Promise<ActiveUserView[]>;
  count(accountId: string, search: string | null): Promise<number>;
}

export function createActiveUsers(dependencies: {
  database: Database;
  turns: Turns;
  clock: Clock;
}): ActiveUsers {
  const { database, turns, clock } = dependencies;

  /** @throws BAD_USER_INPUT for whoever is no user of the account, alike for nobody and for somebody of another one */
  async function requireUserOf(accountId: string, id: string): Promise<User> {
    const user = isUuid(id) ? await database.em().findOne(User, { id, accountId }) : null;
    if (user) return user;
    throw badInput('after', 'after is not a user of this account.', { reason: 'UNKNOWN_USER' });
  }

  return {
    async list({ accountId, userId }, request) {
      const first = requirePageSize(request.first);
      const filter = { accountId, search: toSearch(request.search) };
      const after = request.after === null ? null : await requireUserOf(accountId, request.after);
      return listActiveUsers(database.em(), filter, userId, { first, after }, clock.now());
    },
    async count(accountId, text) {
      const search = toSearch(text);
      return turns.take(accountId, `active users ${search ?? ''}`, () =>
        countActiveUsers(database.em(), { accountId, search }, clock.now()),
      );
    },
  };
}

/** Null where there is nothing to look for. @throws BAD_USER_INPUT for more than 200 characters */
function toSearch(text: string | null): string | null {
  const search = text?.trim() ?? '';
  if (search.length > SEARCH_MAX) {
    throw badInput('search', `search has at most ${SEARCH_MAX} characters.`, {
      reason: 'OUT_OF_BOUNDS',
      max: SEARCH_MAX,
    });
  }
  // No name holds a NUL, and PostgreSQL would refuse to look for one.
  return search === '' ? null : search.replaceAll('\0', '\u{fffd}');
}
