import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { lingui } from '@lingui/vite-plugin';
import react from '@vitejs/plugin-react-swc';
import { defaultClientConditions, defineConfig, type Plugin } from 'vite';
import { DASHBOARD_PATHS } from '../server/http/dashboard-paths.ts';
import { CHUNKS } from './chunks.ts';

const root = fileURLToPath(new URL('.', import.meta.url));
const page = (name: string) => fileURLToPath(new URL(name, import.meta.url));
const curfew = 'http://127.0.0.1:4000';

/**
 * Serves the dashboard's single page for its deep links in development, and for unknown paths that a person asks for. In
 * production, server/http/pages.ts does.
 */
function dashboardLinks(): Plugin {
  return {
    name: 'curfew-dashboard-links',
    configureServer(server) {
      server.middlewares.use((request, _, next) => {
        if (DASHBOARD_PATHS.includes(request.url!.split('?', 1)[0]!)) request.url = '/index.html';
        next();
      });
      // After Vite has looked for a file.
      return () => {
        server.middlewares.use((request, response, next) => {
          const { url = '/', headers } = request;
          if (/\.html(\?.*)?$/.test(url) || !headers.accept?.includes('text/html')) return next();
          readFile(page('index.html'), 'utf8')
            .then((html) => server.transformIndexHtml(url, html))
            .then((html) => {
              response.statusCode = 404;
              response.setHeader('content-type', 'text/html; charset=utf-8');
              response.end(html);
            })
            .catch(next);
        });
      };
    },
  };
}

export default defineConfig({
  root,
  // Unknown paths are a 404, as in production. `/graphiql` is served from graphiql.html, `/reference` likewise.
  appType: 'mpa',
  plugins: [
    // Turns the texts of the pages into ids; an untranslated one fails the build.
    // The ids are those that the catalogs of Lingui 5 are made with.
    react({ plugins: [['@lingui/swc-plugin', { useLinguiV5IdGeneration: true }]] }),
    lingui({ failOnMissing: true, failOnCompileError: true }),
    dashboardLinks(),
  ],
  // Uses the sources of the client kit instead of its last build.
  resolve: { conditions: ['curfew-source', ...defaultClientConditions] },
  // Replaced in every response; see server/http/pages.ts.
  html: { cspNonce: '__CSP_NONCE__' },
  build: {
    outDir: 'dist',
    emptyOutDir: true,
    target: 'es2022',
    // The content security policy allows no data: URLs for fonts and scripts.
    assetsInlineLimit: 0,
    // Monaco, the editor of GraphiQL, is one large chunk that only GraphiQL loads.
    chunkSizeWarningLimit: 8000,
    // Every browser that can run GraphiQL supports it.
    modulePreload: { polyfill: false },
    rolldownOptions: {
      output: { codeSplitting: { groups: CHUNKS } },
      input: [page('index.html'), page('graphiql.html'), page('reference.html')],
      // "use no memo" in GraphiQL's packages is meant for a compiler that has already run.
      checks: { moduleLevelDirective: false },
    },
  },
  optimizeDeps: {
    // Pre-bundling in development does not support the worker imports of these packages, ...
    exclude: ['graphiql/setup-workers/vite', '@graphiql/react/setup-workers/vite'],
    // ... and without it, the CommonJS modules that the workers import have to be listed.
    include: ['graphql-language-service > nullthrows', 'monaco-graphql > picomatch-browser'],
  },
  server: {
    proxy: {
      // Curfew checks the Origin of a WebSocket, which in development is that of this server.
      '/graphql': { target: curfew, ws: true, rewriteWsOrigin: true },
      '/healthz': curfew,
      '/readyz': curfew,
      '/metrics': curfew,
      '/.well-known': curfew,
      '/oauth': curfew,
      '/auth': curfew,
      '/openapi.json': curfew,
      '/schema.graphql': curfew,
    },
  },
});
