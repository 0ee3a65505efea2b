import { fileURLToPath } from 'node:url';
import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';

const root = fileURLToPath(new URL('.', import.meta.url));
const page = (name: string) => fileURLToPath(new URL(name, import.meta.url));
const curfew = 'http://127.0.0.1:4000';

export default defineConfig({
  root,
  // A path without a page is a 404, in development as behind Curfew itself; `/graphiql` finds graphiql.html.
  appType: 'mpa',
  plugins: [react()],
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
      input: [page('index.html'), page('set-password.html'), page('graphiql.html')],
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
