import type { ApolloClient } from '@apollo/client';
import { SessionsPeopleDocument, type SessionsPersonFragment } from '../../generated/operations.ts';
import type { Source } from './list-reader.ts';

export type Person = SessionsPersonFragment;

export interface Totals {
  /** Users of the account with a live session, the viewer included. */
  people: number;
  /** Those that the search finds. */
  matching: number;
  /** Live sessions of the account; exact below 10,000. */
  sessions: number;
  /** Those of the viewer. */
  ownSessions: number;
}

/** As the server orders them: the latest sign-in first, nobody's sign-in last, then by id. */
function compare(a: Person, b: Person): number {
  const [ofA, ofB] = [a.lastLoginAt ?? '', b.lastLoginAt ?? ''];
  if (ofA !== ofB) return ofA > ofB ? -1 : 1;
  return a.userId < b.userId ? -1 : Number(a.userId > b.userId);
}

/** The users who are signed in and whom `search` finds. Not from the cache: it would know of no order. */
export function peopleSource(
  client: ApolloClient,
  { search, viewerId }: { search: string; viewerId: string },
): Source<Person, Totals> {
  return {
    order: { idOf: ({ userId }) => userId, compare },
    pageSize: 20,
    async load(first, after) {
      const { data } = await client.query({
        query: SessionsPeopleDocument,
        // One more than is shown tells whether there are more.
        variables: { first: first + 1, after: after?.userId ?? null, search, viewerId },
        fetchPolicy: 'no-cache',
      });
      const { sessionPolicy, all, own } = data!;
      const { activeUsers, everybody, matching } = sessionPolicy;
      return {
        items: activeUsers.slice(0, first),
        hasMore: activeUsers.length > first,
        summary: { people: everybody, matching, sessions: all.totalCount, ownSessions: own.totalCount },
      };
    },
  };
}
