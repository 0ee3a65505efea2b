import express, { type Router } from 'express';
import { join } from 'node:path';
import { build, defaultClientConditions } from 'vite';

const FOLDER = join(import.meta.dirname, 'page');

/** Serves the files of `page/`. Bundles its two scripts with Curfew's browser kit at the start. */
export async function createPages(curfewUrl: string): Promise<Router> {
  const scripts = await bundleScripts();
  const router = express.Router();
  router.use((_, response, next) => {
    response.set({
      // The page calls its own back end and, to follow the expiry of its session, Curfew.
      'content-security-policy': `default-src 'self'; connect-src 'self' ${curfewUrl} ${curfewUrl.replace(/^http/, 'ws')}; frame-ancestors 'none'; base-uri 'none'`,
      'cache-control': 'no-store',
      'x-content-type-options': 'nosniff',
    });
    next();
  });
  for (const [name, code] of scripts)
    router.get(`/${name}`, (_, response) => void response.type('text/javascript').send(code));
  router.get('/', (_, response) => response.sendFile('index.html', { root: FOLDER, cacheControl: false }));
  router.get('/sign-in', (_, response) =>
    response.sendFile('sign-in.html', { root: FOLDER, cacheControl: false }),
  );
  router.get('/style.css', (_, response) =>
    response.sendFile('style.css', { root: FOLDER, cacheControl: false }),
  );
  return router;
}

async function bundleScripts(): Promise<Map<string, string>> {
  const built = await build({
    root: FOLDER,
    configFile: false,
    logLevel: 'warn',
    // For the kit's sources in this repository. Leave this line out in your application.
    resolve: { conditions: ['curfew-source', ...defaultClientConditions] },
    build: {
      write: false,
      modulePreload: { polyfill: false },
      rolldownOptions: {
        input: ['notes-page.ts', 'sign-in-page.ts'].map((name) => join(FOLDER, name)),
        output: { entryFileNames: '[name].js', chunkFileNames: '[name].js' },
      },
    },
  });
  const outputs = [built].flat().flatMap((one) => ('output' in one ? one.output : []));
  return new Map(outputs.flatMap((one) => (one.type === 'chunk' ? [[one.fileName, one.code]] : [])));
}
