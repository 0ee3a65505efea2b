import { ApolloClient, ApolloLink, CombinedGraphQLErrors, HttpLink, InMemoryCache } from '@apollo/client';
import { SetContextLink } from '@apollo/client/link/context';
import { ErrorLink } from '@apollo/client/link/error';
import { RetryLink } from '@apollo/client/link/retry';
import { GraphQLWsLink } from '@apollo/client/link/subscriptions';
import { OperationTypeNode } from 'graphql';
import { from, mergeMap } from 'rxjs';
import type { SessionWatcher } from '@curfew/client';
import { createLiveSocket, type LiveSocket } from './live-socket.ts';

/** In an operation's context: it goes without an access token, as signing in has to. */
export const WITHOUT_TOKEN = { withoutToken: true };

interface Context {
  withoutToken?: boolean;
  /** The access token that the operation was sent with. */
  accessToken?: string;
  headers?: Record<string, string>;
  isRepeated?: boolean;
}

export interface Apollo {
  client: ApolloClient;
  /** The socket of the subscriptions. */
  socket: LiveSocket;
  /** The session is over or another: nothing that was asked or answered for it stays. */
  reset(): Promise<void>;
}

/** Apollo's links, from the page to the server: refused tokens, lost connections, the token, the wire. */
export function createApolloClient(watcher: SessionWatcher): Apollo {
  /** A token may run out or its session end at any moment. The watcher finds out which, once for all operations. */
  const refusedToken = new ErrorLink(({ error, operation, forward }) => {
    const { accessToken, isRepeated } = operation.getContext() as Context;
    if (!accessToken || isRepeated) return undefined;
    // What an owner's page asks for is not for members: the role has changed, and a renewal brings the new one.
    if (hasCode(error, 'FORBIDDEN') && watcher.getState().user?.role === 'OWNER')
      watcher.getAccessToken({ refused: accessToken }).catch(() => {});
    if (!hasCode(error, 'UNAUTHENTICATED')) return undefined;
    return from(watcher.getAccessToken({ refused: accessToken })).pipe(
      mergeMap(() => {
        operation.setContext({ isRepeated: true });
        return forward(operation);
      }),
    );
  });

  /** Only questions are asked again: a mutation may have been carried out although its answer was lost. */
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
      ApolloLink.from([refusedToken, lostConnection, token, new HttpLink({ uri: '/graphql' })]),
    ),
    cache: new InMemoryCache({
      typePolicies: {
        // One account, one policy; and these have no id of their own.
        SessionPolicy: { keyFields: [] },
        ActiveUser: { keyFields: ['userId'] },
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
