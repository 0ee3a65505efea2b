import closeWithGrace from 'close-with-grace';
import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { User } from '../server/accounts/user.entity.ts';
import { createApp, type App } from '../server/app.ts';
import { loadConfig } from '../server/config/config.ts';
import { ensureDemo, type DemoSignIn } from '../server/demo/demo.ts';
import { findFreePort } from '../server/http/free-port.ts';
import { createLogger } from '../server/logger.ts';
import { createServiceKey } from '../server/service-api/service-keys.ts';
import { startupProblem } from '../server/cli/startup-problem.ts';
import { buildWebIfChanged } from './build-web.ts';

// Starts two applications with their own sign-in under Curfew's policy, and Curfew itself: with the demo in a temporary
// folder and a service key for the applications.

const root = join(import.meta.dirname, '..');
const START_TIMEOUT_MS = 30_000;

const folder = await mkdtemp(join(tmpdir(), 'curfew-examples-'));
const opened: (() => Promise<unknown>)[] = [() => rm(folder, { recursive: true, force: true })];
closeWithGrace({ delay: 10_000, logger: false }, async ({ err }) => {
  if (err) console.error(startupProblem(err));
  for (const close of opened.reverse()) await close();
});

await buildWebIfChanged();
const [curfewPort, notesPort, pythonPort] = [
  await findPort(4000),
  await findPort(4100),
  await findPort(4200),
];
const origins = ['127.0.0.1', 'localhost'].map((host) => `http://${host}:${notesPort}`);
const config = loadConfig({
  PORT: String(curfewPort),
  DATA_DIR: folder,
  DEMO: 'true',
  LOG_LEVEL: 'warn',
  ALLOWED_ORIGINS: origins.join(','),
  // Lets the owner choose two minutes on the dashboard, to see the warning soon.
  SESSION_IDLE_MINUTES_MIN: '1',
});
const app = await createApp(config, createLogger(config.logLevel));
opened.push(() => app.close());
const demo = await ensureDemo(app, config);
await app.listen();
const curfew = { CURFEW_URL: app.url, CURFEW_SERVICE_KEY: await createKey(app, demo) };

const notesUrl = await start(
  process.execPath,
  ['--disable-warning=ExperimentalWarning', '--conditions=curfew-source', 'examples/notes/main.ts'],
  { ...curfew, PORT: String(notesPort) },
);
const python = findPython();
const pythonEnv = { ...curfew, PORT: String(pythonPort), PYTHONPATH: 'clients/python' };
const pythonUrl = python && (await start(python, ['examples/python/app.py'], pythonEnv));

const [owner] = demo;
console.log(`
Two applications with their own sign-in, and Curfew, which ends their sessions:

  Notes (TypeScript)      ${notesUrl}/
    Sign in               lena@notes.example / lena-likes-lemons
                          paul@notes.example / paul-likes-plums
  Shopping list (Python)  ${pythonUrl ? `${pythonUrl}/` : 'left out: python3 was not found'}${
    pythonUrl
      ? `
    Sign in               mia@shop.example / mia-likes-apples
                          tom@shop.example / tom-likes-pears`
      : ''
  }
  Curfew's dashboard      ${app.url}/account/security
    Sign in               ${owner!.email} / ${owner!.password}

After five minutes without activity an application warns you; after ten it signs you out. To see it sooner, choose two
minutes under Custom on the dashboard and apply them to live sessions. Or sign a user out there and watch their page.

Ctrl-C stops everything and removes the data.
`);

/** Creates a key for the account of the demo. Only the applications get it. */
async function createKey({ database, clock }: App, demo: DemoSignIn[]): Promise<string> {
  const em = database.em();
  const { accountId } = await em.findOneOrFail(User, { signInEmail: demo[0]!.email });
  return (await createServiceKey(em, { accountId, name: 'Examples', expiresAt: null }, clock.now())).key;
}

/** Starts an application that ends with this process. Returns the address that it prints. */
function start(command: string, args: string[], env: Record<string, string>): Promise<string> {
  const child = spawn(process.execPath, [join(import.meta.dirname, 'run-tied.ts'), command, ...args], {
    cwd: root,
    env: { ...process.env, ...env },
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  opened.push(() => end(child));
  return new Promise((found, fail) => {
    const giveUp = (why: string) => fail(new Error(`${args.at(-1)} ${why}.`));
    const timer = setTimeout(
      giveUp,
      START_TIMEOUT_MS,
      `was not ready within ${START_TIMEOUT_MS / 1000} seconds`,
    );
    child.once('exit', () => giveUp('ended at once'));
    child.stdout!.setEncoding('utf8').on('data', (text: string) => {
      const url = /http:\/\/\S+/.exec(text)?.[0];
      if (url === undefined) return;
      clearTimeout(timer);
      found(url);
    });
  });
}

function end(child: ChildProcess): Promise<void> {
  return new Promise((ended) => {
    if (child.exitCode !== null || child.signalCode !== null) return ended();
    child.once('exit', () => ended());
    child.stdin!.destroy();
  });
}

/** Returns the usual port when it is free, else any free one. */
async function findPort(usual: number): Promise<number> {
  return (await isFree(usual)) ? usual : findFreePort();
}

function isFree(port: number): Promise<boolean> {
  return new Promise((done) => {
    const probe = createServer().once('error', () => done(false));
    probe.listen(port, '127.0.0.1', () => probe.close(() => done(true)));
  });
}

function findPython(): string | null {
  const found = ['python3', 'python'].find((name) => {
    const probe = spawnSync(name, ['-c', 'import sys; sys.exit(sys.version_info < (3, 9))']);
    return probe.status === 0;
  });
  return found ?? null;
}
