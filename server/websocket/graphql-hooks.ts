import { CloseCode, makeServer, type Context, type Server as GraphQLWsServer } from 'graphql-ws';
import {
  execute,
  getOperationAST,
  GraphQLError,
  subscribe,
  type ExecutionArgs,
  type ExecutionResult,
  type GraphQLFormattedError,
  type GraphQLSchema,
} from 'graphql';
import type { SecurityLog } from '../security-log/security-log.ts';
import type { SessionAuthentication } from '../sessions/caller-authentication.ts';
import { noCookie, type GraphQLContext, type Loaders } from '../graphql/context.ts';
import { OTHER_OPERATION, type LabelOperation } from '../graphql/operation-label.ts';
import { recordRefusal } from '../graphql/security-events.ts';
import type { Logger } from '../logger.ts';
import type { Metrics } from '../metrics/metrics.ts';
import type { Tracing } from '../tracing/tracing.ts';
import { STALE_REASON, TRY_AGAIN_LATER } from './close-codes.ts';
import { createConnectionAuthentication } from './connection-init.ts';
import type { Connection, Connections } from './connections.ts';
import { createSubscriptionRecords } from './operation-records.ts';
import { createSubscriptionAdmission } from './subscription-admission.ts';
import { createSubscriptionPreparation } from './subscription-document.ts';

const INIT_TIMEOUT_MS = 10_000;

type Ctx = Context<Record<string, unknown>, Connection>;

/** The hooks of graphql-ws: who may connect, what may be subscribed to, and how errors are shown. */
export function createGraphQLSockets(dependencies: {
  schema: GraphQLSchema;
  connections: Connections;
  authentication: SessionAuthentication;
  serviceKeys: { isValid(keyId: string): Promise<boolean> };
  loaders: Loaders;
  formatError: (formatted: GraphQLFormattedError, error: unknown) => GraphQLFormattedError;
  securityLog: SecurityLog;
  labelOf: LabelOperation;
  metrics: Metrics;
  /** Null: no traces. */
  tracing: Tracing | null;
  /** Null: requests are not logged. */
  requestLog: Logger | null;
}): GraphQLWsServer<Connection> {
  const { schema, connections, loaders, formatError, securityLog, labelOf, tracing } = dependencies;
  const authenticateConnection = createConnectionAuthentication({ ...dependencies, recordError });
  const admitSubscription = createSubscriptionAdmission(dependencies);
  const prepareSubscription = createSubscriptionPreparation(schema);
  const recordSubscription = createSubscriptionRecords(dependencies);
  /** When the message of a subscription that is being set up was received. */
  const startOf = new WeakMap<ExecutionArgs, number>();

  function recordError(connection: Connection, error: unknown): void {
    const { client, id, caller } = connection;
    const source = { address: client.ipAddress, requestId: id, transport: 'websocket' } as const;
    recordRefusal(securityLog, error, caller, source);
  }

  function toClientError(connection: Connection, error: GraphQLError): GraphQLFormattedError {
    recordError(connection, error);
    return formatError(error.toJSON(), error);
  }

  function createContext(connection: Connection): GraphQLContext {
    return {
      get caller() {
        return connection.caller!;
      },
      identify: async () => connection.caller!,
      client: connection.client,
      isGone: () => false,
      refreshCookie: noCookie,
      flowCookies: noCookie,
      deviceCookie: noCookie,
      requestId: connection.id,
      onProof: connection.feedProofs.add,
      loaders,
    };
  }

  return makeServer<Record<string, unknown>, Connection>({
    schema,
    execute,
    subscribe,
    connectionInitWaitTimeout: INIT_TIMEOUT_MS,

    async onConnect(ctx) {
      const params = ctx.connectionParams;
      // The secret is not kept in memory for the lifetime of the socket.
      (ctx as { connectionParams?: unknown }).connectionParams = undefined;
      return authenticateConnection(ctx.extra, params);
    },

    async onSubscribe({ extra }: Ctx, id, payload) {
      const startedAt = performance.now();
      if (extra.openSubscriptions.has(id)) {
        // graphql-ws has already freed this id while the first subscription is being set up. Reused now, the first could
        // never be stopped.
        extra.socket.close(CloseCode.SubscriberAlreadyExists, 'Subscriber already exists');
        return [new GraphQLError('Subscriber already exists')];
      }
      const prepare = async (): Promise<ExecutionArgs | readonly GraphQLError[]> =>
        (await admitSubscription(extra, id)) ?? prepareSubscription(payload, createContext(extra));
      const prepared = await (tracing
        ? tracing.trace({ name: 'subscribe', kind: 'server' }, prepare)
        : prepare());
      if (isRefused(prepared)) {
        extra.openSubscriptions.delete(id);
        recordSubscription(extra, { operation: OTHER_OPERATION, startedAt, errors: prepared });
      } else startOf.set(prepared, startedAt);
      return prepared;
    },

    onOperation({ extra }: Ctx, _, __, args, result) {
      const operation = labelOf(
        args.document,
        getOperationAST(args.document, args.operationName) ?? undefined,
      );
      const errors = Symbol.asyncIterator in result ? undefined : (result as ExecutionResult).errors;
      recordSubscription(extra, { operation, startedAt: startOf.get(args) ?? performance.now(), errors });
    },

    onNext: ({ extra }: Ctx, __, ___, ____, result) => ({
      ...result,
      errors: result.errors?.map((error) => toClientError(extra, error)),
    }),

    onError({ extra }: Ctx, _, __, errors) {
      const clientErrors = errors.map((error) => toClientError(extra, error));
      // An `error` message would end the subscription for good. A client whose socket closes reconnects, perhaps to a
      // node that can answer.
      if (clientErrors.some(({ extensions }) => extensions?.code === 'UNAVAILABLE'))
        extra.socket.close(TRY_AGAIN_LATER, STALE_REASON);
      return clientErrors;
    },

    onComplete({ extra }: Ctx, id) {
      extra.openSubscriptions.delete(id);
      // graphql-ws sends `complete` in the microtask after this returns. A tick comes right after it, and before
      // anything that the client answers is read: its own close would hide the reason.
      process.nextTick(() => connections.closeIfDone(extra));
    },
  });
}

const isRefused = (prepared: ExecutionArgs | readonly GraphQLError[]): prepared is readonly GraphQLError[] =>
  Array.isArray(prepared);
