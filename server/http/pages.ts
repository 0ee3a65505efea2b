import serveStatic from '@fastify/static';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { randomBytes } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { DASHBOARD_PATHS } from './dashboard-paths.ts';

const WEB = fileURLToPath(new URL('../../web/dist', import.meta.url));

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
 * Serves the built pages of `web/`, and the answer to an unknown path. File names under /assets carry a hash of their content, so caches may keep them.
 */
export async function servePages(app: FastifyInstance): Promise<void> {
  await app.register(serveStatic, { root: WEB, serve: false, preCompressed: true });

  const sendDashboard = await readPage('index.html', dashboardPolicy);
  servePage(app, DASHBOARD_PATHS, sendDashboard);
  servePage(app, ['/graphiql'], await readPage('graphiql.html', graphiqlPolicy));
  servePage(app, ['/reference'], await readPage('reference.html', dashboardPolicy));

  app.setNotFoundHandler((request, reply) => {
    // The dashboard shows by the path that there is no such page.
    if (sendDashboard !== null && isAskedByPerson(request)) return sendDashboard(reply.code(404));
    return reply.code(404).send({ errors: [{ message: 'Not found' }] });
  });

  // Cache lifetimes are options of the file, not headers of the route: a 404 must not be cached.
  app.get('/favicon.svg', (_, reply) => reply.sendFile('favicon.svg', { maxAge: '1d' }));
  // What browsers ask for beside answers that are no page, such as JSON.
  app.get('/favicon.ico', (_, reply) => reply.sendFile('favicon.ico', { maxAge: '1d' }));
  // Names without a hash: the first stands in pages of others, and after an upgrade it still asks for the others.
  const sendNotice = (reply: FastifyReply, file: string): FastifyReply =>
    reply.header('access-control-allow-origin', '*').sendFile(file, { maxAge: '5m' });
  app.get('/notice.js', { config: { cors: false } }, (_, reply) => sendNotice(reply, 'notice.js'));
  app.get<{ Params: { '*': string } }>('/notice/*', { config: { cors: false } }, (request, reply) =>
    sendNotice(reply, `notice/${request.params['*']}`),
  );
  app.get<{ Params: { '*': string } }>('/assets/*', (request, reply) =>
    reply.sendFile(`assets/${request.params['*']}`, { maxAge: '365d', immutable: true }),
  );
}

/** Answers with a page. */
type SendPage = (reply: FastifyReply) => FastifyReply;

/** Every response has a new nonce, in the page and in the policy. Null if the pages are not built. */
async function readPage(file: string, policyOf: (nonce: string) => Policy): Promise<SendPage | null> {
  const html = await readBuilt(file);
  if (html === null) return null;
  const parts = html.split(NONCE_PLACEHOLDER);
  return (reply) => {
    const nonce = randomBytes(16).toString('base64');
    return reply
      .headers({
        'content-security-policy': toHeader(policyOf(nonce)),
        'permissions-policy': PERMISSIONS_POLICY,
      })
      .type('text/html; charset=utf-8')
      .send(parts.join(nonce));
  };
}

function servePage(app: FastifyInstance, paths: readonly string[], send: SendPage | null): void {
  if (send === null) return;
  for (const path of paths) app.get(path, (_, reply) => send(reply));
}

/**
 * Whether an unknown path was asked for by a person, who gets a page that says so. Programs do not ask for HTML, and a
 * lost file of the build is none that a person asks for.
 */
function isAskedByPerson({ method, url, headers }: FastifyRequest): boolean {
  if ((method !== 'GET' && method !== 'HEAD') || /^\/(assets|notice)\//.test(url)) return false;
  return (headers.accept ?? '').split(',').some((range) => {
    const [type, ...parameters] = range.split(';').map((part) => part.trim().toLowerCase());
    return type === 'text/html' && !parameters.some((parameter) => /^q=0(\.0*)?$/.test(parameter));
  });
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
