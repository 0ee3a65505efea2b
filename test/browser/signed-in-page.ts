import type { BrowserContextOptions, Locator, Page, Request } from 'playwright-core';
import { PASSWORD, type Person, type SeededAccount } from '../seed.ts';
import type { BrowserPage } from './browser.ts';
import { signIn } from './signing-in.ts';
import type { Stories } from './stories.ts';

export const MINUTE = 60_000;

/** Limits the wait to two seconds: some tests have requests without a response. */
const MAX_POLLS = 100;

/** An idle limit of one hour and an absolute limit of twelve hours. */
export const LIMITS = { SESSION_IDLE_MINUTES_DEFAULT: '60', SESSION_ABSOLUTE_MINUTES_DEFAULT: '720' };

/** A browser with a signed-in user and one open page. */
export interface SignedInPage extends BrowserPage {
  account: SeededAccount;
  person: Person;
  notice: Locator;
  dialog: Locator;
  /** The names of the operations that this page has sent, oldest first. */
  operations: string[];
  /** Advances the clocks of the server and the browser. Real time also passes in the browser. */
  pass(milliseconds: number): Promise<void>;
}

export interface SignedInOptions extends BrowserContextOptions {
  path?: string;
  account?: SeededAccount;
  person?: Person;
  /** The error of the computer's clock in milliseconds. */
  clockError?: number;
  /** Called before the page loads. */
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
  // Requests of all tabs, because they share the clock.
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
      // A request that is pending during the jump would time out.
      for (let poll = 0; unanswered.size > 0 && poll < MAX_POLLS; poll += 1) await page.waitForTimeout(20);
      // In one turn: a page that wakes up checks the status, so the server's clock must have moved by then.
      const passed = page.clock.fastForward(milliseconds);
      app.clock.advance(milliseconds);
      await passed;
    },
  };
}

const POLICY = `mutation Policy($input: UpdateSessionPolicyInput!) {
  updateSessionPolicy(input: $input) { sessionPolicy { version } } }`;

/** A session that activity does not extend: both limits are twelve hours. */
export async function openAbsolute(stories: Stories, options?: SignedInOptions): Promise<SignedInPage> {
  const account = options?.account ?? (await stories.app.seed.account());
  const owner = await account.owner.login();
  await owner.gql(POLICY, { input: { idleMinutes: 720, absoluteMinutes: 720 } });
  return openSignedIn(stories, { ...options, account });
}

/** The expiry notice. Its button distinguishes it from other live regions. */
export const noticeOf = (page: Page): Locator =>
  page.getByRole('status').filter({
    has: page.getByRole('button', { name: /Stay signed in|One moment|Sign in now|Confirm it’s you/ }),
  });

function operationsOf(page: Page): string[] {
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

/** Whether the request reports activity. */
export function isActivityReport(request: Request): boolean {
  const body = request.postData() ?? '';
  const operation = operationOf(body);
  return (
    operation === 'CurfewActivity' || (operation === 'CurfewRenew' && body.includes('"userActive":true'))
  );
}
