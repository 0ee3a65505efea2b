import type { Caller, ClientInfo } from '../rules/caller.ts';
import type { Database } from '../database/database.ts';
import type { UserView } from '../rules/user.ts';
import type { RefreshCookie } from '../sessions/deliver-tokens.ts';
import type { DeviceCookie } from '../sign-in/known-devices.ts';
import type { FlowCookies } from '../sign-in/oidc/deliver-flow.ts';
import type { FeedProofs } from '../account-feed/feed-proofs.ts';
import { createAccountReader, type AccountView } from '../users/account-reader.ts';
import { createUserReader } from '../users/user-reader.ts';
import type { OperationReport } from './operation-report.ts';
import type { Pace } from './paced-loads.ts';

interface Loader<T> {
  /** Joins other loads, of all requests, in one statement. Rejects when there is no row with the id. */
  load(id: string): Promise<T>;
}

export interface Loaders {
  users: Loader<UserView>;
  accounts: Loader<AccountView>;
  /** For objects that came with others, such as the users of a page of sessions. */
  pace: Pace;
}

/** The context of one operation, or of one event of a subscription. */
export interface GraphQLContext {
  caller: Caller;
  /** Authenticates the request's credentials again, against the current rows. @throws UNAVAILABLE */
  identify(): Promise<Caller>;
  client: ClientInfo;
  /** Whether the client has closed its connection and no longer waits for the response. */
  isGone(): boolean;
  refreshCookie: RefreshCookie;
  flowCookies: FlowCookies;
  deviceCookie: DeviceCookie;
  /** Names the request, or the socket, in the log. */
  requestId: string;
  /** Takes what came of the operation. Absent on a socket. */
  onReport?(report: OperationReport): void;
  loaders: Loaders;
  /** Set on a socket: registers the proof of a feed that is opened on it. */
  onProof?: FeedProofs['add'];
}

/** The cookies of a socket: it reads and writes none. */
export const noCookie: RefreshCookie & FlowCookies & DeviceCookie = {
  read: () => null,
  write: () => {},
  clear: () => {},
};

export function createLoaders(database: Database, pace: Pace): Loaders {
  const paced = <T>(read: (id: string) => Promise<T | null>): Loader<T> => ({
    async load(id) {
      const found = await read(id);
      if (found === null) throw new Error(`No row with id ${id}.`);
      return pace(found);
    },
  });
  return { users: paced(createUserReader(database)), accounts: paced(createAccountReader(database)), pace };
}
