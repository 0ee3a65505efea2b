import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);

export interface Pgbench {
  url: string;
  /** The statements of every transaction, prepared once. */
  script: string;
  seconds: number;
  /** Settings of its connections, such as `synchronous_commit=off`. */
  settings?: readonly string[];
}

/** Measures the microseconds of one transaction on one connection, including the round trip. */
export async function timeTransaction({ url, script, seconds, settings = [] }: Pgbench): Promise<number> {
  const folder = await mkdtemp(join(tmpdir(), 'curfew-pgbench-'));
  try {
    const file = join(folder, 'script.sql');
    await writeFile(file, script);
    const { stdout } = await run(
      'pgbench',
      ['-n', '-M', 'prepared', '-c', '1', '-T', `${seconds}`, '-f', file, url],
      {
        env: { ...process.env, PGOPTIONS: settings.map((setting) => `-c ${setting}`).join(' ') },
      },
    );
    const perSecond = /tps = ([\d.]+)/.exec(stdout)?.[1];
    if (perSecond === undefined) throw new Error(`pgbench said no tps:\n${stdout}`);
    return 1e6 / Number(perSecond);
  } finally {
    await rm(folder, { recursive: true });
  }
}
