import { join } from 'node:path';
import { readManifest, root } from './staging.ts';

const client = join(root, 'client');

/** The sources that the manifest names, by the path of the built file without its ending. */
async function readEntries(): Promise<Record<string, string>> {
  const { exports } = await readManifest(client);
  const sources = Object.values(exports as Record<string, { 'curfew-source'?: string }>).flatMap(
    (conditions) => conditions['curfew-source'] ?? [],
  );
  return Object.fromEntries(
    sources.map((source) => [source.replace(/^\.\/src\/|\.ts$/g, ''), join(client, source)]),
  );
}

/**
 * Writes the package's entries as CommonJS into a folder. What they import stays an import, but for jose: it is ES modules
 * alone, which Jest cannot require below Node 24.9.
 */
export async function bundleCommonJs(to: string): Promise<void> {
  // Loaded here, like Vite everywhere.
  const { build } = await import('vite');
  await build({
    configFile: false,
    root: client,
    publicDir: false,
    envDir: false,
    logLevel: 'warn',
    ssr: { noExternal: ['jose'] },
    build: {
      ssr: true,
      outDir: to,
      emptyOutDir: false,
      target: 'es2022',
      minify: false,
      rolldownOptions: {
        // Vite would put something else in its place, because it is not installed here.
        external: ['vue'],
        input: await readEntries(),
        output: {
          format: 'cjs',
          exports: 'named',
          strict: true,
          entryFileNames: '[name].js',
          chunkFileNames: 'chunk-[name].js',
        },
        onLog(level, log, handle) {
          // The directive 'use client' of an entry stays at its top; a test looks.
          if (log.code !== 'MODULE_LEVEL_DIRECTIVE') handle(level, log);
        },
      },
    },
  });
}
