import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { Redis } from 'ioredis';
import { findFreePort } from '../../server/http/free-port.ts';

export const hasRedisServer = spawnSync('redis-server', ['--version']).status === 0;

export interface RedisServer {
  readonly url: string;
  readonly admin: Redis;
  signal(name: NodeJS.Signals): void;
  /** Replaces a killed one; without its users, so `admin` no longer works. */
  restart(): Promise<void>;
  stop(): Promise<void>;
}

/** A Redis for one test, which may break it. */
export async function startRedis(): Promise<RedisServer> {
  const port = await findFreePort();
  const options = [
    '--port',
    port,
    '--bind',
    '127.0.0.1',
    '--save',
    '',
    '--appendonly',
    'no',
    '--dir',
    '/tmp',
  ];
  let child: ChildProcess;
  let exited: Promise<void>;
  function run(): void {
    child = spawn('redis-server', options.map(String), { stdio: 'ignore' });
    exited = new Promise<void>((done) => child.once('close', () => done()));
  }
  run();
  const url = `redis://127.0.0.1:${port}`;
  // `admin` is a separate user, so that rights can be taken from the one of Curfew.
  const first = new Redis(url, { retryStrategy: () => 50, maxRetriesPerRequest: 100 });
  first.on('error', () => {});
  await first.call('ACL', 'SETUSER', 'admin', 'on', '>admin', '~*', '&*', '+@all');
  first.disconnect();
  const admin = new Redis(url.replace('//', '//admin:admin@'));
  admin.on('error', () => {});
  return {
    url,
    admin,
    signal: (name) => void child.kill(name),
    async restart() {
      await exited;
      run();
    },
    async stop() {
      admin.disconnect();
      child.kill('SIGTERM');
      await exited;
    },
  };
}
