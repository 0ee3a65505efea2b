import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { createServer, type AddressInfo } from 'node:net';
import { join } from 'node:path';
import { generateAccessKey } from '../../server/tokens/signing-keys.ts';
import { createGraphQLClient, type GraphQLClient } from '../graphql-client.ts';

export interface ServerProcess extends GraphQLClient {
  readonly url: string;
  /** Everything it has printed so far. */
  readonly output: string;
  signal(name: NodeJS.Signals): void;
  readonly exited: Promise<{ code: number | null; signal: NodeJS.Signals | null }>;
  /** Ends it at once, as a power cut would. */
  kill(): Promise<void>;
}

export interface Installation {
  /** Starts a process on this installation's database and port; the next one finds what the last one left. */
  start(): Promise<ServerProcess>;
}

const START_WITHIN_MS = 50_000;

/** A real server with its own port, keys and database, to be started, killed and started again. */
export async function createInstallation(
  env: { DATABASE_URL: string } | { DATA_DIR: string },
  settings: Record<string, string> = {},
): Promise<Installation> {
  // The same port each time: the issuer of every token is the server's URL.
  const port = await freePort();
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
    const timer = setTimeout(() => fail(new Error(`The server did not start:\n${output}`)), START_WITHIN_MS);
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

function freePort(): Promise<number> {
  return new Promise((found) => {
    const probe = createServer().listen(0, '127.0.0.1', () => {
      const { port } = probe.address() as AddressInfo;
      probe.close(() => found(port));
    });
  });
}
