import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { copyFile, mkdir, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { findFreePort } from '../../server/http/free-port.ts';

/** An application on another origin, built exactly as described in the README of the client kit. */
export interface OtherApplication {
  readonly origin: string;
  /** Another name of this machine, which is another origin for a browser. */
  readonly otherName: string;
  /** Writes the page, installs the kit and starts the back end. */
  open(curfew: { url: string; serviceKey: string }): Promise<void>;
  /** Stops the back end; `start` starts it again. */
  stop(): Promise<void>;
  start(): Promise<void>;
  /** The output of the back end. */
  readonly output: string;
  close(): Promise<void>;
}

const root = join(import.meta.dirname, '../..');

const USERS = `
const users = [
  { id: 'ana', email: 'ana@app.example', name: 'Ana' },
  { id: 'ben', email: 'ben@app.example', name: 'Ben' },
];
export const checkPassword = async ({ email, password }) =>
  password === 'open sesame' ? (users.find((user) => user.email === email) ?? null) : null;
`;

/** Reserves the port before Curfew starts, because Curfew has to know the origin. */
export async function createOtherApplication(): Promise<OtherApplication> {
  const port = await findFreePort();
  let folder: string | null = null;
  let backEnd: ChildProcess | null = null;
  let environment: Record<string, string> = {};
  let output = '';

  async function start(): Promise<void> {
    const started = spawn(process.execPath, ['--conditions=curfew-source', 'back-end.mjs'], {
      cwd: folder!,
      env: { ...process.env, ...environment, NODE_OPTIONS: '' },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    backEnd = started;
    for (const stream of [started.stdout, started.stderr])
      stream.on('data', (text: Buffer) => (output += String(text)));
    while (!(await fetch(`http://127.0.0.1:${port}/`).catch(() => null))?.ok) {
      if (started.exitCode !== null) throw new Error(`The application did not start: ${output}`);
      await new Promise((done) => setTimeout(done, 50));
    }
  }

  async function stop(): Promise<void> {
    if (!backEnd || backEnd.exitCode !== null) return;
    const exited = once(backEnd, 'exit');
    backEnd.kill('SIGKILL');
    await exited;
    backEnd = null;
  }

  return {
    origin: `http://localhost:${port}`,
    otherName: `http://127.0.0.1:${port}`,
    get output() {
      return output;
    },
    async open({ url, serviceKey }) {
      // Inside the repository, so that Node resolves the imported packages.
      const cache = join(root, 'node_modules/.cache');
      await mkdir(cache, { recursive: true });
      folder = await mkdtemp(join(cache, 'curfew-other-application-'));
      const { backEndSource, page } = await readExample();
      await writeFile(join(folder, 'your-users.js'), USERS);
      await writeFile(join(folder, 'package.json'), '{ "type": "module" }');
      await writeFile(join(folder, 'back-end.mjs'), backEndSource);
      await mkdir(join(folder, 'public'));
      await writeFile(join(folder, 'public/index.html'), page.replace('https://curfew.example', url));
      await installKit(join(folder, 'node_modules/@curfew/client'));
      environment = { PORT: String(port), CURFEW_URL: url, CURFEW_SERVICE_KEY: serviceKey };
      await start();
    },
    stop,
    start,
    async close() {
      await stop();
      if (folder) await rm(folder, { recursive: true, force: true });
    },
  };
}

/** The back end and the page in the README. */
async function readExample(): Promise<{ backEndSource: string; page: string }> {
  const readme = await readFile(join(root, 'client/README.md'), 'utf8');
  const section = readme.split(/^## /m).find((text) => text.startsWith('In a page of another origin'))!;
  const [, backEndSource] = /```js\n([\s\S]*?)```/.exec(section)!;
  const [, page] = /```html\n(<!doctype html>[\s\S]*?)```/.exec(section)!;
  return { backEndSource: backEndSource!, page: page! };
}

/** The sources of this tree where npm would put the package, with the bundled file as the package has it. */
async function installKit(folder: string): Promise<void> {
  const browser = join(folder, 'dist/browser');
  await mkdir(browser, { recursive: true });
  await copyFile(join(root, 'client/package.json'), join(folder, 'package.json'));
  await symlink(join(root, 'client/src'), join(folder, 'src'));
  await bundle('client/src/index.ts', join(browser, 'curfew-client.js'));
}

/** Runs in a separate process: the bundler's native modules do not work in Jest. */
async function bundle(entry: string, to: string): Promise<void> {
  const source = `
import { writeFile } from 'node:fs/promises';
import { bundleClient } from './scripts/bundle-client.ts';
await writeFile(${JSON.stringify(to)}, await bundleClient(${JSON.stringify(entry)}));`;
  await promisify(execFile)(process.execPath, ['--input-type=module', '--eval', source], {
    cwd: root,
    env: { ...process.env, NODE_OPTIONS: '' },
  });
}
