import DataLoader from 'dataloader';
import type { Caller, ClientInfo } from '../accounts/caller.ts';
import { Account } from '../accounts/account.entity.ts';
import { User } from '../accounts/user.entity.ts';
import type { Database } from '../database/orm.ts';
import type { RefreshCookie } from '../sessions/session.delivery.ts';
import type { FlowCookies } from '../sign-in/oidc/flow.delivery.ts';

export interface Loaders {
  users: DataLoader<string, User>;
  accounts: DataLoader<string, Account>;
}

/** What one operation, or one event of a subscription, knows of its caller. */
export interface GraphQLContext {
  caller: Caller;
  client: ClientInfo;
  refreshCookie: RefreshCookie;
  flowCookies: FlowCookies;
  loaders: Loaders;
}

/** Sockets have no cookie to read or write. */
export const noCookie: RefreshCookie & FlowCookies = { read: () => null, write: () => {}, clear: () => {} };

export function createLoaders(database: Database): Loaders {
  const byId = <T extends { id: string }>(find: (ids: string[]) => Promise<T[]>) =>
    new DataLoader<string, T>(async (ids) => {
      const found = new Map((await find([...ids])).map((entity) => [entity.id, entity]));
      return ids.map((id) => found.get(id) ?? new Error(`No row with id ${id}.`));
    });
  return {
    users: byId((ids) => database.em().find(User, { id: { $in: ids } })),
    accounts: byId((ids) => database.em().find(Account, { id: { $in: ids } })),
  };
}
