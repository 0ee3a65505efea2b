import { execFile, spawn, type ChildProcess } from 'node:child_process';
import { generateKeyPairSync, randomBytes } from 'node:crypto';
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { findFreePort } from '../../server/http/free-port.ts';
import { COMPILE_CACHE } from '../compile-cache.ts';

const ROOT = resolve(import.meta.dirname, '../..');
/** Shortly before the time limit of a test, which would not say what the process has printed. */
const OUTPUT_TIMEOUT_MS = 110_000;

export interface Running {
  readonly child: ChildProcess;
  readonly stdout: string;
  readonly stderr: string;
  /** The exit code; null: ended by a signal. */
  readonly exited: Promise<number | null>;
  /** Resolves with the match once standard output has one. @throws when the process ends before */
  printed(pattern: RegExp): Promise<RegExpExecArray>;
  stop(signal?: NodeJS.Signals): Promise<number | null>;
}

/**
 * Runs one of the server's programs like an operator, in a working directory without a .env.
 * @param script relative to the project, or absolute for another version of it
 */
export function run(
  script: string,
  args: readonly string[],
  env: Record<string, string>,
  cwd = tmpdir(),
  /** Words before the command, such as a program that takes a right away. */
  before: readonly string[] = [],
): Running {
  const [program, ...words] = [...before, process.execPath];
  const child = spawn(
    program!,
    [...words, '--disable-warning=ExperimentalWarning', resolve(ROOT, script), ...args],
    {
      cwd,
      env: {
        PATH: process.env.PATH!,
        HOME: process.env.HOME ?? cwd,
        LOG_LEVEL: 'warn',
        ...COMPILE_CACHE,
        ...env,
      },
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
        const timer = setTimeout(giveUp('Nothing more came'), OUTPUT_TIMEOUT_MS);
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

/** A running server; on a free port unless `env` names one. */
export async function startServer(env: Record<string, string>, script = 'server/main.ts'): Promise<Server> {
  const program = run(script, [], { PORT: String(await findFreePort()), ...env });
  const [, url] = await program.printed(/Curfew is ready at (\S+)/);
  return Object.assign(Object.create(program) as Running, { url: url! });
}

/** Further settings that `DATABASE_URL` needs. */
export const secrets = (): Record<string, string> => ({
  REFRESH_TOKEN_SECRET: randomBytes(32).toString('base64url'),
  ACCESS_TOKEN_PRIVATE_KEY: generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey.export({
    type: 'pkcs8',
    format: 'pem',
  }) as string,
});

/**
 * A folder for one test, with the migrated image that all tests start from, because creating a database takes
 * seconds. Call `remove` once no process runs in it.
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
