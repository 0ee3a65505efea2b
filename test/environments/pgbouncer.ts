import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { findFreePort } from '../../server/http/free-port.ts';
import { hasDaemon, startDaemon } from '../debian-daemon.ts';
import { PASSWORD, type ScratchDatabase } from './scratch-database.ts';

export const hasPgBouncer = hasDaemon('pgbouncer', '--version');

export interface PgBouncer {
  /** Of the database, through it. */
  readonly url: string;
  stop(): Promise<void>;
}

/** Starts PgBouncer in transaction mode before a database, with its own defaults but for a pool of four connections. */
export async function startPgBouncer({ url, role, name, server }: ScratchDatabase): Promise<PgBouncer> {
  const folder = await mkdtemp(join(tmpdir(), 'curfew-pgbouncer-'));
  // It refuses to run as root.
  await chmod(folder, 0o755);
  const port = await findFreePort();
  const users = join(folder, 'users.txt');
  await writeFile(users, `"${role}" "${PASSWORD}"\n`);
  const file = join(folder, 'pgbouncer.ini');
  await writeFile(
    file,
    `[databases]
     ${name} = host=${server.hostname} port=${server.port || 5432}
     [pgbouncer]
     listen_addr = 127.0.0.1
     listen_port = ${port}
     unix_socket_dir =
     auth_type = trust
     auth_file = ${users}
     pool_mode = transaction
     default_pool_size = 4\n`,
  );
  const asUser = process.getuid?.() === 0 ? ['-u', 'nobody'] : [];
  const { child, exited } = await startDaemon('pgbouncer', [...asUser, file], port);
  const through = new URL(url);
  through.hostname = '127.0.0.1';
  through.port = String(port);
  return {
    url: through.href,
    async stop() {
      child.kill('SIGINT');
      await Promise.race([exited, pause(2_000).then(() => child.kill('SIGTERM'))]);
      await exited;
      await rm(folder, { recursive: true, force: true });
    },
  };
}
