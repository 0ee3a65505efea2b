import { ApolloClient, ApolloLink, CombinedGraphQLErrors, HttpLink, InMemoryCache } from '@apollo/client';
import { SetContextLink } from '@apollo/client/link/context';
import { ErrorLink } from '@apollo/client/link/error';
import { RetryLink } from '@apollo/client/link/retry';
import { GraphQLWsLink } from '@apollo/client/link/subscriptions';
import { OperationTypeNode } from 'graphql';
import { from, mergeMap } from 'rxjs';
import type { SessionWatcher } from '@curfew/client';
import type { IdentityConfirmation } from './identity-confirmation.ts';
import { createLiveSocket, type LiveSocket } from './live-socket.ts';
import { createConfirmationLink } from './sensitive-operation.ts';

/** Operation context: sends no access token. Used for signing in. */
export const WITHOUT_TOKEN = { withoutToken: true };

interface Context {
  withoutToken?: boolean;
  /** The access token of the request. */
  accessToken?: string;
  headers?: Record<string, string>;
  isRetry?: boolean;
}

export interface Apollo {
  client: ApolloClient;
  /** The socket of the subscriptions. */
  socket: LiveSocket;
  /** Drops all data and connections of the session, when it has ended or another one has started. */
  reset(): Promise<void>;
}

/** Creates the Apollo client. Links, from page to server: confirmation, rejected tokens, retries, access token, HTTP. */
export function createApolloClient(watcher: SessionWatcher, confirmation: IdentityConfirmation): Apollo {
  /** A token may expire or its session end at any time. The watcher finds out which, once for all operations. */
  const rejectedToken = new ErrorLink(({ error, operation, forward }) => {
    const { accessToken, isRetry } = operation.getContext() as Context;
    if (!accessToken || isRetry) return undefined;
    // An owner's request was forbidden, so the role has changed. A refresh loads the new one.
    if (hasCode(error, 'FORBIDDEN') && watcher.getState().user?.role === 'OWNER')
      watcher.getAccessToken({ refused: accessToken }).catch(() => {});
    if (!hasCode(error, 'UNAUTHENTICATED')) return undefined;
    return from(watcher.getAccessToken({ refused: accessToken })).pipe(
      mergeMap(() => {
        operation.setContext({ isRetry: true });
        return forward(operation);
      }),
    );
  });

  /** Retries queries only: a mutation may have been executed although its response was lost. */
  const lostConnection = new RetryLink({
    delay: { initial: 400, max: 4000, jitter: true },
    attempts: {
      max: 3,
      retryIf: (error, operation) =>
        operation.operationType === OperationTypeNode.QUERY && error instanceof TypeError && navigator.onLine,
    },
  });

  const token = new SetContextLink(async (given) => {
    const previous = given as Context;
    if (previous.withoutToken) return previous;
    const accessToken = await watcher.getAccessToken();
    return {
      ...previous,
      accessToken,
      headers: { ...previous.headers, authorization: `Bearer ${accessToken}` },
    };
  });

  const { client: socketClient, socket } = createLiveSocket(watcher);

  const client = new ApolloClient({
    link: ApolloLink.split(
      ({ operationType }) => operationType === OperationTypeNode.SUBSCRIPTION,
      new GraphQLWsLink(socketClient),
      ApolloLink.from([
        createConfirmationLink(confirmation),
        rejectedToken,
        lostConnection,
        token,
        new HttpLink({ uri: '/graphql' }),
      ]),
    ),
    cache: new InMemoryCache({
      typePolicies: {
        // These types have no id. An account has only one policy.
        SessionPolicy: { keyFields: [] },
        ActiveUser: { keyFields: ['userId'] },
        // Of the policy that it is read with: the one that is tried has others.
        StandardVerdict: { keyFields: false },
      },
    }),
    defaultOptions: { watchQuery: { fetchPolicy: 'cache-and-network' } },
  });
  return {
    client,
    socket,
    async reset() {
      socketClient.terminate();
      await client.clearStore();
    },
  };
}

const hasCode = (error: unknown, code: string): boolean =>
  CombinedGraphQLErrors.is(error) && error.errors.some(({ extensions }) => extensions?.code === code);
