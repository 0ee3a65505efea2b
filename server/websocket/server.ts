import { CloseCode } from 'graphql-ws';
import type { GraphQLFormattedError, GraphQLSchema } from 'graphql';
import type { IncomingMessage, Server } from 'node:http';
import type { RawData, WebSocket } from 'ws';
import type { ClientInfo } from '../rules/caller.ts';
import type { SessionWatch } from '../expiry/session-watch.ts';
import type { Logger } from '../logger.ts';
import type { SecurityLog } from '../security-log/security-log.ts';
import type { ServiceKeyWatch } from '../service-api/service-key-watch.ts';
import type { SessionAuthentication } from '../sessions/caller-authentication.ts';
import type { Loaders } from '../graphql/context.ts';
import type { LabelOperation } from '../graphql/operation-label.ts';
import type { Metrics } from '../metrics/metrics.ts';
import type { Tracing } from '../tracing/tracing.ts';
import { createFeedProofs } from '../account-feed/feed-proofs.ts';
import type { RequestScope } from '../http/request-scope.ts';
import { GOING_AWAY, SIGN_IN_AGAIN, STALE_REASON, TRY_AGAIN_LATER } from './close-codes.ts';
import { createConnections, LAST_EVENTS_TIMEOUT_MS, type Connection } from './connections.ts';
import { send, toCloseReason } from './frames.ts';
import { createGraphQLSockets } from './graphql-hooks.ts';
import { startPings } from './pings.ts';
import { acceptUpgrades } from './upgrade.ts';

export interface WebSockets {
  readonly openSockets: number;
  close(): Promise<void>;
}

/** Serves GraphQL subscriptions: carries messages between the sockets and graphql-ws. */
export function serveWebSockets(dependencies: {
  server: Server;
  schema: GraphQLSchema;
  authentication: SessionAuthentication;
  watch: SessionWatch;
  keyWatch: ServiceKeyWatch;
  serviceKeys: { isValid(keyId: string): Promise<boolean> };
  isAllowedOrigin: (origin: string) => boolean;
  clientOf: (request: IncomingMessage) => ClientInfo;
  loaders: Loaders;
  formatError: (formatted: GraphQLFormattedError, error: unknown) => GraphQLFormattedError;
  scope: RequestScope;
  logger: Logger;
  labelOf: LabelOperation;
  metrics: Metrics;
  /** Null: no traces. */
  tracing: Tracing | null;
  /** Null: requests are not logged. */
  requestLog: Logger | null;
  securityLog: SecurityLog;
}): WebSockets {
  const { watch, clientOf, formatError, scope, logger } = dependencies;
  const connections = createConnections(dependencies);
  const graphqlSockets = createGraphQLSockets({ ...dependencies, connections });
  const pings = startPings();
  const upgrades = acceptUpgrades(dependencies, openConnection);
  const stopFreshnessWatch = watch.freshness.onChange((isStale) => {
    // Clients connect to another node, or retry until this one reads current rows again.
    if (isStale) void connections.closeAll(TRY_AGAIN_LATER, STALE_REASON);
  });

  function openConnection(socket: WebSocket, request: IncomingMessage, requestId: string): void {
    // ws itself closes the socket, with the right code, after an oversized or malformed frame.
    socket.on('error', (error) => logger.debug({ err: error }, 'a client broke the WebSocket protocol'));
    if (watch.freshness.isStale) return socket.close(TRY_AGAIN_LATER, STALE_REASON);
    const connection: Connection = {
      socket,
      client: clientOf(request),
      id: requestId,
      caller: null,
      openSubscriptions: new Set(),
      endReason: null,
      stopWatching: () => {},
      feedProofs: createFeedProofs(),
    };
    connections.add(connection);
    const closed = graphqlSockets.opened(
      {
        protocol: socket.protocol,
        send: (text) => send(socket, text),
        close: (code, reason) =>
          socket.close(code, code === SIGN_IN_AGAIN ? 'UNAUTHENTICATED' : toCloseReason(reason)),
        onPing: (payload) => send(socket, connection.feedProofs.pong(payload)),
        onMessage: (receive) =>
          socket.on('message', (data: RawData) =>
            scope.run(
              { id: requestId, abort: () => socket.terminate() },
              () => void receiveOrClose(socket, receive, data),
            ),
          ),
      },
      connection,
    );
    pings.add(socket);
    socket.once('close', (code, reason) => {
      connections.remove(connection);
      // Runs outside every request's scope: a subscription that fails to end must not stop the process.
      closed(code, String(reason)).catch((error: unknown) =>
        logger.error({ err: error }, 'a subscription did not end cleanly'),
      );
    });
  }

  async function receiveOrClose(
    socket: WebSocket,
    receive: (text: string) => Promise<void>,
    data: RawData,
  ): Promise<void> {
    try {
      await receive(String(data));
    } catch (error) {
      if (isServerMessage(error)) return socket.close(CloseCode.BadRequest, 'Invalid message received');
      const formatted = formatError({ message: 'Internal server error' }, error);
      const isRetryable = formatted.extensions?.code === 'UNAVAILABLE';
      socket.close(isRetryable ? TRY_AGAIN_LATER : CloseCode.InternalServerError, formatted.message);
    }
  }

  return {
    get openSockets() {
      return connections.size;
    },
    async close() {
      pings.stop();
      stopFreshnessWatch();
      upgrades.stop();
      void connections.closeAll(GOING_AWAY, 'Going away');
      await upgrades.close(LAST_EVENTS_TIMEOUT_MS);
    },
  };
}

/** graphql-ws closes on messages it cannot read, and throws at messages that only a server may send. */
const isServerMessage = (error: unknown): boolean =>
  error instanceof Error && error.message.startsWith('Unexpected message of type');
