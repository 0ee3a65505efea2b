import {
  context,
  diag,
  DiagLogLevel,
  propagation,
  ROOT_CONTEXT,
  SpanKind,
  SpanStatusCode,
  trace,
  type Context,
  type Span as OpenTelemetrySpan,
} from '@opentelemetry/api';
import { envDetector, hostDetector, serviceInstanceIdDetector } from '@opentelemetry/resources';
import { NodeSDK } from '@opentelemetry/sdk-node';
import type { Logger } from '../logger.ts';
import { reportExportProblems } from './export-problems.ts';
import type { Span, SpanStart, Tracing } from './tracing.ts';

const KINDS: Record<SpanStart['kind'], SpanKind> = {
  server: SpanKind.SERVER,
  internal: SpanKind.INTERNAL,
  client: SpanKind.CLIENT,
  producer: SpanKind.PRODUCER,
  consumer: SpanKind.CONSUMER,
};

/**
 * Starts OpenTelemetry as its own environment variables say: collector, protocol, headers, sampler, service name. Only
 * traces: metrics are scraped, and the log goes to stdout. What cannot be sent is dropped, and no request waits for it.
 */
export function startTracing({ logger }: { logger: Logger }): Tracing {
  diag.setLogger(reportExportProblems(logger), {
    logLevel: DiagLogLevel.WARN,
    suppressOverrideMessage: true,
  });
  process.env.OTEL_SERVICE_NAME ??= 'curfew';
  const sdk = new NodeSDK({
    metricReaders: [],
    logRecordProcessors: [],
    // Those of the process would name its command line and its user.
    ...(process.env.OTEL_NODE_RESOURCE_DETECTORS
      ? {}
      : { resourceDetectors: [envDetector, hostDetector, serviceInstanceIdDetector] }),
  });
  sdk.start();
  const tracer = trace.getTracer('curfew');

  function start({ name, kind, attributes, carrier }: SpanStart): { span: Span; inside: Context } {
    const parent = carrier ? propagation.extract(ROOT_CONTEXT, carrier) : context.active();
    const started = tracer.startSpan(name, { kind: KINDS[kind], attributes }, parent);
    return { span: toSpan(started), inside: trace.setSpan(parent, started) };
  }

  return {
    open(options, work) {
      const { span, inside } = start(options);
      return context.with(inside, work, undefined, span);
    },
    async trace(options, work) {
      const { span, inside } = start(options);
      try {
        return await context.with(inside, work, undefined, span);
      } catch (error) {
        span.fail(typeOf(error));
        throw error;
      } finally {
        span.end();
      }
    },
    get isInside() {
      return trace.getActiveSpan() !== undefined;
    },
    traceparent() {
      const carrier: { traceparent?: string } = {};
      propagation.inject(context.active(), carrier);
      return carrier.traceparent ?? null;
    },
    async stop() {
      await sdk.shutdown().catch(() => undefined);
      for (const part of [trace, context, propagation, diag]) part.disable();
    },
  };
}

const toSpan = (span: OpenTelemetrySpan): Span => ({
  set: (attributes) => void span.setAttributes(attributes),
  rename: (name) => void span.updateName(name),
  fail(type) {
    span.setStatus({ code: SpanStatusCode.ERROR });
    span.setAttribute('error.type', type);
  },
  end: () => span.end(),
});

/** The code of an error of ours or of the database. Its message may hold what a caller sent. */
function typeOf(error: unknown): string {
  const code = (error as { code?: unknown } | null)?.code;
  if (typeof code === 'string') return code;
  return error instanceof Error ? error.name : '_OTHER';
}
