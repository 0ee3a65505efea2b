import { cp, copyFile, mkdir, rm, chmod } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { buildWebIfChanged } from '../build-web.ts';
import { checkImports } from './check-imports.ts';
import { readManifest, root, runProgram, writeManifest } from './staging.ts';

/** What MikroORM needs. `scripts/package/curfew.cjs` holds the operator's Node to it. */
const NODE = '>=22.17.0';

/** Copied as they are. The documents are those that an operator needs. */
const FILES = [
  'LICENSE',
  'README.md',
  'CHANGELOG.md',
  '.env.example',
  'schema.graphql',
  ...[
    'databases',
    'guides/deleting',
    'install',
    'keys',
    'monitoring',
    'operations',
    'security',
    'start-problems',
  ].map((page) => `docs/${page}.md`),
  'deploy/grafana/curfew.json',
  'deploy/prometheus/alerts.yaml',
  'deploy/systemd/curfew.service',
];

/** Puts the files of the package `curfew` into a folder: compiled server, built pages, schema, migrations. */
export async function stageServer(folder: string): Promise<void> {
  await rm(folder, { recursive: true, force: true });
  await mkdir(folder, { recursive: true });
  await runProgram(
    process.execPath,
    [join(root, 'node_modules/typescript/bin/tsc'), '-p', 'tsconfig.build.json', '--outDir', folder],
    root,
  );
  await buildWebIfChanged();
  await cp(join(root, 'web/dist'), join(folder, 'web/dist'), {
    recursive: true,
    filter: (path) => !path.endsWith('.build-hash'),
  });
  for (const file of FILES) {
    await mkdir(dirname(join(folder, file)), { recursive: true });
    await copyFile(join(root, file), join(folder, file));
  }
  await mkdir(join(folder, 'bin'));
  await copyFile(join(import.meta.dirname, 'curfew.cjs'), join(folder, 'bin/curfew.cjs'));
  await chmod(join(folder, 'bin/curfew.cjs'), 0o755);
  const { name, version, description, license, dependencies } = await readManifest(root);
  await writeManifest(folder, {
    name,
    version,
    description,
    license,
    type: 'module',
    engines: { node: NODE },
    bin: { curfew: 'bin/curfew.cjs' },
    // Nothing in it is a library.
    exports: { './package.json': './package.json' },
    dependencies,
  });
  await checkImports(folder, Object.keys(dependencies));
  await pinDependencies(folder);
}

/** Writes npm-shrinkwrap.json: an installation gets the versions of package-lock.json, which the tests ran with. */
async function pinDependencies(folder: string): Promise<void> {
  await copyFile(join(root, 'package-lock.json'), join(folder, 'package-lock.json'));
  await runProgram('npm', ['install', '--package-lock-only', '--ignore-scripts', '--prefer-offline'], folder);
  await runProgram('npm', ['shrinkwrap'], folder);
}
