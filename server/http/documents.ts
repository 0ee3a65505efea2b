import type { FastifyInstance } from 'fastify';
import { readFileSync } from 'node:fs';
import { refreshCookieName } from './cookies.ts';
import { createOpenApiDocument } from './openapi/document.ts';

const read = (path: string): string => readFileSync(new URL(`../../${path}`, import.meta.url), 'utf8');

/** The API's own documents: `GET /openapi.json` and `GET /schema.graphql`. Both are public. */
export function serveDocuments(
  app: FastifyInstance,
  { publicUrl, cookieSecure }: { publicUrl: string; cookieSecure: boolean },
): void {
  const { version } = JSON.parse(read('package.json')) as { version: string };
  const openApi = createOpenApiDocument({
    publicUrl,
    version,
    refreshCookie: refreshCookieName(cookieSecure),
  });
  const schema = read('schema.graphql');
  app.get('/openapi.json', (_, reply) => reply.send(openApi));
  // As text, so that a browser shows it.
  app.get('/schema.graphql', (_, reply) => reply.type('text/plain; charset=utf-8').send(schema));
}
