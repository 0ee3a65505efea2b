import type { BrowserContextOptions, Locator, Page, Route } from 'playwright-core';
import { startApp, type StartOptions, type TestApp } from '../harness.ts';
import { tryAgainInCi } from '../real-time.ts';
import { PASSWORD } from '../seed.ts';
import { type BrowserPage, CLOSING_RACE, launchBrowser, type TestBrowser } from './browser.ts';
import { signInWithoutPage } from './signing-in.ts';

/** The environment of the browser tests of one file: a Curfew, a Chromium and the pages of each test. */
export interface Stories {
  readonly app: TestApp;
  /** Starts another Curfew for one test with its own configuration. */
  startAnother(options: StartOptions): Promise<TestApp>;
  /** Opens a page with its own cookies and storage. */
  newPage(options?: BrowserContextOptions): Promise<BrowserPage>;
  /** Opens a page of the dashboard with a seeded person signed in. */
  openAs(person: { email: string }, path: string, options?: BrowserContextOptions): Promise<BrowserPage>;
  /** Aborts the requests of the page, or of one operation, until the resolved function is called. */
  lose(page: Page, operation?: string): Promise<() => Promise<void>>;
  /** Allows console errors in this test, such as those of the browser for requests that the test aborts. */
  mayLog(lines: RegExp): void;
}

/** The console error of a request that the test aborted. */
export const LOST_REQUEST = /net::ERR_FAILED/;

/**
 * Starts Curfew and Chromium before the tests of a file and closes them afterwards. After every test, no page may have
 * requested anything from another host or logged an error.
 */
export function openStories(options: StartOptions = {}): Stories {
  let app: TestApp | undefined;
  let browser: TestBrowser | undefined;
  const pages: BrowserPage[] = [];
  const others: TestApp[] = [];
  const allowed: RegExp[] = [];

  tryAgainInCi();

  beforeAll(async () => {
    app = await startApp(options);
    browser = await launchBrowser();
  });

  afterEach(async () => {
    const opened = pages.splice(0);
    const permitted = [CLOSING_RACE, ...allowed.splice(0)];
    await Promise.all(opened.map(({ page }) => page.context().close()));
    for (const other of others.splice(0)) await other.close();
    const isUnexpected = (line: string) => !permitted.some((lines) => lines.test(line));
    expect({
      foreignRequests: opened.flatMap(({ foreignRequests }) => foreignRequests),
      consoleErrors: opened.flatMap(({ consoleErrors }) => consoleErrors).filter(isUnexpected),
    }).toEqual({ foreignRequests: [], consoleErrors: [] });
  });

  afterAll(async () => {
    await browser?.close();
    await app?.close();
  });

  const stories: Stories = {
    get app() {
      return app!;
    },
    async startAnother(its) {
      const other = await startApp(its);
      others.push(other);
      return other;
    },
    async newPage(its) {
      const opened = await browser!.newPage(its);
      pages.push(opened);
      return opened;
    },
    async openAs({ email }, path, its) {
      const opened = await stories.newPage(its);
      await signInWithoutPage(opened.page.context(), stories.app.url, { email, password: PASSWORD });
      await opened.page.goto(stories.app.url + path);
      return opened;
    },
    async lose(page, operation) {
      stories.mayLog(LOST_REQUEST);
      const named = operation === undefined ? '' : `"operationName":"${operation}"`;
      const handle = (route: Route) =>
        (route.request().postData() ?? '').includes(named) ? route.abort() : route.fallback();
      await page.route('**/graphql', handle);
      return () => page.unroute('**/graphql', handle);
    },
    mayLog: (lines) => void allowed.push(lines),
  };
  return stories;
}

/** Waits until the control has the focus, which returns shortly after a dialog has closed. */
export const focused = (control: Locator): Promise<void> =>
  control.and(control.page().locator(':focus')).waitFor();
