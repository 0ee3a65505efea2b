import {
  CloseCode,
  handleProtocols,
  makeServer,
  type Context,
  type Server as GraphQLWsServer,
} from 'graphql-ws';
import { execute, GraphQLError, subscribe, type GraphQLFormattedError, type GraphQLSchema } from 'graphql';
import type { IncomingMessage, Server } from 'node:http';
import type { Duplex } from 'node:stream';
import { WebSocketServer, type RawData, type WebSocket } from 'ws';
import { unauthenticated, type Caller, type ClientInfo } from '../accounts/caller.ts';
import { AppError } from '../errors.ts';
import type { SessionWatch } from '../expiry/session-watch.ts';
import type { Logger } from '../logger.ts';
import type { ServiceKeyWatch } from '../services/service-key-watch.ts';
import type { SessionAuthentication } from '../sessions/session.authentication.ts';
import { endOf } from '../sessions/session.ts';
import { noCookie, type GraphQLContext, type Loaders } from './context.ts';
import { toGraphQLError } from './errors.ts';
import { startPings } from './pings.ts';
import { createSubscriptionPreparation } from './subscription-document.ts';
import { fitting, refuse, send } from './web-socket-frames.ts';

const MAX_MESSAGE_BYTES = 64 * 1024;
const MAX_SUBSCRIPTIONS = 10;
/** Of one session, or of one service key. */
const MAX_SOCKETS_PER_HOLDER = 100;
const INIT_WITHIN_MS = 10_000;
/** How long a socket of an ended session may take to receive its last events. */
const LAST_EVENTS_WITHIN_MS = 1_000;

/** Only a new sign-in helps; the reason text is the end reason, or UNAUTHENTICATED. */
const SIGN_IN_AGAIN = 4401;
/** The token has expired, its session has not: a fresh token will do. */
const FRESH_TOKEN_NEEDED = 4403;
const TRY_AGAIN_LATER = 1013;
const GOING_AWAY = 1001;

/** Who a socket belongs to. */
type Holder = Extract<Caller, { kind: 'user' | 'service' }>;

/** What a socket carries from its connection_init to its end. */
interface Connection {
  socket: WebSocket;
  client: ClientInfo;
  holder: Holder | null;
  openSubscriptions: Set<string>;
  /** Set once the session is over, or the key no longer good: the socket closes with this when its last subscription has completed. */
  endReason: string | null;
  stopWatching: () => void;
}

type Ctx = Context<Record<string, unknown>, Connection>;

export interface WebSockets {
  readonly openSockets: number;
  close(): Promise<void>;
}

