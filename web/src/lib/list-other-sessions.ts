import type { ApolloClient } from '@apollo/client';
import { OtherSessionsDocument, type OtherSessionsQuery } from '../generated/operations.ts';

const PAGE_SIZE = 100;

/** Loads the ids of all current sessions of a user except this one. Bypasses the cache. */
export async function listOtherSessions(client: ApolloClient, userId: string): Promise<string[]> {
  const ids: string[] = [];
  let after: string | null = null;
  do {
    const page: OtherSessionsQuery['sessions'] = await client
      .query({
        query: OtherSessionsDocument,
        variables: { userId, first: PAGE_SIZE, after },
        fetchPolicy: 'no-cache',
      })
      .then(({ data }) => data!.sessions);
    ids.push(...page.edges.filter(({ node }) => !node.isCurrent).map(({ node }) => node.id));
    after = page.pageInfo.hasNextPage ? (page.pageInfo.endCursor ?? null) : null;
  } while (after !== null);
  return ids;
}
