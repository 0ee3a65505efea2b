import type { BrowserContextOptions, Locator, Page, Route } from 'playwright-core';
import { startApp, type StartOptions, type TestApp } from '../harness.ts';
import { tryAgainInCi } from '../real-time.ts';
import { PASSWORD } from '../seed.ts';
import { type BrowserPage, launchBrowser, type TestBrowser } from './browser.ts';
import { signIn } from './signing-in.ts';

/** Where the stories of a file take place: a Curfew, a Chromium, and the pages that each story opens for itself. */
export interface Stories {
  readonly app: TestApp;
  /** Another Curfew, for one story with a configuration of its own. */
  startAnother(options: StartOptions): Promise<TestApp>;
  /** A page with cookies and storage of its own. */
  newPage(options?: BrowserContextOptions): Promise<BrowserPage>;
  /** One in which a seeded person has signed in, at a path of the dashboard. */
  openAs(person: { email: string }, path: string, options?: BrowserContextOptions): Promise<BrowserPage>;
  /** The page's calls, or those of one operation, find no server until what this resolves to is called. */
  lose(page: Page, operation?: string): Promise<() => Promise<void>>;
  /** Lines on the console that are in order for this story: what the browser itself logs of what the test breaks. */
  mayLog(lines: RegExp): void;
}

/** A request that the test has aborted. */
export const LOST_REQUEST = /net::ERR_FAILED/;

/** The server may close a socket in the moment in which graphql-ws subscribes over it; the browser logs that. */
const RACE = /^WebSocket is already in CLOSING or CLOSED state/;

/**
 * Starts both before the stories of a file and closes them afterwards. Every story has to leave behind that no page
 * asked for anything from elsewhere, and that none logged an error.
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
    const inOrder = [RACE, ...allowed.splice(0)];
    await Promise.all(opened.map(({ page }) => page.context().close()));
    for (const other of others.splice(0)) await other.close();
    const isAmiss = (line: string) => !inOrder.some((lines) => lines.test(line));
    expect({
      foreignRequests: opened.flatMap(({ foreignRequests }) => foreignRequests),
      consoleErrors: opened.flatMap(({ consoleErrors }) => consoleErrors).filter(isAmiss),
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
      await signIn(opened.page, stories.app.url, { email, password: PASSWORD }, path);
      return opened;
    },
    async lose(page, operation) {
      stories.mayLog(LOST_REQUEST);
      const named = operation === undefined ? '' : `"operationName":"${operation}"`;
      const answer = (route: Route) =>
        (route.request().postData() ?? '').includes(named) ? route.abort() : route.fallback();
      await page.route('**/graphql', answer);
      return () => page.unroute('**/graphql', answer);
    },
    mayLog: (lines) => void allowed.push(lines),
  };
  return stories;
}

/** Resolves when the control has the focus: it comes back a moment after a dialog has gone. */
export const focused = (control: Locator): Promise<void> =>
  control.and(control.page().locator(':focus')).waitFor();
