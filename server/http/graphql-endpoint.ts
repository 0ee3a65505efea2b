import { type ApolloServer } from '@apollo/server';
import { fastifyApolloHandler } from '@as-integrations/fastify';
import type { FastifyInstance, FastifyReply, FastifyRequest, RouteHandlerMethod } from 'fastify';
import type { IncomingMessage } from 'node:http';
import type { Readable } from 'node:stream';
import type { Caller, ClientInfo } from '../rules/caller.ts';
import { asUnavailable } from '../database/database-errors.ts';
import { AppError } from '../errors.ts';
import type { GraphQLContext, Loaders } from '../graphql/context.ts';
import { findExceededLimit } from '../graphql/document-limits.ts';
import { idsOf } from '../graphql/security-events.ts';
import { createTurns } from '../graphql/turns.ts';
import type { SessionAuthentication } from '../sessions/caller-authentication.ts';
import {
  BODY_LIMIT_BYTES,
  bodyTooLarge,
  declaredLength,
  limitBody,
  SERVICE_BODY_LIMIT_BYTES,
} from './body-limit.ts';
import { deviceCookieOf, flowCookiesOf, refreshCookieOf } from './cookies.ts';
import type { Span, Tracing } from '../tracing/tracing.ts';
import { toErrorBody } from './error-body.ts';
import { describeOperation } from './operation-span.ts';
import type { RequestRecords } from './request-records.ts';

/** `POST /graphql`. Only trusted back ends may send more than 100 KB. */
export function serveGraphQL(
  app: FastifyInstance,
  dependencies: {
    apollo: ApolloServer<GraphQLContext>;
    authentication: SessionAuthentication;
    loaders: Loaders;
    cookieSecure: boolean;
    clientOf: (request: IncomingMessage) => ClientInfo;
    records: RequestRecords;
    /** Null: no traces. */
    tracing: Tracing | null;
  },
): void {
  const { apollo, authentication, loaders, cookieSecure, clientOf, records, tracing } = dependencies;

  const nextTurn = createTurns();
  /** The errors of requests whose caller could not be identified, so that they do not wait for the database twice. */
  const failures = new WeakMap<FastifyRequest, unknown>();

  async function identify(request: FastifyRequest): Promise<Caller> {
    if (failures.has(request)) throw failures.get(request);
    return authentication.identify(request.headers.authorization);
  }

  /** Called before a large body is read. If the caller is unknown the body is read, to be refused as UNAVAILABLE. */
  async function mayBeLarge(request: FastifyRequest): Promise<boolean> {
    const caller = await identify(request).catch((error: unknown) => void failures.set(request, error));
    return caller === undefined || caller.kind === 'service';
  }

  async function createContext(request: FastifyRequest, reply: FastifyReply): Promise<GraphQLContext> {
    const deviceCookie = deviceCookieOf(request, reply, cookieSecure);
    const context: GraphQLContext = {
      caller: await identify(request).catch((error: unknown) => {
        // Fails closed with a GraphQL response. Operations that need no caller go on.
        const known = asUnavailable(error);
        if (known instanceof AppError) return { kind: 'refused' as const, error: known };
        throw error;
      }),
      identify: () => authentication.identify(request.headers.authorization),
      client: { ...clientOf(request.raw), deviceToken: deviceCookie.read() },
      isGone: () => reply.raw.destroyed || request.raw.socket.destroyed,
      deviceCookie,
      requestId: request.id,
      refreshCookie: refreshCookieOf(request, reply, cookieSecure),
      flowCookies: flowCookiesOf(request, reply, cookieSecure),
      loaders,
      onReport(report) {
        records.note(request, { report, caller: idsOf(context.caller) });
        const span = spans.get(request);
        if (span) describeOperation(span, report);
      },
    };
    return context;
  }

  const execute = fastifyApolloHandler(apollo, { context: createContext }) as RouteHandlerMethod;
  /** The spans of operations in progress; none without traces. */
  const spans = new WeakMap<FastifyRequest, Span>();
  const executeIn = (tracing: Tracing): RouteHandlerMethod =>
    function (request, reply) {
      return tracing.trace({ name: 'GraphQL', kind: 'internal' }, async (span) => {
        spans.set(request, span);
        return execute.call(this, request, reply);
      });
    };

  app.post(
    '/graphql',
    {
      bodyLimit: SERVICE_BODY_LIMIT_BYTES,
      preParsing: async (request, reply, payload) => {
        const length = declaredLength(request);
        if (length <= BODY_LIMIT_BYTES || (await mayBeLarge(request))) return payload;
        if (length === Infinity) return limitBody(payload as Readable, reply.raw);
        reply.header('connection', 'close');
        throw bodyTooLarge();
      },
      preHandler(request, reply, done) {
        const query = (request.body as { query?: unknown } | null | undefined)?.query;
        const exceeded = typeof query === 'string' ? findExceededLimit(query) : null;
        if (exceeded !== null) {
          void reply
            .code(400)
            .send(toErrorBody(`Syntax Error: ${exceeded}`, 'GRAPHQL_PARSE_FAILED', request.id));
          return;
        }
        // Reading a megabyte of JSON takes most of the time that one turn may take.
        if (declaredLength(request) > BODY_LIMIT_BYTES) void nextTurn().then(() => done());
        else done();
      },
    },
    tracing ? executeIn(tracing) : execute,
  );
  app.get('/graphql', ({ id }, reply) =>
    reply
      .code(405)
      .header('allow', 'POST')
      .send(toErrorBody('Send operations with POST.', 'BAD_REQUEST', id)),
  );
}
