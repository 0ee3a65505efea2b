import serveStatic from '@fastify/static';
import type { FastifyInstance } from 'fastify';
import { fileURLToPath } from 'node:url';

const WEB = fileURLToPath(new URL('../web/dist', import.meta.url));

type Policy = Record<string, string[]>;

/** Nothing inline, nothing from elsewhere. */
const PAGE_POLICY: Policy = {
  'default-src': ["'none'"],
  'script-src': ["'self'"],
  'style-src': ["'self'"],
  'img-src': ["'self'", 'data:'],
  'connect-src': ["'self'"],
  'base-uri': ["'none'"],
  'form-action': ["'self'"],
  'frame-ancestors': ["'none'"],
};

/** GraphiQL's editor styles itself inline, carries its icon font as data, and runs its language services in workers. */
const GRAPHIQL_POLICY: Policy = {
  ...PAGE_POLICY,
  'style-src': ["'self'", "'unsafe-inline'"],
  'font-src': ["'self'", 'data:'],
  'worker-src': ["'self'"],
  'form-action': ["'none'"],
};

/** The built pages of `web/`. File names under /assets carry a hash of their content, so they may be kept for ever. */
export async function servePages(app: FastifyInstance): Promise<void> {
  await app.register(serveStatic, { root: WEB, serve: false, cacheControl: false });

  const page = (path: string, file: string, directives: Policy): void => {
    app.get(path, { helmet: { contentSecurityPolicy: { useDefaults: false, directives } } }, (_, reply) =>
      reply.header('cache-control', 'no-store').sendFile(file),
    );
  };
  page('/', 'index.html', PAGE_POLICY);
  page('/set-password', 'set-password.html', PAGE_POLICY);
  page('/graphiql', 'graphiql.html', GRAPHIQL_POLICY);

  app.get('/favicon.svg', (_, reply) =>
    reply.header('cache-control', 'public, max-age=86400').sendFile('favicon.svg'),
  );
  app.get<{ Params: { '*': string } }>('/assets/*', (request, reply) =>
    reply
      .header('cache-control', 'public, max-age=31536000, immutable')
      .sendFile(`assets/${request.params['*']}`),
  );
}
