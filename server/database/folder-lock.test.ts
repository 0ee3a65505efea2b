import { spawnSync } from 'node:child_process';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { FolderLockedError, lockFolder } from './folder-lock.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'curfew-lock-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

/** Leaves the socket of a process that was killed while it held the folder. */
function leaveStaleLock(): void {
  const path = join(folder, 'lock.sock');
  const script = `require('net').createServer().listen(${JSON.stringify(path)}, () => process.kill(process.pid, 'SIGKILL'))`;
  expect(spawnSync(process.execPath, ['-e', script]).signal).toBe('SIGKILL');
}

test('locks a folder until it is released, and leaves nothing in it', async () => {
  const release = await lockFolder(folder);
  await expect(lockFolder(folder)).rejects.toThrow(FolderLockedError);
  await expect(lockFolder(`${folder}/.`)).rejects.toThrow(FolderLockedError);
  await release();
  expect(await readdir(folder)).toEqual([]);
  await (
    await lockFolder(folder)
  )();
});

test('a lock whose holder was killed is replaced', async () => {
  leaveStaleLock();
  const release = await lockFolder(folder);
  await expect(lockFolder(folder)).rejects.toThrow(FolderLockedError);
  await release();
});

test('creates the folder when it is missing', async () => {
  const inner = join(folder, 'a', 'b');
  const release = await lockFolder(inner);
  await release();
});

test('a folder whose name is too long for a socket is locked too', async () => {
  const long = join(folder, 'x'.repeat(120));
  const release = await lockFolder(long);
  await expect(lockFolder(long)).rejects.toThrow(FolderLockedError);
  await release();
  await (
    await lockFolder(long)
  )();
});

test.each([0, 1, 3])(
  'of several processes that start %d ms apart over a stale lock, exactly one holds it and keeps it',
  async (gap) => {
    for (let round = 0; round < 5; round += 1) {
      leaveStaleLock();
      const starts = Array.from({ length: 4 }, async (_, n) => {
        await new Promise((done) => setTimeout(done, n * gap));
        return lockFolder(folder);
      });
      const outcomes = await Promise.allSettled(starts);
      const held = outcomes.filter((outcome) => outcome.status === 'fulfilled');
      expect(held).toHaveLength(1);
      await expect(lockFolder(folder)).rejects.toThrow(FolderLockedError);
      await held[0]!.value();
    }
  },
);
