import type { BrowserContextOptions, Locator, Page, Request } from 'playwright-core';
import { PASSWORD, type Person, type SeededAccount } from '../seed.ts';
import type { BrowserPage } from './browser.ts';
import { signIn } from './signing-in.ts';
import type { Stories } from './stories.ts';

export const MINUTE = 60_000;

/** Two seconds of real time: some stories have requests that are never answered. */
const LOOKS = 100;

/** An hour without activity, twelve hours in all. */
export const LIMITS = { SESSION_IDLE_MINUTES_DEFAULT: '60', SESSION_ABSOLUTE_MINUTES_DEFAULT: '720' };

/** A browser in which somebody has signed in, with one page open. */
export interface SignedInPage extends BrowserPage {
  account: SeededAccount;
  person: Person;
  notice: Locator;
  dialog: Locator;
  /** The names of the operations that this page sends from now on, oldest first. */
  operations: string[];
  /** Time passes for the server and for the browser alike. Real time passes in the browser, too. */
  pass(milliseconds: number): Promise<void>;
}

export interface SignedInOptions extends BrowserContextOptions {
  path?: string;
  account?: SeededAccount;
  person?: Person;
  /** By how many milliseconds the computer's clock is wrong. */
  clockError?: number;
  /** Before anything is loaded. */
  prepare?(page: Page): Promise<void>;
}

export async function openSignedIn(
  { app, newPage }: Stories,
  { path = '/account', account, person, clockError = 0, prepare, ...options }: SignedInOptions = {},
): Promise<SignedInPage> {
  const home = account ?? (await app.seed.account());
  const who = person ?? home.owner;
  const opened = await newPage(options);
  const { page } = opened;
  const unanswered = new Set<Request>();
  // Of every tab: they share the clock.
  const browser = page.context();
  browser.on('request', (request) => unanswered.add(request));
  browser.on('requestfinished', (request) => unanswered.delete(request));
  browser.on('requestfailed', (request) => unanswered.delete(request));
  await page.clock.install({ time: app.clock.now().getTime() + clockError });
  await prepare?.(page);
  await signIn(page, app.url, { email: who.email, password: PASSWORD }, path);
  await page.getByRole('heading', { level: 1 }).waitFor();
  return {
    ...opened,
    account: home,
    person: who,
    notice: noticeOf(page),
    dialog: page.getByRole('alertdialog', { name: 'Are you still there?' }),
    operations: operationsOf(page),
    async pass(milliseconds) {
      // A request that is under way while the time jumps is given up as one that waited for that long.
      for (let look = 0; unanswered.size > 0 && look < LOOKS; look += 1) await page.waitForTimeout(20);
      // In one turn: a page that finds itself awake later asks the server, whose time must have passed by then, too.
      const passed = page.clock.fastForward(milliseconds);
      app.clock.advance(milliseconds);
      await passed;
    },
  };
}

/** The bar at the top; its button tells it from the other status lines. */
export const noticeOf = (page: Page): Locator =>
  page
    .getByRole('status')
    .filter({ has: page.getByRole('button', { name: /Stay signed in|One moment|Sign in now/ }) });

export function operationsOf(page: Page): string[] {
  const names: string[] = [];
  page.on('request', (request) => {
    const name = operationOf(request.postData());
    if (name) names.push(name);
  });
  return names;
}

/** `CurfewRenew` of `mutation CurfewRenew(...) {` */
export const operationOf = (body: string | null): string | null =>
  /"query":"\s*(?:query|mutation) (\w+)/.exec(body ?? '')?.[1] ?? null;
