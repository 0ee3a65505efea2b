import serveStatic from '@fastify/static';
import type { FastifyInstance } from 'fastify';
import { randomBytes } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const WEB = fileURLToPath(new URL('../../web/dist', import.meta.url));

/** The dashboard is one page, which routes by path in the browser. */
const DASHBOARD_PATHS = ['/', '/login', '/login/callback', '/set-password', '/account', '/account/*'];

/** The build writes this where a nonce belongs. */
const NONCE_PLACEHOLDER = '__CSP_NONCE__';

type Policy = Record<string, string>;

const PAGE_POLICY: Policy = {
  'default-src': "'none'",
  'img-src': "'self' data:",
  'font-src': "'self'",
  'connect-src': "'self'",
  'base-uri': "'none'",
  'form-action': "'self'",
  'frame-ancestors': "'none'",
};

/** Runs only scripts with the nonce of this response and what they load, not just any script of Curfew's origin. */
const dashboardPolicy = (nonce: string): Policy => ({
  ...PAGE_POLICY,
  'script-src': `'nonce-${nonce}' 'strict-dynamic'`,
  'style-src': `'self' 'nonce-${nonce}'`,
});

/** GraphiQL's editor styles itself inline, carries its icon font as data, and runs its language services in workers. */
const graphiqlPolicy = (): Policy => ({
  ...PAGE_POLICY,
  'script-src': "'self'",
  'style-src': "'self' 'unsafe-inline'",
  'font-src': "'self' data:",
  'worker-src': "'self'",
  'form-action': "'none'",
});

const PERMISSIONS_POLICY = ['camera', 'display-capture', 'geolocation', 'microphone', 'payment', 'usb']
  .map((feature) => `${feature}=()`)
  .join(', ');

/**
 * Serves the built pages of `web/`. File names under /assets carry a hash of their content, so caches may keep them.
 */
export async function servePages(app: FastifyInstance): Promise<void> {
  await app.register(serveStatic, { root: WEB, serve: false, preCompressed: true });

  await servePage(app, DASHBOARD_PATHS, 'index.html', dashboardPolicy);
  await servePage(app, ['/graphiql'], 'graphiql.html', graphiqlPolicy);

  // Cache lifetimes are options of the file, not headers of the route: a 404 must not be cached.
  app.get('/favicon.svg', (_, reply) => reply.sendFile('favicon.svg', { maxAge: '1d' }));
  app.get<{ Params: { '*': string } }>('/assets/*', (request, reply) =>
    reply.sendFile(`assets/${request.params['*']}`, { maxAge: '365d', immutable: true }),
  );
}

/** Every response has a new nonce, in the page and in the policy. */
async function servePage(
  app: FastifyInstance,
  paths: readonly string[],
  file: string,
  policyOf: (nonce: string) => Policy,
): Promise<void> {
  const html = await readBuilt(file);
  if (html === null) return;
  const parts = html.split(NONCE_PLACEHOLDER);
  for (const path of paths) {
    app.get(path, (_, reply) => {
      const nonce = randomBytes(16).toString('base64');
      return reply
        .headers({
          'content-security-policy': toHeader(policyOf(nonce)),
          'permissions-policy': PERMISSIONS_POLICY,
        })
        .type('text/html; charset=utf-8')
        .send(parts.join(nonce));
    });
  }
}

/** Null if the pages are not built: in development, Vite serves them. */
async function readBuilt(file: string): Promise<string | null> {
  return readFile(join(WEB, file), 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return null;
    throw error;
  });
}

const toHeader = (policy: Policy): string =>
  Object.entries(policy)
    .map(([directive, sources]) => `${directive} ${sources}`)
    .join('; ');
