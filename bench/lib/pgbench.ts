import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

const runFile = promisify(execFile);

const CLIENTS = 16;

/** Returns a function that runs a script with pgbench, on PostgreSQL alone. Null: no pgbench on the PATH. */
export async function findPgbench(): Promise<
  ((run: { url: string; script: string; seconds: number }) => Promise<number>) | null
> {
  try {
    await runFile('pgbench', ['--version']);
  } catch {
    return null;
  }
  return async ({ url, script, seconds }) => {
    const folder = await mkdtemp(join(tmpdir(), 'curfew-pgbench-'));
    try {
      const file = join(folder, 'script.sql');
      await writeFile(file, script);
      const { stdout } = await runFile('pgbench', [
        '--no-vacuum',
        '--protocol=prepared',
        `--client=${CLIENTS}`,
        '--jobs=2',
        `--time=${Math.max(1, Math.round(seconds))}`,
        `--file=${file}`,
        url,
      ]);
      const perSecond = /^tps = ([\d.]+)/m.exec(stdout)?.[1];
      if (perSecond === undefined) throw new Error(`pgbench printed no tps:\n${stdout}`);
      return Number(perSecond);
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  };
}

export const WITHOUT_PGBENCH = 'PostgreSQL alone is left out: there is no pgbench on the PATH.';
