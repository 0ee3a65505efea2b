import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { dirname, extname, join } from 'node:path';
import { promisify } from 'node:util';
import type { Page } from 'playwright-core';
import { launchBrowser, type TestBrowser } from '../browser/browser.ts';
import { LIMITS, MINUTE } from '../examples/applications.ts';
import { runNpm } from '../examples/install-example.ts';
import { startApp, type TestApp } from '../harness.ts';
import { ROOT } from '../operations/deploy-files.ts';
import { canInstall } from '../operations/npm.ts';
import { tryAgainInCi } from '../real-time.ts';
import type { SeededAccount } from '../seed.ts';

const PACKAGES = [
  'vue@3.5.45',
  '@vitejs/plugin-vue@6.0.11',
  'svelte@5.57.3',
  '@sveltejs/vite-plugin-svelte@7.3.1',
];
const CREATE = `mutation ($input: CreateSessionInput!) { createSession(input: $input) { sessionToken session { user { id } } } }`;
const ISSUE = `mutation ($token: String!) { issueSessionAccessToken(sessionToken: $token) { accessToken expiresAt } }`;
const REVOKE = 'mutation ($id: ID!) { revokeUserSessions(userId: $id) { revokedCount } }';
const TYPES: Record<string, string> = { '.html': 'text/html', '.js': 'text/javascript', '.css': 'text/css' };

const isPossible = process.env.CI === 'true' || (await Promise.all(PACKAGES.map(canInstall))).every(Boolean);

(isPossible ? describe : describe.skip)('the guide for Vue and Svelte (needs npm’s registry)', () => {
  let app: TestApp;
  let account: SeededAccount;
  let key: string;
  let browser: TestBrowser;
  let server: Server;
  let origin: string;
  let folder: string;
  let sessionToken: string | null = null;

  tryAgainInCi();

  beforeAll(async () => {
    server = createServer((request, response) => void answer(request.url!).then(...send(response)));
    await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
    origin = `http://localhost:${(server.address() as AddressInfo).port}`;
    [app, browser] = await Promise.all([
      startApp({ env: { ...LIMITS, ALLOWED_ORIGINS: origin } }),
      launchBrowser(),
      install(),
    ]);
    account = await app.seed.account();
    ({ key } = await app.seed.serviceKey(account.id));
    await writePages(app.url);
  });
  afterAll(async () => {
    await browser?.close();
    server?.closeAllConnections();
    await new Promise((done) => server.close(done));
    await app?.close();
    await rm(folder, { recursive: true, force: true });
  });

  /** Beside the repository's own Vite. */
  async function install(): Promise<void> {
    const cache = join(ROOT, 'node_modules/.cache');
    await mkdir(cache, { recursive: true });
    folder = await mkdtemp(join(cache, 'curfew-bindings-'));
    await writeFile(join(folder, 'package.json'), '{ "type": "module" }');
    await runNpm(
      folder,
      'install',
      '--legacy-peer-deps',
      '--prefer-offline',
      '--no-audit',
      '--no-fund',
      ...PACKAGES,
    );
  }

  /** The files of the guide, with both of its notices on the page. */
  async function writePages(curfewUrl: string): Promise<void> {
    const guide = await readFile(join(ROOT, 'client/docs/vue-and-svelte.md'), 'utf8');
    const blocks = [...guide.matchAll(/^```\w+ (\S+)\n([\s\S]*?)^```$/gm)].map(([, path, text]) => [
      path!,
      text!,
    ]);
    for (const framework of ['vue', 'svelte']) {
      const files = new Map(
        blocks.filter(([path]) => path!.startsWith(`${framework}/`)) as [string, string][],
      );
      const watcher = new Map(blocks as [string, string][]).get('src/watcher.js')!;
      files.set(`${framework}/src/watcher.js`, watcher.replace('https://curfew.example', curfewUrl));
      const component = `${framework}/src/App.${framework}`;
      files.set(
        component,
        files
          .get(component)!
          .replace(/import Notice from '.\/Notice(.*)';/, "$&\nimport OwnNotice from './OwnNotice$1';")
          .replace('<Notice />', '<Notice /><OwnNotice />'),
      );
      files.set(
        `${framework}/index.html`,
        '<!doctype html><html lang="en"><title>Page</title><div id="app"></div><script type="module" src="/src/main.js"></script></html>',
      );
      for (const [path, text] of files) {
        await mkdir(dirname(join(folder, path)), { recursive: true });
        await writeFile(join(folder, path), text);
      }
      const program = join(import.meta.dirname, 'build-page.ts');
      await promisify(execFile)(process.execPath, [program, join(folder, framework)], { cwd: folder });
    }
  }

  let framework = '';
  /** As the application's back end would: its route, and the files of its page. */
  async function answer(url: string): Promise<{ type: string; content: string | Buffer }> {
    if (url === '/session-access-token') {
      const { data } = await app.gql(ISSUE, { token: sessionToken }, { token: key });
      return { type: 'application/json', content: JSON.stringify(data?.issueSessionAccessToken ?? null) };
    }
    const path = url === '/' ? '/index.html' : url;
    return { type: TYPES[extname(path)]!, content: await readFile(join(folder, framework, 'dist', path)) };
  }

  async function pass(page: Page, milliseconds: number): Promise<void> {
    const passed = page.clock.fastForward(milliseconds);
    app.clock.advance(milliseconds);
    await passed;
  }

  test.each(['vue', 'svelte'])(
    'in %s a page warns by both notices, stays, and tells how it ended',
    async (name) => {
      framework = name;
      const input = { externalId: name, email: `${name}@app.example`, name: 'Ana' };
      const { data } = await app.gql(CREATE, { input }, { token: key });
      ({ sessionToken } = data.createSession);
      const { page, consoleErrors } = await browser.newPage();
      await page.clock.install({ time: app.clock.now() });
      await page.goto(origin);
      await page.getByText('Signed in as Ana').waitFor();

      await pass(page, 5.5 * MINUTE);
      await page.getByText(/^You will be signed out at/).waitFor();
      const left = async () => Number.parseInt(await page.getByText(/seconds left$/).innerText(), 10);
      const before = await left();
      await pass(page, 3_000);
      await page.getByText(`${before - 3} seconds left`).waitFor();
      await page.locator('curfew-notice').getByRole('button', { name: 'Stay signed in' }).waitFor();
      await page.getByRole('button', { name: 'Stay', exact: true }).click();
      await page.getByText('seconds left').waitFor({ state: 'detached' });
      await page.getByRole('button', { name: 'Stay signed in' }).waitFor({ state: 'hidden' });

      await (await account.owner.login()).gql(REVOKE, { id: data.createSession.session.user.id });
      await page.getByText('Signed out (ended)').waitFor();
      expect(consoleErrors).toEqual([]);
      await page.context().close();
    },
  );
});

const send = (response: ServerResponse) =>
  [
    ({ type, content }: { type: string; content: string | Buffer }) =>
      void response.writeHead(200, { 'content-type': type }).end(content),
    () => void response.writeHead(404).end(),
  ] as const;
