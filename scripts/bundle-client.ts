import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));

/** The browsers that the client kit supports. Older ones lack style sheets made by script, or `<dialog>`. */
const SUPPORTED_BROWSERS = ['chrome109', 'firefox115', 'safari16.4'];

/**
 * Bundles a module of the client kit with everything that it imports into one minified ES module, for pages without a
 * bundler. `entry` is a path from the root of the repository, such as `client/src/index.ts`.
 */
export async function bundleClient(entry: string): Promise<string> {
  // Loaded here, so that a start without a build loads neither.
  const [{ build }, { minify }] = await Promise.all([import('vite'), import('@swc/core')]);
  const result = await build({
    configFile: false,
    root,
    publicDir: false,
    envDir: false,
    logLevel: 'warn',
    resolve: { conditions: ['curfew-source', 'module', 'browser', 'production'] },
    build: {
      write: false,
      target: SUPPORTED_BROWSERS,
      // By SWC below, which makes it 2 % smaller.
      minify: false,
      modulePreload: false,
      rolldownOptions: {
        input: `${root}${entry}`,
        preserveEntrySignatures: 'strict',
        output: { format: 'es', codeSplitting: false },
      },
    },
  });
  const [output] = Array.isArray(result) ? result : [result];
  if (!output || !('output' in output) || output.output.length !== 1)
    throw new Error(`The bundle of ${entry} is more than one file.`);
  const { code } = await minify(output.output[0].code, {
    module: true,
    ecma: 2022,
    compress: { ecma: 2022, passes: 3 },
    mangle: { toplevel: true },
    format: { ecma: 2022, comments: false },
  });
  return code;
}
