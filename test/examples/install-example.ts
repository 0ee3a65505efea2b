import { execFile, spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { cp, mkdir, mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { promisify } from 'node:util';
import { canInstall, npmEnvironment } from '../operations/npm.ts';

const ROOT = join(import.meta.dirname, '../..');
const EXAMPLES = join(ROOT, 'examples');
const CACHE = join(ROOT, 'node_modules/.cache');
const PACKAGE = '@curfew/client';
/** A framework that builds its pages at the start takes its time on a busy machine. */
const START_TIMEOUT_MS = 90_000;
const STOP_TIMEOUT_MS = 5_000;

const folders: string[] = [];

/**
 * Describes tests of examples that `installExample` installs, and removes their folders afterwards. Without npm's
 * registry they are left out, and the title says so; in CI they always run.
 */
export async function describeExamples(names: readonly string[], define: () => void): Promise<void> {
  const title = `the examples ${names.join(', ')}`;
  if (process.env.CI !== 'true' && !(await canInstallAll(names)))
    return describe.skip(`${title} (left out: npm cannot reach its registry)`, define);
  describe(title, () => {
    afterAll(async () => {
      for (const folder of folders.splice(0)) await rm(folder, { recursive: true, force: true });
    });
    define();
  });
}

/**
 * Copies `examples/NAME` into an empty folder, and installs there what it depends on: the kit as it is packed, the rest
 * from npm's registry. Resolves with the folder, which `describeExamples` removes.
 */
export async function installExample(name: string): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), `curfew-${name}-`));
  folders.push(folder);
  await cp(join(EXAMPLES, name), folder, {
    recursive: true,
    filter: (path) => !['node_modules', '.next', 'dist'].includes(basename(path)),
  });
  await runNpm(folder, 'install', '--prefer-offline', '--no-audit', '--no-fund', await packedClient());
  return folder;
}

/** Runs npm in the folder of an example. @throws with its output when it fails */
export async function runNpm(folder: string, command: string, ...args: string[]): Promise<void> {
  // --prefix: a node_modules further up must not attract the installation.
  const all = [command, '--prefix', folder, ...args];
  try {
    await promisify(execFile)('npm', all, { cwd: folder, env: npmEnvironment, maxBuffer: 1 << 26 });
  } catch (error) {
    const { stdout = '', stderr = '' } = error as { stdout?: string; stderr?: string };
    throw new Error(`npm ${all.join(' ')} failed:\n${stdout}${stderr}`, { cause: error });
  }
}

export interface StartedExample {
  /** `http://localhost:PORT`: for a browser another site than Curfew at 127.0.0.1. */
  readonly url: string;
  /** What it has printed. */
  readonly output: string;
  close(): Promise<void>;
}

/**
 * Starts an example in its folder, with nothing but `env` and a PATH, and resolves when it answers on `env.PORT`.
 * `command`: the program and its arguments, such as `[process.execPath, 'server.js']`.
 * @throws with its output when it ends before that
 */
export async function startExample(
  folder: string,
  { command, env }: { command: readonly string[]; env: Record<string, string> & { PORT: string } },
): Promise<StartedExample> {
  const [program, ...args] = command;
  const child = spawn(program!, args, {
    cwd: folder,
    // Node first, because the programs of packages find it there.
    env: { PATH: `${join(process.execPath, '..')}:${process.env.PATH}`, HOME: folder, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
    // A process group of its own, so that the processes that it starts end with it.
    detached: true,
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding('utf8').on('data', (text: string) => (output += text));
  let hasEnded = false;
  const ended = new Promise<void>((done) => {
    child.once('error', (error) => (output += error.message));
    child.once('close', () => {
      hasEnded = true;
      done();
    });
  });
  const kill = (signal: NodeJS.Signals): void => {
    if (!hasEnded && child.pid !== undefined) process.kill(-child.pid, signal);
  };
  const started: StartedExample = {
    url: `http://localhost:${env.PORT}`,
    get output() {
      return output;
    },
    async close() {
      kill('SIGTERM');
      const timer = setTimeout(() => kill('SIGKILL'), STOP_TIMEOUT_MS);
      await ended;
      clearTimeout(timer);
    },
  };
  const giveUpAt = performance.now() + START_TIMEOUT_MS;
  while (!(await fetch(started.url).catch(() => null))) {
    if (hasEnded) throw new Error(`The example in ${basename(folder)} did not start:\n${output}`);
    if (performance.now() > giveUpAt) {
      await started.close();
      throw new Error(`The example in ${basename(folder)} did not answer:\n${output}`);
    }
    await pause(50);
  }
  return started;
}

async function canInstallAll(names: readonly string[]): Promise<boolean> {
  const specifiers = new Set<string>();
  for (const name of names) {
    const manifest = JSON.parse(await readFile(join(EXAMPLES, name, 'package.json'), 'utf8'));
    for (const [dependency, version] of Object.entries<string>(manifest.dependencies))
      if (dependency !== PACKAGE) specifiers.add(`${dependency}@${version}`);
  }
  return (await Promise.all([...specifiers].map(canInstall))).every(Boolean);
}

let packed: Promise<string> | undefined;
const packedClient = (): Promise<string> => (packed ??= packClient());

/** Packed once for the same sources, because its two compilations take longer than an example. */
async function packClient(): Promise<string> {
  const hash = createHash('sha256');
  for (const path of ['client', 'scripts', 'package-lock.json']) await addToHash(hash, join(ROOT, path));
  await mkdir(CACHE, { recursive: true });
  const file = join(CACHE, `curfew-client-${hash.digest('hex').slice(0, 16)}.tgz`);
  if (existsSync(file)) return file;
  const program = join(import.meta.dirname, 'pack-client.ts');
  await promisify(execFile)(process.execPath, [program, file], { cwd: ROOT, env: npmEnvironment });
  return file;
}

/** Made by builds. */
const BUILT = ['dist', 'node_modules', 'LICENSE', 'CHANGELOG.md'];

async function addToHash(hash: ReturnType<typeof createHash>, path: string): Promise<void> {
  const content = await readFile(path).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'EISDIR') throw error;
    return null;
  });
  if (content) return void hash.update(path).update(content);
  for (const entry of (await readdir(path)).toSorted())
    if (!BUILT.includes(entry)) await addToHash(hash, join(path, entry));
}
