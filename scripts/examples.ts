import closeWithGrace from 'close-with-grace';
import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { User } from '../server/accounts/user.entity.ts';
import { createApp, type App } from '../server/app.ts';
import { loadConfig } from '../server/config.ts';
import { ensureDemo, type DemoSignIn } from '../server/demo/demo.ts';
import { createLogger } from '../server/logger.ts';
import { createServiceKey } from '../server/services/service-keys.ts';
import { startupProblem } from '../server/startup-problem.ts';
import { buildWebIfChanged } from './build-web.ts';

// Everything that is needed to see two applications with sign-ins of their own under Curfew's policy: a Curfew with
// the demo on a folder that is thrown away, a service key that nobody has to copy, and the applications themselves.

const root = join(import.meta.dirname, '..');
const PATIENCE_MS = 30_000;

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
  // So that the owner can choose two minutes on the dashboard, and need not wait for the warning.
  SESSION_IDLE_MINUTES_MIN: '1',
});
const app = await createApp(config, createLogger(config.logLevel));
opened.push(() => app.close());
const demo = await ensureDemo(app, config);
const curfew = { CURFEW_URL: app.url, CURFEW_SERVICE_KEY: await createKey(app, demo) };

const notesUrl = await start(
  process.execPath,
  ['--disable-warning=ExperimentalWarning', '--conditions=curfew-source', 'examples/notes/main.ts'],
  { ...curfew, PORT: String(notesPort) },
);
const python = findPython();
const pythonUrl =
  python && (await start(python, ['examples/python/app.py'], { ...curfew, PORT: String(pythonPort) }));

const [owner] = demo;
console.log(`
Two applications with sign-ins of their own, and Curfew, which ends their sessions:

  Notes (TypeScript)      ${notesUrl}/
    Sign in               lena@notes.example / lena-likes-lemons
                          paul@notes.example / paul-likes-plums
  Shopping list (Python)  ${pythonUrl ? `${pythonUrl}/` : 'left out: there is no python3 here'}${
    pythonUrl
      ? `
    Sign in               mia@shop.example / mia-likes-apples
                          tom@shop.example / tom-likes-pears`
      : ''
  }
  Curfew's dashboard      ${app.url}/account/security
    Sign in               ${owner!.email} / ${owner!.password}

Leave an application alone for five minutes and it warns; after ten it signs you out. Sooner: choose two minutes under
Custom on the dashboard, for live sessions at once. Or sign somebody out there, and look at their page.

Ctrl-C ends everything and removes its data.
`);

/** A key for the account of the demo. It goes to the applications and nowhere else. */
async function createKey({ database, clock }: App, demo: DemoSignIn[]): Promise<string> {
  const em = database.em();
  const { accountId } = await em.findOneOrFail(User, { signInEmail: demo[0]!.email });
  return (await createServiceKey(em, { accountId, name: 'Examples', expiresAt: null }, clock.now())).key;
}

/** Starts an application that ends with this process, and waits for the address that it prints. */
function start(command: string, args: string[], env: Record<string, string>): Promise<string> {
  const child = spawn(process.execPath, [join(import.meta.dirname, 'leash.ts'), command, ...args], {
    cwd: root,
    env: { ...process.env, ...env },
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  opened.push(() => end(child));
  return new Promise((found, fail) => {
    const giveUp = (why: string) => fail(new Error(`${args.at(-1)} ${why}.`));
    const timer = setTimeout(giveUp, PATIENCE_MS, `was not ready within ${PATIENCE_MS / 1000} seconds`);
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

/** The usual port where it is free, else any. */
async function findPort(usual: number): Promise<number> {
  return (await tryPort(usual)) ?? (await tryPort(0))!;
}

function tryPort(port: number): Promise<number | null> {
  return new Promise((done) => {
    const probe = createServer().once('error', () => done(null));
    probe.listen(port, '127.0.0.1', () => {
      const free = (probe.address() as AddressInfo).port;
      probe.close(() => done(free));
    });
  });
}

function findPython(): string | null {
  const found = ['python3', 'python'].find((name) => {
    const asked = spawnSync(name, ['-c', 'import sys; sys.exit(sys.version_info < (3, 9))']);
    return asked.status === 0;
  });
  return found ?? null;
}
