import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { findFreePort } from '../../server/http/free-port.ts';
import { launchBrowser, type TestBrowser } from '../browser/browser.ts';
import { startApp, type TestApp } from '../harness.ts';
import { npmEnvironment } from '../operations/npm.ts';
import { startTcpProxy, type TcpProxy } from '../operations/tcp-proxy.ts';
import { tryAgainInCi } from '../real-time.ts';
import { driveExample, EXAMPLE, expectOldSessionToEnd } from './drive-example.ts';
import {
  describeExamples,
  installExample,
  runNpm,
  startExample,
  type StartedExample,
} from './install-example.ts';

/** Of Next.js: a test reports nothing about itself. */
const SILENT = { NEXT_TELEMETRY_DISABLED: '1' };
Object.assign(npmEnvironment, SILENT);

const EXAMPLES = join(import.meta.dirname, '../../examples');
const MAX_LINES = 40;

/**
 * Tests how much of one's own it is from the sign-in to the sign-out, with imports and without comments: the back end, and
 * what the page adds for the notice. `page`: where the notice is.
 */
export const testLines = (name: string, files: readonly string[], page: string): void =>
  test(`${name} has at most 40 lines for sign-in, warning and sign-out`, async () => {
    const read = (file: string) => readFile(join(EXAMPLES, name, file), 'utf8');
    const lines = (await Promise.all(files.map(read))).flatMap((text) => text.split('\n'));
    const counted = lines.filter((line) => !/^\s*(?:\/\/|$)/.test(line));
    const text = await read(page);
    const element = /^ *<curfew-notice[^]*?(?:\/>|<\/curfew-notice>)$/m.exec(text)![0].split('\n');
    const others = text.split('\n').filter((line) => /notice\.js|types of <curfew-notice>/.test(line));
    expect(counted.length + element.length + others.length).toBeLessThanOrEqual(MAX_LINES);
  });

/** Half a minute on a quiet machine. */
const BUILD_TIMEOUT_MS = 600_000;

/**
 * Describes the test of an example that is compiled before it runs. `args`: with which Node starts it. `prepare` is called
 * in its folder, before that, with the address of Curfew for browsers.
 */
export const describeBuiltExample = (
  name: string,
  {
    args,
    hasSignInRoute = false,
    prepare,
  }: {
    args: readonly string[];
    hasSignInRoute?: boolean;
    prepare?(folder: string, curfewUrl: string): Promise<void>;
  },
): Promise<void> =>
  describeExamples([name], () => {
    let curfew: TestApp;
    let line: TcpProxy;
    let browser: TestBrowser;
    let folder: string;
    let port: number;
    let started: StartedExample | undefined;

    tryAgainInCi();

    beforeAll(async () => {
      port = await findFreePort();
      [curfew, browser, folder] = await Promise.all([
        startApp({ env: { ALLOWED_ORIGINS: `http://localhost:${port}` } }),
        launchBrowser(),
        installExample(name),
      ]);
      const { hostname, port: curfewPort } = new URL(curfew.url);
      line = await startTcpProxy({ host: hostname, port: Number(curfewPort) });
      await prepare?.(folder, curfew.url);
      await runNpm(folder, 'run', 'build');
    }, BUILD_TIMEOUT_MS);
    afterEach(async () => started?.close());
    afterAll(async () => {
      await browser?.close();
      await line?.close();
      await curfew?.close();
    });

    test(`${name} is built, signs in, warns, stays, authenticates again and signs out`, async () => {
      const account = await curfew.seed.account();
      const { key } = await curfew.seed.serviceKey(account.id);
      const env = {
        CURFEW_URL: `http://127.0.0.1:${line.port}`,
        CURFEW_SERVICE_KEY: key,
        PORT: String(port),
        ...SILENT,
      };
      started = await startExample(folder, { command: [process.execPath, ...args], env });
      if (hasSignInRoute) await expectOldSessionToEnd(started.url);
      const { page, consoleErrors, foreignRequests } = await browser.newPage();
      await driveExample(page, curfew, { ...EXAMPLE, url: started.url, account, line });
      expect(foreignRequests).toEqual([]);
      expect(consoleErrors.filter((text) => !/status of 401/.test(text))).toEqual([]);
      await page.context().close();
    });
  });
