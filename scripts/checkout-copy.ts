import { execFile } from 'node:child_process';
import { chmod, copyFile, cp, mkdir, mkdtemp, readdir, rm, stat, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { promisify } from 'node:util';

const root = resolve(import.meta.dirname, '..');

export interface CheckoutCopy {
  readonly root: string;
  remove(): Promise<void>;
}

/** Copies the files of this checkout, including uncommitted ones, and the built pages. */
export async function copyCheckout(): Promise<CheckoutCopy> {
  const copy = await mkdtemp(join(tmpdir(), 'curfew-copy-'));
  // When started by root, the server runs as another user, who needs to read its code.
  await chmod(copy, 0o755);
  const { stdout } = await promisify(execFile)(
    'git',
    ['ls-files', '-z', '--cached', '--others', '--exclude-standard'],
    { cwd: root, maxBuffer: 64 * 1024 * 1024 },
  );
  for (const path of stdout.split('\0').filter((each) => each !== '')) {
    const isFile = await stat(join(root, path)).then(
      (found) => found.isFile(),
      () => false,
    );
    if (!isFile) continue;
    await mkdir(dirname(join(copy, path)), { recursive: true });
    await copyFile(join(root, path), join(copy, path));
  }
  await cp(join(root, 'web', 'dist'), join(copy, 'web', 'dist'), { recursive: true });
  await linkPackages(copy);
  return { root: copy, remove: () => rm(copy, { recursive: true, force: true }) };
}

/** Links each package. The link of the project's own package leads into the copy. */
async function linkPackages(copy: string): Promise<void> {
  await mkdir(join(copy, 'node_modules', '@curfew'), { recursive: true });
  await symlink('../../client', join(copy, 'node_modules', '@curfew', 'client'));
  for (const name of await readdir(join(root, 'node_modules')))
    if (name !== '@curfew' && name !== '.cache')
      await symlink(join(root, 'node_modules', name), join(copy, 'node_modules', name));
}