export function serveWebSockets(dependencies: {
  server: Server;
  path: string;
  schema: GraphQLSchema;
  authentication: SessionAuthentication;
  watch: SessionWatch;
  keyWatch: ServiceKeyWatch;
  serviceKeys: { isGood(keyId: string): Promise<boolean> };
  isAllowedOrigin: (origin: string) => boolean;
  clientOf: (request: IncomingMessage) => ClientInfo;
  createLoaders: () => Loaders;
  formatError: (formatted: GraphQLFormattedError, error: unknown) => GraphQLFormattedError;
  logger: Logger;
}): WebSockets {
  const {
    server,
    path,
    schema,
    authentication,
    watch,
    keyWatch,
    serviceKeys,
    isAllowedOrigin,
    clientOf,
    createLoaders,
    formatError,
    logger,
  } = dependencies;
  const sockets = new WebSocketServer({
    noServer: true,
    maxPayload: MAX_MESSAGE_BYTES,
    // Small messages to many clients: compression would cost more memory than it saves bytes.
    perMessageDeflate: false,
    handleProtocols,
  });
  const connections = new Set<Connection>();
  const socketsByHolder = new Map<string, number>();
  const prepareSubscription = createSubscriptionPreparation(schema);
  const pings = startPings();

  const graphqlWs: GraphQLWsServer<Connection> = makeServer<Record<string, unknown>, Connection>({
    schema,
    execute,
    subscribe,
    connectionInitWaitTimeout: INIT_WITHIN_MS,

    async onConnect(ctx) {
      const { extra } = ctx;
      const { accessToken, serviceKey } = ctx.connectionParams ?? {};
      // What it proved is remembered; the secret itself is not kept for as long as the socket lives.
      (ctx as { connectionParams?: unknown }).connectionParams = undefined;
      // Two callers at once are none.
      if (serviceKey != null && accessToken != null) return refuseConnection(extra, unauthenticated());
      return serviceKey == null ? connectUser(extra, accessToken) : connectService(extra, serviceKey);
    },

    async onSubscribe({ extra }: Ctx, id, payload) {
      if (extra.openSubscriptions.has(id)) {
        // Given back a moment ago, while it was being set up. Taken again now, the first could never be stopped.
        extra.socket.close(CloseCode.SubscriberAlreadyExists, 'Subscriber already exists');
        return [new GraphQLError('Subscriber already exists')];
      }
      const refused = await admitSubscription(extra, id);
      const prepared = refused ?? prepareSubscription(payload, createContext(extra));
      if (Array.isArray(prepared)) extra.openSubscriptions.delete(id);
      return prepared;
    },

    onNext: (_, __, ___, ____, result) => ({
      ...result,
      errors: result.errors?.map((error) => formatError(error.toJSON(), error)),
    }),
    onError: (_, __, ___, errors) => errors.map((error) => formatError(error.toJSON(), error)),
    onComplete({ extra }: Ctx, id) {
      extra.openSubscriptions.delete(id);
      // After the `complete` message, which is sent when this returns.
      setImmediate(() => closeWhenToldAll(extra));
    },
  });

  async function connectUser(connection: Connection, token: unknown): Promise<boolean> {
    if (typeof token !== 'string') return refuseConnection(connection, unauthenticated());
    const check = await authentication.check(token);
    switch (check.state) {
      case 'bad':
        return refuseConnection(connection, check.error);
      case 'stale':
        connection.socket.close(FRESH_TOKEN_NEEDED, 'Access token expired');
        return false;
      case 'good':
        return admit(connection, { kind: 'user', viewer: check.viewer });
      default:
        return check satisfies never;
    }
  }

  async function connectService(connection: Connection, key: unknown): Promise<boolean> {
    if (typeof key !== 'string') return refuseConnection(connection, unauthenticated());
    const caller = await authentication.identifyServiceKey(key);
    if (caller.kind === 'service') return admit(connection, caller);
    return refuseConnection(connection, caller.error);
  }

  function refuseConnection({ socket }: Connection, error: AppError): false {
    socket.close(SIGN_IN_AGAIN, error.details.endReason ?? error.code);
    return false;
  }

  /** Counts the subscription, and asks again who it is: role and liveness may have changed since the socket opened. */
  async function admitSubscription(
    connection: Connection,
    id: string,
  ): Promise<readonly GraphQLError[] | null> {
    if (connection.openSubscriptions.size >= MAX_SUBSCRIPTIONS) {
      const message = `A socket carries at most ${MAX_SUBSCRIPTIONS} subscriptions.`;
      return [toGraphQLError(new AppError('RATE_LIMITED', message, { retryAfterSeconds: 1 }))];
    }
    connection.openSubscriptions.add(id);
    const refused = await reidentify(connection, connection.holder!);
    return refused && [toGraphQLError(refused)];
  }

  async function reidentify(connection: Connection, holder: Holder): Promise<AppError | null> {
    if (holder.kind === 'service') {
      return (await serviceKeys.isGood(holder.service.keyId)) ? null : unauthenticated();
    }
    const check = await authentication.checkSession(holder.viewer.session.id);
    if (check.state !== 'good') return check.error;
    // What the token was confined to, its socket is.
    const viewer = { ...check.viewer, isConfined: holder.viewer.isConfined };
    connection.holder = { kind: 'user', viewer };
    return null;
  }

  function createContext(connection: Connection): GraphQLContext {
    return {
      get caller() {
        return connection.holder!;
      },
      client: connection.client,
      refreshCookie: noCookie,
      flowCookies: noCookie,
      // A subscription lives longer than a request: each event loads users afresh.
      get loaders() {
        return createLoaders();
      },
    };
  }

  /** Binds the socket to its session or key: it outlives the token, and closes when what it is bound to ends. */
  function admit(connection: Connection, holder: Holder): boolean {
    if (connection.socket.readyState !== connection.socket.OPEN) return false;
    const id = idOf(holder);
    const open = socketsByHolder.get(id) ?? 0;
    if (open >= MAX_SOCKETS_PER_HOLDER) {
      connection.socket.close(TRY_AGAIN_LATER, `Too many sockets of this ${nameOf(holder)}`);
      return false;
    }
    socketsByHolder.set(id, open + 1);
    connection.holder = holder;
    connection.stopWatching =
      holder.kind === 'user'
        ? watch.watch(holder.viewer.session.id, {
            onOver: (session) => endWith(connection, endOf(session, session.endedAt!)!.endReason),
          })
        : keyWatch.watch(holder.service.keyId, () => endWith(connection, unauthenticated().code));
    return true;
  }

  function endWith(connection: Connection, reason: string): void {
    if (connection.endReason !== null) return;
    connection.endReason = reason;
    // Of a key, the watchers of its subscriptions are called in this very turn; let them speak first.
    setImmediate(() => {
      closeWhenToldAll(connection);
      if (connection.openSubscriptions.size === 0) return;
      setTimeout(() => connection.socket.close(SIGN_IN_AGAIN, reason), LAST_EVENTS_WITHIN_MS).unref();
    });
  }

  function closeWhenToldAll({ socket, endReason, openSubscriptions }: Connection): void {
    if (endReason !== null && openSubscriptions.size === 0) socket.close(SIGN_IN_AGAIN, endReason);
  }

  function release(connection: Connection): void {
    connections.delete(connection);
    connection.stopWatching();
    if (!connection.holder) return;
    const id = idOf(connection.holder);
    const left = (socketsByHolder.get(id) ?? 1) - 1;
    if (left === 0) socketsByHolder.delete(id);
    else socketsByHolder.set(id, left);
  }

  sockets.on('connection', (socket: WebSocket, request: IncomingMessage) => {
    const connection: Connection = {
      socket,
      client: clientOf(request),
      holder: null,
      openSubscriptions: new Set(),
      endReason: null,
      stopWatching: () => {},
    };
    connections.add(connection);
    const closed = graphqlWs.opened(
      {
        protocol: socket.protocol,
        send: (text) => send(socket, text),
        close: (code, reason) =>
          socket.close(code, code === SIGN_IN_AGAIN ? 'UNAUTHENTICATED' : fitting(reason)),
        onMessage: (receive) => socket.on('message', (data: RawData) => void guarded(socket, receive, data)),
      },
      connection,
    );
    pings.add(socket);
    // An oversized or malformed frame: ws closes the socket with the right code by itself.
    socket.on('error', (error) => logger.debug({ err: error }, 'a client broke the WebSocket protocol'));
    socket.once('close', (code, reason) => {
      release(connection);
      void closed(code, String(reason));
    });
  });

  async function guarded(
    socket: WebSocket,
    receive: (text: string) => Promise<void>,
    data: RawData,
  ): Promise<void> {
    try {
      await receive(String(data));
    } catch (error) {
      if (isServersMessage(error)) return socket.close(CloseCode.BadRequest, 'Invalid message received');
      const shown = formatError({ message: 'Internal server error' }, error);
      const isRetryable = shown.extensions?.code === 'UNAVAILABLE';
      socket.close(isRetryable ? TRY_AGAIN_LATER : CloseCode.InternalServerError, shown.message);
    }
  }

  const onUpgrade = (request: IncomingMessage, socket: Duplex, head: Buffer): void => {
    const { origin } = request.headers;
    if (request.url?.split('?', 1)[0] !== path) return refuse(socket, '404 Not Found');
    if (origin !== undefined && !isAllowedOrigin(origin)) return refuse(socket, '403 Forbidden');
    sockets.handleUpgrade(request, socket, head, (webSocket) =>
      sockets.emit('connection', webSocket, request),
    );
  };
  server.on('upgrade', onUpgrade);

  return {
    get openSockets() {
      return connections.size;
    },
    async close() {
      pings.stop();
      server.off('upgrade', onUpgrade);
      for (const { socket } of connections) socket.close(GOING_AWAY, 'Going away');
      const isClosed = new Promise<void>((done) => sockets.close(() => done()));
      const forced = setTimeout(() => {
        for (const { socket } of connections) socket.terminate();
      }, LAST_EVENTS_WITHIN_MS);
      await isClosed;
      clearTimeout(forced);
    },
  };
}

const nameOf = (holder: Holder): string => (holder.kind === 'user' ? 'session' : 'service key');

const idOf = (holder: Holder): string =>
  holder.kind === 'user' ? `session ${holder.viewer.session.id}` : `key ${holder.service.keyId}`;

/** graphql-ws closes on messages it cannot read, and throws at those that only a server may send. */
const isServersMessage = (error: unknown): boolean =>
  error instanceof Error && error.message.startsWith('Unexpected message of type');
