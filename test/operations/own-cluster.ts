import { execFile, spawnSync } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import { appendFile, chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import pg from 'pg';
import { findFreePort } from '../../server/http/free-port.ts';

const execute = promisify(execFile);
const DEBIAN = '/usr/lib/postgresql';
/** PostgreSQL refuses to run as root. */
const USER = process.getuid?.() === 0 ? 'postgres' : null;

/** The folder with PostgreSQL's programs, those of backups too. Null: it is not installed here. */
export function findPostgresPrograms(): string | null {
  const versions = existsSync(DEBIAN)
    ? readdirSync(DEBIAN).sort((one, other) => Number(other) - Number(one))
    : [];
  const folders = [
    ...versions.map((version) => join(DEBIAN, version, 'bin')),
    ...process.env.PATH!.split(':'),
  ];
  const has = (folder: string) =>
    ['initdb', 'pg_ctl', 'pg_dump', 'pg_restore', 'pg_basebackup'].every((name) =>
      existsSync(join(folder, name)),
    );
  const hasUser = USER === null || spawnSync('id', [USER]).status === 0;
  return (hasUser && folders.find(has)) || null;
}

/** A PostgreSQL of a test's own that archives its log, with the programs of backup and restore. */
export interface OwnCluster {
  readonly folder: string;
  urlOf(database: string): string;
  /** Runs one of PostgreSQL's programs, as the user of the cluster; connected to it where the program connects. */
  run(program: string, ...args: string[]): Promise<void>;
  query(database: string, text: string): Promise<any[]>;
  /** Stops the cluster and starts it from another data folder, on the same port. */
  startFrom(dataFolder: string): Promise<void>;
  stop(): Promise<void>;
}

export async function startOwnCluster(programs: string): Promise<OwnCluster> {
  const folder = await mkdtemp(join(tmpdir(), 'curfew-cluster-'));
  const port = await findFreePort();
  const env = {
    PATH: process.env.PATH!,
    PGHOST: '127.0.0.1',
    PGPORT: String(port),
    PGUSER: 'postgres',
    LC_ALL: 'C.UTF-8',
  };
  if (USER !== null) await execute('chown', [USER, folder]);
  await chmod(folder, 0o711);

  const run = async (program: string, ...args: string[]): Promise<void> => {
    const command = [join(programs, program), ...args];
    const [file, ...rest] =
      USER === null
        ? command
        : ['setpriv', `--reuid=${USER}`, `--regid=${USER}`, '--init-groups', ...command];
    await execute(file!, rest, { env, cwd: folder });
  };
  let data = join(folder, 'data');
  const log = () => join(folder, 'log');
  const start = () => run('pg_ctl', '-D', data, '-l', log(), '-w', '-t', '30', 'start');
  const stop = () => run('pg_ctl', '-D', data, '-m', 'fast', '-w', 'stop');

  await run('initdb', '-D', data, '-A', 'trust', '-U', 'postgres', '-E', 'UTF8', '--no-sync');
  const archive = join(folder, 'archive');
  await appendFile(
    join(data, 'postgresql.conf'),
    [
      `port = ${port}`,
      `listen_addresses = '127.0.0.1'`,
      `unix_socket_directories = ''`,
      `fsync = off`,
      `archive_mode = on`,
      `archive_command = 'mkdir -p ${archive} && cp %p ${archive}/%f'`,
      `restore_command = 'cp ${archive}/%f %p'`,
      '',
    ].join('\n'),
  );
  await start();

  const urlOf = (database: string): string => `postgres://postgres@127.0.0.1:${port}/${database}`;
  return {
    folder,
    urlOf,
    run,
    async query(database, text) {
      const client = new pg.Client({ connectionString: urlOf(database) });
      await client.connect();
      try {
        return (await client.query(text)).rows;
      } finally {
        await client.end();
      }
    },
    async startFrom(dataFolder) {
      await stop();
      data = dataFolder;
      await start();
    },
    async stop() {
      await stop();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** Tells a copy made by `pg_basebackup` to recover up to a moment, and to take writes then. */
export async function recoverTo(dataFolder: string, moment: Date): Promise<void> {
  // This setting takes no "Z".
  const time = moment.toISOString().replace('Z', '+00');
  await writeFile(join(dataFolder, 'recovery.signal'), '');
  await appendFile(
    join(dataFolder, 'postgresql.conf'),
    `recovery_target_time = '${time}'\nrecovery_target_action = 'promote'\n`,
  );
}
