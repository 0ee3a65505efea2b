import { fileURLToPath } from 'node:url';
import react from '@vitejs/plugin-react';
import { defaultClientConditions, defineConfig, type Plugin } from 'vite';

const root = fileURLToPath(new URL('.', import.meta.url));
const page = (name: string) => fileURLToPath(new URL(name, import.meta.url));
const curfew = 'http://127.0.0.1:4000';

/** In development, as server/pages.ts does otherwise: the dashboard's deep links are answered with its one page. */
function dashboardLinks(): Plugin {
  return {
    name: 'curfew-dashboard-links',
    configureServer(server) {
      server.middlewares.use((request, _, next) => {
        if (/^\/(login(\/callback)?|set-password|account(\/[^?]*)?)(\?.*)?$/.test(request.url ?? ''))
          request.url = '/index.html';
        next();
      });
    },
  };
}

export default defineConfig({
  root,
  // A path without a page is a 404, in development as behind Curfew itself; `/graphiql` finds graphiql.html.
  appType: 'mpa',
  plugins: [react(), dashboardLinks()],
  // The client kit's sources: the dashboard is built from what is here, not from what was built last.
  resolve: { conditions: ['curfew-source', ...defaultClientConditions] },
  // Replaced in every answer; see server/pages.ts.
  html: { cspNonce: '__CSP_NONCE__' },
  build: {
    outDir: 'dist',
    emptyOutDir: true,
    target: 'es2022',
    // The policies of the pages allow no data: URL for fonts or scripts of our own.
    assetsInlineLimit: 0,
    // Monaco, the editor in GraphiQL, is one big chunk; nothing else loads it.
    chunkSizeWarningLimit: 8000,
    // Every browser that runs GraphiQL knows it.
    modulePreload: { polyfill: false },
    rolldownOptions: {
      input: [page('index.html'), page('graphiql.html')],
      // "use no memo" in GraphiQL's packages speaks to a compiler that has already run.
      checks: { moduleLevelDirective: false },
    },
  },
  optimizeDeps: {
    // The development server's pre-bundling does not understand the worker imports in these, ...
    exclude: ['graphiql/setup-workers/vite', '@graphiql/react/setup-workers/vite'],
    // ... and without it, the CommonJS among the workers' own imports has to be named.
    include: ['graphql-language-service > nullthrows', 'monaco-graphql > picomatch-browser'],
  },
  server: {
    proxy: {
      // Curfew checks the Origin of a WebSocket; in development it is this server's, so it is rewritten.
      '/graphql': { target: curfew, ws: true, rewriteWsOrigin: true },
      '/healthz': curfew,
      '/readyz': curfew,
      '/metrics': curfew,
      '/.well-known': curfew,
      '/oauth': curfew,
      '/auth': curfew,
    },
  },
});
