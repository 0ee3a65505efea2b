import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { findFreePort } from '../../server/http/free-port.ts';
import { launchBrowser, type TestBrowser } from '../browser/browser.ts';
import { startApp, type TestApp } from '../harness.ts';
import { startTcpProxy, type TcpProxy } from '../operations/tcp-proxy.ts';
import { tryAgainInCi } from '../real-time.ts';
import { driveExample, EXAMPLE, expectOldSessionToEnd } from './drive-example.ts';
import { describeExamples, installExample, startExample, type StartedExample } from './install-example.ts';

const NAMES = ['express', 'fastify', 'hono'];
const MAX_LINES = 40;
/** Half a minute on a quiet machine: the kit is packed, and three examples are installed. */
const INSTALL_TIMEOUT_MS = 600_000;
const EXAMPLES = join(import.meta.dirname, '../../examples');

test.each(NAMES)('the back end of %s has at most 40 lines', async (name) => {
  const lines = (await readFile(join(EXAMPLES, name, 'server.js'), 'utf8')).split('\n');
  expect(lines.filter((line) => line.trim() !== '').length).toBeLessThanOrEqual(MAX_LINES);
});

test('only the back ends differ: the pages and the users are the same', async () => {
  const [first, ...others] = await Promise.all(
    NAMES.map(async (name) => {
      const folder = join(EXAMPLES, name);
      const pages = (await readdir(join(folder, 'public'))).map((file) => join('public', file));
      return Promise.all(['users.js', ...pages].map(async (file) => readFile(join(folder, file), 'utf8')));
    }),
  );
  for (const other of others) expect(other).toEqual(first);
});

await describeExamples(NAMES, () => {
  let curfew: TestApp;
  let line: TcpProxy;
  let browser: TestBrowser;
  const ports = new Map<string, number>();
  const folders = new Map<string, string>();
  let started: StartedExample | undefined;

  tryAgainInCi();

  beforeAll(async () => {
    for (const name of NAMES) ports.set(name, await findFreePort());
    const origins = [...ports.values()].map((port) => `http://localhost:${port}`);
    [curfew, browser] = await Promise.all([
      startApp({ env: { ALLOWED_ORIGINS: origins.join(',') } }),
      launchBrowser(),
      ...NAMES.map(async (name) => folders.set(name, await installExample(name))),
    ]);
    const { hostname, port } = new URL(curfew.url);
    line = await startTcpProxy({ host: hostname, port: Number(port) });
    for (const folder of folders.values()) await writeCurfewUrl(folder, curfew.url);
  }, INSTALL_TIMEOUT_MS);
  afterEach(async () => {
    await started?.close();
    await line?.restore();
  });
  afterAll(async () => {
    await browser?.close();
    await line?.close();
    await curfew?.close();
  });

  test.each(NAMES)('%s signs in, warns, stays, authenticates again and signs out', async (name) => {
    const account = await curfew.seed.account();
    const { key } = await curfew.seed.serviceKey(account.id);
    started = await startExample(folders.get(name)!, {
      command: [process.execPath, 'server.js'],
      env: {
        CURFEW_URL: `http://127.0.0.1:${line.port}`,
        CURFEW_SERVICE_KEY: key,
        PORT: String(ports.get(name)),
      },
    });
    await expectNoForeignSignIn(started.url);
    await expectOldSessionToEnd(started.url);
    const { page, consoleErrors, foreignRequests } = await browser.newPage();
    await driveExample(page, curfew, { ...EXAMPLE, url: started.url, account, line });
    expect(foreignRequests).toEqual([]);
    expect(consoleErrors.filter((text) => !/status of 401/.test(text))).toEqual([]);
    await page.context().close();
  });
});

/** As its README says: the page names the address of Curfew. */
async function writeCurfewUrl(folder: string, url: string): Promise<void> {
  const page = join(folder, 'public/index.html');
  await writeFile(page, (await readFile(page, 'utf8')).replace('http://127.0.0.1:4000', url));
}

/** What another site can send without a preflight signs no one in. */
async function expectNoForeignSignIn(url: string): Promise<void> {
  const response = await fetch(`${url}/sign-in`, {
    method: 'POST',
    headers: { 'content-type': 'text/plain', origin: 'https://other.example' },
    body: JSON.stringify(EXAMPLE.user),
  });
  expect([401, 403]).toContain(response.status);
  expect(response.headers.getSetCookie()).toEqual([]);
}
