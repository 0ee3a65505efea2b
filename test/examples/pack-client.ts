import { copyFile, cp, mkdtemp, readdir, rename, rm, stat, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { root, runProgram } from '../../scripts/package/staging.ts';

// Packs @curfew/client into the file that the argument names. A process of its own, because bundlers do not work in Jest,
// and in a copy, because other tests build and read the same folder.

const [file] = process.argv.slice(2);
// Not below node_modules, where Node does not run TypeScript.
const copy = await mkdtemp(join(tmpdir(), 'curfew-pack-'));
// Beside the file, so that it appears whole for a test file that runs at the same time.
const beside = await mkdtemp(join(dirname(file!), 'curfew-pack-'));
try {
  for (const name of await readdir(root))
    if ((await stat(join(root, name))).isFile()) await copyFile(join(root, name), join(copy, name));
  for (const name of ['client', 'scripts'])
    await cp(join(root, name), join(copy, name), {
      recursive: true,
      filter: (path) => basename(path) !== 'dist',
    });
  await symlink(join(root, 'node_modules'), join(copy, 'node_modules'));
  const client = join(copy, 'client');
  await runProgram('npm', ['run', 'build'], client);
  const args = ['pack', '--json', '--ignore-scripts', '--pack-destination', beside];
  const [packed] = JSON.parse(await runProgram('npm', args, client)) as { filename: string }[];
  await rename(join(beside, packed!.filename), file!);
} finally {
  for (const folder of [copy, beside]) await rm(folder, { recursive: true, force: true });
}
