import type { ApolloClient } from '@apollo/client';
import { AccountSessionsDocument, type AccountSessionsQuery } from '../../generated/operations.ts';

const PAGE = 100;

/** The ids of all sessions of a user but the current one, asked for now. */
export async function listOthers(client: ApolloClient, userId: string): Promise<string[]> {
  const ids: string[] = [];
  let after: string | null = null;
  do {
    const page: AccountSessionsQuery['sessions'] = await client
      .query({
        query: AccountSessionsDocument,
        variables: { userId, first: PAGE, after },
        fetchPolicy: 'no-cache',
      })
      .then(({ data }) => data!.sessions);
    ids.push(...page.edges.filter(({ node }) => !node.isCurrent).map(({ node }) => node.id));
    after = page.pageInfo.hasNextPage ? (page.pageInfo.endCursor ?? null) : null;
  } while (after !== null);
  return ids;
}
