import { copyFile, cp, mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { readManifest, root, runProgram, writeManifest } from './staging.ts';

const client = join(root, 'client');

/** The condition by which this repository runs the sources. The package has no sources. */
const SOURCE_CONDITION = 'curfew-source';

/** Puts the files of the package `@curfew/client` into a folder. */
export async function stageClient(folder: string): Promise<void> {
  await rm(folder, { recursive: true, force: true });
  await mkdir(folder, { recursive: true });
  const tsc = join(root, 'node_modules/typescript/bin/tsc');
  for (const project of ['tsconfig.build.json', 'tsconfig.server.json'])
    await runProgram(process.execPath, [tsc, '-p', project, '--outDir', join(folder, 'dist')], client);
  await cp(join(client, 'README.md'), join(folder, 'README.md'));
  for (const file of ['LICENSE', 'CHANGELOG.md']) await copyFile(join(root, file), join(folder, file));
  const { scripts: _, ...manifest } = await readManifest(client);
  for (const conditions of Object.values(manifest.exports as Record<string, Record<string, string>>))
    delete conditions[SOURCE_CONDITION];
  await writeManifest(folder, { ...manifest, files: ['dist', 'CHANGELOG.md'] } as typeof manifest & {
    name: string;
  });
}
