import { execFile, spawn, type ChildProcess } from 'node:child_process';
import { generateKeyPairSync, randomBytes } from 'node:crypto';
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';

const ROOT = resolve(import.meta.dirname, '../..');
/** A safety net only: a machine that is busy with other things takes its time to start a process. */
const PATIENCE_MS = 60_000;

export interface Running {
  readonly child: ChildProcess;
  readonly stdout: string;
  readonly stderr: string;
  /** The exit code; null when a signal ended it. */
  readonly exited: Promise<number | null>;
  /** The match, once standard output holds one; fails when the process ends before. */
  printed(pattern: RegExp): Promise<RegExpExecArray>;
  stop(signal?: NodeJS.Signals): Promise<number | null>;
}

/** Runs one of the server's programs as an operator would, in a working directory without a .env. */
export function run(
  script: string,
  args: readonly string[],
  env: Record<string, string>,
  cwd = tmpdir(),
): Running {
  const child = spawn(
    process.execPath,
    ['--disable-warning=ExperimentalWarning', join(ROOT, script), ...args],
    {
      cwd,
      env: { PATH: process.env.PATH!, HOME: process.env.HOME ?? cwd, LOG_LEVEL: 'warn', ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
    },
  );
  const output = { stdout: '', stderr: '' };
  const listeners = new Set<() => void>();
  for (const stream of ['stdout', 'stderr'] as const) {
    child[stream]!.setEncoding('utf8').on('data', (text: string) => {
      output[stream] += text;
      for (const listener of listeners) listener();
    });
  }
  const exited = new Promise<number | null>((done) => child.once('close', (code) => done(code)));
  return {
    child,
    get stdout() {
      return output.stdout;
    },
    get stderr() {
      return output.stderr;
    },
    exited,
    printed: (pattern) =>
      new Promise((found, fail) => {
        const giveUp = (why: string) => () => {
          settle();
          fail(new Error(`${why} before printing ${pattern}:\n${output.stdout}${output.stderr}`));
        };
        const timer = setTimeout(giveUp('Nothing more came'), PATIENCE_MS);
        const look = () => {
          const match = pattern.exec(output.stdout);
          if (!match) return;
          settle();
          found(match);
        };
        const settle = () => {
          clearTimeout(timer);
          listeners.delete(look);
        };
        listeners.add(look);
        void exited.then(giveUp('The process ended'));
        look();
      }),
    async stop(signal = 'SIGTERM') {
      if (child.exitCode === null && child.signalCode === null) child.kill(signal);
      return exited;
    },
  };
}

/** Runs to the end. */
export async function runOnce(
  script: string,
  args: readonly string[],
  env: Record<string, string>,
): Promise<{ code: number | null; stdout: string; stderr: string }> {
  const program = run(script, args, env);
  const code = await program.exited;
  return { code, stdout: program.stdout, stderr: program.stderr };
}

export interface Server extends Running {
  readonly url: string;
}

/** A server that listens; on a free port unless `env` names one. */
export async function startServer(env: Record<string, string>): Promise<Server> {
  const program = run('server/main.ts', [], { PORT: String(await freePort()), ...env });
  const [, url] = await program.printed(/Curfew is ready at (\S+)/);
  return Object.assign(Object.create(program) as Running, { url: url! });
}

/** What `DATABASE_URL` asks for besides. */
export const secrets = (): Record<string, string> => ({
  REFRESH_TOKEN_SECRET: randomBytes(32).toString('base64url'),
  ACCESS_TOKEN_PRIVATE_KEY: generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey.export({
    type: 'pkcs8',
    format: 'pem',
  }) as string,
});

export function freePort(): Promise<number> {
  return new Promise((found) => {
    const probe = createServer().listen(0, '127.0.0.1', () => {
      const { port } = probe.address() as AddressInfo;
      probe.close(() => found(port));
    });
  });
}

/**
 * A folder for one test; `remove` when nothing runs in it any more. With the migrated image that the other tests start
 * from, because to make a database takes seconds.
 */
export async function newFolder({ isEmpty = false } = {}): Promise<{
  path: string;
  remove(): Promise<void>;
}> {
  const path = await mkdtemp(join(tmpdir(), 'curfew-process-'));
  if (!isEmpty) {
    const database = join(path, 'database');
    await mkdir(database, { mode: 0o700 });
    await promisify(execFile)('tar', ['-xf', process.env.CURFEW_TEST_IMAGE!, '-C', database]);
  }
  return { path, remove: () => rm(path, { recursive: true, force: true }) };
}
