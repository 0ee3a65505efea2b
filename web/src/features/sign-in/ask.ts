import { type ApolloClient, ApolloLink, CombinedGraphQLErrors, type TypedDocumentNode } from '@apollo/client';
import { WITHOUT_TOKEN } from '../../lib/apollo.ts';

/**
 * Runs an operation for someone who is not signed in. Bypasses Apollo's store, which is cleared, with all pending queries, once
 * there is no session.
 */
export function ask<Data, Variables extends Record<string, unknown>>(
  client: ApolloClient,
  query: TypedDocumentNode<Data, Variables>,
  variables: Variables,
): Promise<Data> {
  return new Promise((resolve, reject) => {
    ApolloLink.execute(client.link, { query, variables, context: WITHOUT_TOKEN }, { client }).subscribe({
      next: (result) => {
        if (result.errors?.length) reject(new CombinedGraphQLErrors(result));
        else resolve(result.data as Data);
      },
      error: reject,
    });
  });
}
