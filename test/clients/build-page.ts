import { join } from 'node:path';
import { build, defaultClientConditions, loadConfigFromFile, mergeConfig } from 'vite';

// Builds the page in the folder that the argument names, with its own vite.config.js and the kit's sources. A process of
// its own: bundlers do not work in Jest.

const folder = process.argv[2]!;
const command = { command: 'build', mode: 'production' } as const;
const { config } = (await loadConfigFromFile(command, join(folder, 'vite.config.js'), folder))!;
await build(
  mergeConfig(config, {
    configFile: false,
    root: folder,
    logLevel: 'warn',
    // The sources are not below the folder, where the framework is.
    resolve: { conditions: ['curfew-source', ...defaultClientConditions], dedupe: ['vue'] },
  }),
);
