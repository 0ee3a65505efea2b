import type { ApolloClient } from '@apollo/client';
import {
  SessionsOfPersonDocument,
  type SessionsSessionFragment,
} from '../../generated/sessions-operations.ts';
import type { Source } from './list-reader.ts';

export type ListedSession = SessionsSessionFragment;

/** The current sessions of one user, latest sign-in first. */
export function sessionsOfPerson(client: ApolloClient, userId: string): Source<ListedSession, number> {
  // A cursor stays valid: a session never changes its position in this list.
  const cursors = new Map<string, string>();
  return {
    order: { idOf: ({ id }) => id, compare },
    pageSize: 10,
    async load(first, after) {
      const { data } = await client.query({
        query: SessionsOfPersonDocument,
        variables: { userId, first, after: after && cursors.get(after.id) },
        fetchPolicy: 'no-cache',
      });
      const { edges, pageInfo, totalCount } = data!.sessions;
      for (const { node, cursor } of edges) cursors.set(node.id, cursor);
      return { items: edges.map(({ node }) => node), hasMore: pageInfo.hasNextPage, summary: totalCount };
    },
  };
}

function compare(a: ListedSession, b: ListedSession): number {
  if (a.authenticatedAt !== b.authenticatedAt) return a.authenticatedAt > b.authenticatedAt ? -1 : 1;
  return a.id > b.id ? -1 : Number(a.id < b.id);
}
