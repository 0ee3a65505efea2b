import { mkdir, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

const ROOT = join(import.meta.dirname, '../..');

/**
 * Names every entry that can be required, and prints what it got. Inline callbacks without an annotation have the types of
 * the frameworks.
 */
const SOURCE = `import { createSessionWatcher, SessionOverError, type SessionState } from '@curfew/client';
import { CurfewNotice } from '@curfew/client/notice';
import { CurfewProvider } from '@curfew/client/react';
import { connectCurfew, deviceOf, requireSession, CurfewError } from '@curfew/client/server';
import { requireSession as inFastify } from '@curfew/client/server/fastify';
import { sessionStore } from '@curfew/client/svelte';
import { createCurfew, useSession } from '@curfew/client/vue';
import type { Express, RequestHandler } from 'express';
import type { FastifyInstance } from 'fastify';
import { createApp } from 'vue';

export const entries: unknown[] = [
  createSessionWatcher, SessionOverError, CurfewNotice, CurfewProvider, connectCurfew, requireSession, CurfewError, inFastify,
  sessionStore, createCurfew,
];
console.log(entries.map((entry) => typeof entry).join(' '));

const curfew = connectCurfew({ url: 'http://127.0.0.1:9', serviceKey: 'cfk_none' });
curfew.close();
export const status = (state: SessionState) => state.status;
export const guard = requireSession(curfew, { onRefused: (request, response, { reason }) => response.redirect(request.path + reason) });
export const handler: RequestHandler = requireSession(curfew, { token: (request) => request.get('x-token') });
export function routes(app: Express, fastify: FastifyInstance): void {
  app.use(requireSession(curfew, { onRefused: (request, response, { reason }) => response.redirect(request.path + reason) }));
  app.get('/reports/:id', requireSession(curfew, { touch: (request) => request.path !== '/poll' }), (request, response) => {
    response.json([request.params.id, request.curfew?.userId]);
  });
  app.get('/', guard, handler);
  app.post('/sign-in', async (request, response) => {
    const device = { ipAddress: request.ip, userAgent: request.get('user-agent') };
    const { sessionToken } = await curfew.createSession({ externalId: 'ana', name: undefined, ...device });
    await curfew.createSession({ externalId: 'ana', ...deviceOf(request) });
    response.json(await curfew.check(sessionToken, { maxAuthAgeSeconds: undefined }));
  });
  fastify.post('/sign-in', (request) => curfew.createSession({ externalId: 'ana', ...deviceOf(request) }));
  fastify.get('/', { onRequest: inFastify(curfew, {
    onRefused: (request, reply, { reason }) => reply.redirect(request.url + reason),
    touch: (request) => request.url !== '/poll',
  }) }, async (request) => request.curfew?.userId);
}
export function page(): void {
  const watcher = createSessionWatcher({ url: 'http://127.0.0.1:9', onSignOut: undefined, onReauthenticate: undefined });
  createApp({ setup: () => ({ status: useSession().value.status }) }).use(createCurfew(watcher));
  sessionStore(watcher).subscribe(({ status }) => status);
  document.addEventListener('curfew-expired', ({ detail }) => detail.limit);
  addEventListener('curfew-revoked', ({ detail }) => detail.kind);
}
`;

/** The files for pages without a bundler, which are ES modules only. */
const BROWSER_SOURCE = `import { createSessionWatcher } from '@curfew/client/browser';
import { CurfewNotice } from '@curfew/client/browser/notice';

export const browserEntries: unknown[] = [createSessionWatcher, CurfewNotice];
`;

/** How applications resolve modules, with what Node runs of it. The last is TypeScript's oldest, which reads no `exports`. */
const KINDS = {
  'ES modules, node16': { type: 'module', module: 'node16', resolution: 'node16', runs: true },
  'CommonJS, node16': { type: 'commonjs', module: 'node16', resolution: 'node16', runs: true },
  bundler: { type: 'module', module: 'esnext', resolution: 'bundler', runs: false },
  node10: { type: 'commonjs', module: 'commonjs', resolution: 'node10', runs: false },
};

/** An application in TypeScript, beside the installed package. */
export interface Consumer {
  kind: string;
  folder: string;
  /** For `compile-consumers.ts`. */
  config: string;
  /** Whether `app.js` can be run. */
  runs: boolean;
}

/** What its `app.js` prints. */
export const PRINTED = `${'function '.repeat(10).trim()}\n`;

/** Writes an application of each kind into a folder, in whose `node_modules` the package is. `vue`: the folder of Vue. */
export async function writeConsumers(app: string, vue: string): Promise<Consumer[]> {
  await mkdir(join(app, 'node_modules/@types'), { recursive: true });
  for (const name of ['react', '@types/react', '@types/node', '@types/express'])
    await symlink(join(ROOT, 'node_modules', name), join(app, 'node_modules', name)).catch(() => {});
  await symlink(vue, join(app, 'node_modules/vue'));
  return Promise.all(
    Object.entries(KINDS).map(async ([kind, { type, module, resolution, runs }]) => {
      const folder = join(app, `consumer-${type}-${resolution}`);
      await mkdir(folder);
      const compilerOptions = {
        module,
        moduleResolution: resolution,
        target: 'es2022',
        strict: true,
        // What may be undefined where it comes from may be passed on: Express's `request.ip`, a variable of the environment.
        exactOptionalPropertyTypes: true,
        esModuleInterop: true,
        types: ['node'],
        lib: ['es2022', 'dom', 'dom.iterable', 'esnext.disposable'],
      };
      const config = join(folder, 'tsconfig.json');
      await Promise.all([
        writeFile(join(folder, 'package.json'), JSON.stringify({ type })),
        writeFile(join(folder, 'app.ts'), SOURCE),
        type === 'module' && writeFile(join(folder, 'browser.ts'), BROWSER_SOURCE),
        writeFile(config, JSON.stringify({ compilerOptions })),
      ]);
      return { kind, folder, config, runs };
    }),
  );
}
