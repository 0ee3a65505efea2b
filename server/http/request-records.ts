import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { IncomingMessage } from 'node:http';
import type { OperationReport } from '../graphql/operation-report.ts';
import type { CallerIds } from '../graphql/security-events.ts';
import type { Logger } from '../logger.ts';
import type { Metrics } from '../metrics/metrics.ts';
import type { Span, Tracing } from '../tracing/tracing.ts';

/** For a path that is none of our routes. */
const OTHER_ROUTE = 'other';
/** As nginx has it: the client closed the connection before the response was complete. */
const CLIENT_LEFT = 499;

/** What a route adds to the record of its request. */
export interface RequestNotes {
  report?: OperationReport;
  caller?: CallerIds;
}

export interface RequestRecords {
  note(request: FastifyRequest, notes: RequestNotes): void;
}

/**
 * Measures every request from its head to the end of its response, and records it: in the metrics, as a span where
 * traces are on, and as one line of the log where that is asked for. A record names the route's pattern and never the
 * path, which may carry what a client or a gateway put into it.
 */
export function recordRequests(
  app: FastifyInstance,
  dependencies: {
    metrics: Metrics;
    /** Null: no traces. */
    tracing: Tracing | null;
    /** Null: requests are not logged. */
    requestLog: Logger | null;
    addressOf(request: IncomingMessage): string | null;
  },
): RequestRecords {
  const { metrics, tracing, requestLog, addressOf } = dependencies;
  const routes = new Set<string>();
  const notesOf = new WeakMap<FastifyRequest, RequestNotes>();

  // A plugin that answers every path has a pattern, too.
  app.addHook('onRoute', ({ url }) => void (url !== '*' && routes.add(url)));

  function routeOf(request: FastifyRequest): string {
    const { url } = request.routeOptions;
    return url !== undefined && routes.has(url) ? url : OTHER_ROUTE;
  }

  app.addHook('onRequest', (request, { raw }, done) => {
    const startedAt = performance.now();
    const record = (span: Span | null): void => {
      raw.once('close', () => {
        const seconds = (performance.now() - startedAt) / 1000;
        const route = routeOf(request);
        const status = raw.writableFinished ? raw.statusCode : CLIENT_LEFT;
        metrics.httpRequest(route, status, seconds);
        if (span) endSpan(span, status);
        if (requestLog) requestLog.info(lineOf(request, { route, status, seconds }), 'request');
      });
      done();
    };
    if (!tracing) return record(null);
    const route = routeOf(request);
    tracing.open(
      {
        name: `${request.method} ${route}`,
        kind: 'server',
        carrier: request.headers,
        attributes: {
          'http.request.method': request.method,
          'http.route': route,
          'url.scheme': request.protocol,
          'curfew.request_id': request.id,
        },
      },
      record,
    );
  });

  function endSpan(span: Span, status: number): void {
    span.set({ 'http.response.status_code': status });
    if (status >= 500 || status === CLIENT_LEFT) span.fail(String(status));
    span.end();
  }

  function lineOf(
    request: FastifyRequest,
    { route, status, seconds }: { route: string; status: number; seconds: number },
  ): Record<string, unknown> {
    const { report, caller } = notesOf.get(request) ?? {};
    return {
      part: 'request',
      requestId: request.id,
      method: request.method,
      route,
      status,
      durationMs: Math.round(seconds * 10_000) / 10,
      address: addressOf(request.raw),
      ...(report && { operation: report.operation, outcome: report.outcome }),
      ...(report && report.codes.length > 0 && { codes: report.codes }),
      ...caller,
    };
  }

  return { note: (request, notes) => void notesOf.set(request, { ...notesOf.get(request), ...notes }) };
}
