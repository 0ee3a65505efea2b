import serveStatic from '@fastify/static';
import type { FastifyInstance } from 'fastify';
import { randomBytes } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const WEB = fileURLToPath(new URL('../web/dist', import.meta.url));

/** The dashboard is one page; what the address means is read in the browser. */
const DASHBOARD_PATHS = ['/', '/login', '/login/callback', '/set-password', '/account', '/account/*'];

/** What the build writes where a nonce belongs. */
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

/** Runs only what this very answer names, and what that loads: not even another file of ours that was slipped in. */
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

/** The built pages of `web/`. File names under /assets carry a hash of their content, so they may be kept for ever. */
export async function servePages(app: FastifyInstance): Promise<void> {
  await app.register(serveStatic, { root: WEB, serve: false, preCompressed: true });

  await servePage(app, DASHBOARD_PATHS, 'index.html', dashboardPolicy);
  await servePage(app, ['/graphiql'], 'graphiql.html', graphiqlPolicy);

  // As options, not as a header: whoever asks for a file that is not there (yet) must not remember the 404.
  app.get('/favicon.svg', (_, reply) => reply.sendFile('favicon.svg', { maxAge: '1d' }));
  app.get<{ Params: { '*': string } }>('/assets/*', (request, reply) =>
    reply.sendFile(`assets/${request.params['*']}`, { maxAge: '365d', immutable: true }),
  );
}

/** Each answer has a nonce of its own, in the page and in the policy. */
async function servePage(
  app: FastifyInstance,
  paths: readonly string[],
  file: string,
  policyOf: (nonce: string) => Policy,
): Promise<void> {
  const html = await readBuilt(file);
  if (html === null) return;
  const around = html.split(NONCE_PLACEHOLDER);
  for (const path of paths) {
    app.get(path, (_, reply) => {
      const nonce = randomBytes(16).toString('base64');
      return reply
        .headers({
          'content-security-policy': toHeader(policyOf(nonce)),
          'permissions-policy': PERMISSIONS_POLICY,
        })
        .type('text/html; charset=utf-8')
        .send(around.join(nonce));
    });
  }
}

/** Null where nothing is built: in development, Vite serves the pages. */
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
