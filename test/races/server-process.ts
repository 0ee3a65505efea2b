import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { findFreePort } from '../../server/http/free-port.ts';
import { generateAccessKey } from '../../server/tokens/signing-keys.ts';
import { COMPILE_CACHE } from '../compile-cache.ts';
import { createGraphQLClient, type GraphQLClient } from '../graphql-client.ts';

export interface ServerProcess extends GraphQLClient {
  readonly url: string;
  /** Its output so far. */
  readonly output: string;
  signal(name: NodeJS.Signals): void;
  readonly exited: Promise<{ code: number | null; signal: NodeJS.Signals | null }>;
  /** Ends it at once, like a power cut. */
  kill(): Promise<void>;
}

export interface Installation {
  /** Starts a process on this installation's database and port; the next one finds the state of the last one. */
  start(): Promise<ServerProcess>;
}

const START_TIMEOUT_MS = 50_000;

/** A real server with its own port, keys and database, to start, kill and restart. */
export async function createInstallation(
  env: { DATABASE_URL: string } | { DATA_DIR: string },
  settings: Record<string, string> = {},
): Promise<Installation> {
  // One fixed port: the issuer of every token is the server's URL.
  const port = await findFreePort();
  const keys =
    'DATABASE_URL' in env
      ? {
          REFRESH_TOKEN_SECRET: randomBytes(32).toString('base64url'),
          ACCESS_TOKEN_PRIVATE_KEY: generateAccessKey(),
        }
      : {};
  const variables = {
    PATH: process.env.PATH,
    NODE_ENV: 'test',
    LOG_LEVEL: 'warn',
    ...COMPILE_CACHE,
    PORT: String(port),
    ...keys,
    ...env,
    ...settings,
  };
  return { start: () => startProcess(`http://127.0.0.1:${port}`, variables) };
}

async function startProcess(url: string, env: NodeJS.ProcessEnv): Promise<ServerProcess> {
  const main = join(import.meta.dirname, '../../server/main.ts');
  const child = spawn(process.execPath, [main], { env, stdio: ['ignore', 'pipe', 'pipe'] });
  let output = '';
  const exited = new Promise<{ code: number | null; signal: NodeJS.Signals | null }>((done) =>
    child.once('exit', (code, signal) => done({ code, signal })),
  );
  await new Promise<void>((ready, fail) => {
    const timer = setTimeout(() => fail(new Error(`The server did not start:\n${output}`)), START_TIMEOUT_MS);
    const listen = (chunk: Buffer): void => {
      output += chunk.toString();
      // The banner is printed whole, after the server listens.
      if (!/Curfew is ready at .*\n/.test(output)) return;
      clearTimeout(timer);
      ready();
    };
    child.stdout.on('data', listen);
    child.stderr.on('data', listen);
    void exited.then(() => {
      clearTimeout(timer);
      fail(new Error(`The server ended while it started:\n${output}`));
    });
  });
  return {
    ...createGraphQLClient(url),
    url,
    get output() {
      return output;
    },
    signal: (name) => void child.kill(name),
    exited,
    async kill() {
      child.kill('SIGKILL');
      await exited;
    },
  };
}
