import type { ApolloClient } from '@apollo/client';
import {
  SessionsFoundDocument,
  type SessionOrder,
  type SessionsFoundSessionFragment,
  type SessionStatus,
} from '../../generated/sessions-operations.ts';
import type { Source } from './list-reader.ts';

/** A session with its user, in a list of several users. */
export type FoundSession = SessionsFoundSessionFragment;

/** The sessions of the account that `search` finds: current ones latest sign-in first, ended ones latest end first. */
export function foundSessions(
  client: ApolloClient,
  { status, search }: { status: SessionStatus; search: string },
): Source<FoundSession, number> {
  const orderBy: SessionOrder = status === 'ENDED' ? 'ENDED_AT' : 'SIGN_IN';
  const positionOf = ({ endedAt, authenticatedAt }: FoundSession) =>
    (orderBy === 'ENDED_AT' ? endedAt : authenticatedAt) ?? '';
  // A cursor stays valid: a session never changes its position in these lists.
  const cursors = new Map<string, string>();
  return {
    order: {
      idOf: ({ id }) => id,
      compare(a, b) {
        const [ofA, ofB] = [positionOf(a), positionOf(b)];
        if (ofA !== ofB) return ofA > ofB ? -1 : 1;
        return a.id > b.id ? -1 : Number(a.id < b.id);
      },
    },
    pageSize: 20,
    async load(first, after) {
      const { data } = await client.query({
        query: SessionsFoundDocument,
        variables: { first, after: after && cursors.get(after.id), status, search, orderBy },
        fetchPolicy: 'no-cache',
      });
      const { edges, pageInfo, totalCount } = data!.sessions;
      for (const { node, cursor } of edges) cursors.set(node.id, cursor);
      return { items: edges.map(({ node }) => node), hasMore: pageInfo.hasNextPage, summary: totalCount };
    },
  };
}
