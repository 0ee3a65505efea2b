import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A span as OTLP has it in JSON. */
export interface SentSpan {
  traceId: string;
  spanId: string;
  parentSpanId?: string;
  name: string;
  kind: number;
  attributes: Record<string, unknown>;
  resource: Record<string, unknown>;
  isFailed: boolean;
}

export interface Collector {
  readonly url: string;
  readonly spans: readonly SentSpan[];
  /** Everything that was sent, as text. */
  readonly text: string;
  readonly requests: readonly { path: string; contentType: string; authorization: string | undefined }[];
  stop(): Promise<void>;
}

const ERROR_STATUS = 2;

/** Takes traces by OTLP over HTTP, as a collector of OpenTelemetry does; reads those that come as JSON. */
export async function startCollector(): Promise<Collector> {
  const spans: SentSpan[] = [];
  const requests: { path: string; contentType: string; authorization: string | undefined }[] = [];
  const bodies: string[] = [];
  async function take(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const body = Buffer.concat(chunks);
    const contentType = request.headers['content-type'] ?? '';
    requests.push({ path: request.url!, contentType, authorization: request.headers.authorization });
    // Strings stand in protobuf as they are, so a secret would be found there, too.
    bodies.push(body.toString('latin1'));
    if (contentType === 'application/json') spans.push(...readSpans(JSON.parse(body.toString())));
    response.setHeader('content-type', contentType).end(contentType === 'application/json' ? '{}' : '');
  }
  const server = createServer((request, response) => void take(request, response));
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    spans,
    requests,
    get text() {
      return bodies.join('\n');
    },
    async stop() {
      server.closeAllConnections();
      await new Promise((done) => server.close(done));
    },
  };
}

function readSpans({ resourceSpans }: any): SentSpan[] {
  return resourceSpans.flatMap(({ resource, scopeSpans }: any) =>
    scopeSpans.flatMap(({ spans }: any) =>
      spans.map((span: any) => ({
        ...span,
        parentSpanId: span.parentSpanId || undefined,
        attributes: readAttributes(span.attributes),
        resource: readAttributes(resource.attributes),
        isFailed: span.status?.code === ERROR_STATUS,
      })),
    ),
  );
}

const readAttributes = (attributes: { key: string; value: Record<string, unknown> }[] = []) =>
  Object.fromEntries(attributes.map(({ key, value }) => [key, Object.values(value)[0]]));
