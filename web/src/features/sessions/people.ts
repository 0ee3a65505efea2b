import type { ApolloClient } from '@apollo/client';
import { SessionsPeopleDocument, type SessionsPersonFragment } from '../../generated/sessions-operations.ts';
import type { Source } from './list-reader.ts';

export type Person = SessionsPersonFragment;

export interface Totals {
  /** Users of the account with a current session, including the viewer. */
  people: number;
  /** Current sessions of the account; exact below 10,000. */
  sessions: number;
  /** Current sessions of the viewer. */
  ownSessions: number;
}

/** The server's order: latest sign-in first, people without one last, then by id. */
function compare(a: Person, b: Person): number {
  const [ofA, ofB] = [a.lastLoginAt ?? '', b.lastLoginAt ?? ''];
  if (ofA !== ofB) return ofA > ofB ? -1 : 1;
  return a.userId < b.userId ? -1 : Number(a.userId > b.userId);
}

/** The signed-in users. Bypasses the cache, which keeps no order. */
export function peopleSource(
  client: ApolloClient,
  { viewerId }: { viewerId: string },
): Source<Person, Totals> {
  return {
    order: { idOf: ({ userId }) => userId, compare },
    pageSize: 20,
    async load(first, after) {
      const { data } = await client.query({
        query: SessionsPeopleDocument,
        // One more than is shown reveals whether there are more.
        variables: { first: first + 1, after: after?.userId ?? null, viewerId },
        fetchPolicy: 'no-cache',
      });
      const { sessionPolicy, all, own } = data!;
      const { activeUsers, activeUserCount } = sessionPolicy;
      return {
        items: activeUsers.slice(0, first),
        hasMore: activeUsers.length > first,
        summary: { people: activeUserCount, sessions: all.totalCount, ownSessions: own.totalCount },
      };
    },
  };
}
