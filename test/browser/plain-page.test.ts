import { readFile } from 'node:fs/promises';
import { stripTypeScriptTypes } from 'node:module';
import { join } from 'node:path';
import type { BrowserContext, Page, Route } from 'playwright-core';
import type { SessionState, SessionWatcher } from '../../client/src/index.ts';
import { PASSWORD } from '../seed.ts';
import { isActivityReport, LIMITS, MINUTE } from './signed-in-page.ts';
import { signInWithoutPage } from './signing-in.ts';
import { openStories } from './stories.ts';

// The kit in a page without a bundler or a framework, on Curfew's own site.

const root = join(import.meta.dirname, '../..');
const stories = openStories({ env: LIMITS });

declare global {
  interface Window {
    watcher: SessionWatcher;
    gone?: WeakRef<Document>;
  }
}

const PAGE = `<!doctype html><html lang="en"><title>A plain page</title>
<script type="importmap">{ "imports": { "graphql-ws": "/plain/node_modules/graphql-ws/dist/client.js" } }</script>
<button type="button">Press</button><textarea id="keys"></textarea><canvas id="canvas" tabindex="0"></canvas>
<script type="module">
  document.getElementById('canvas').editContext = new EditContext();
  import { createSessionWatcher } from '/plain/client/src/index.ts';
  window.watcher = createSessionWatcher({ url: '/graphql' });
  window.watcher.start();
</script>`;
const EDITOR = '<!doctype html><title>An editor</title><body contenteditable>';

/** Serves the page, an editor for its frames, and the sources of the kit. */
async function serve(route: Route): Promise<void> {
  const { pathname } = new URL(route.request().url());
  const path = pathname.replace('/plain/', '');
  if (path === 'page' || path === 'editor')
    return route.fulfill({ contentType: 'text/html', body: path === 'page' ? PAGE : EDITOR });
  const source = await readFile(join(root, path), 'utf8');
  const body = path.endsWith('.ts') ? stripTypeScriptTypes(source) : source;
  return route.fulfill({ contentType: 'text/javascript', body });
}

async function open(prepare?: (browser: BrowserContext) => Promise<unknown>): Promise<Page> {
  const { owner } = await stories.app.seed.account();
  const { page } = await stories.newPage();
  const browser = page.context();
  await prepare?.(browser);
  await page.clock.install({ time: stories.app.clock.now().getTime() });
  await browser.route('**/plain/**', serve);
  await signInWithoutPage(browser, stories.app.url, { email: owner.email, password: PASSWORD });
  await page.goto(`${stories.app.url}/plain/page`);
  await until(page, { status: 'active', connection: 'live' });
  return page;
}

async function until(page: Page, wanted: Partial<SessionState>): Promise<void> {
  await page.waitForFunction((expected) => {
    const state: Partial<SessionState> = window.watcher?.getState() ?? {};
    return Object.entries(expected).every(([key, value]) => state[key as keyof SessionState] === value);
  }, wanted);
}

/** Advances the clocks of the server and the page. */
async function pass(page: Page, milliseconds: number): Promise<void> {
  const passed = page.clock.fastForward(milliseconds);
  stories.app.clock.advance(milliseconds);
  await passed;
}

test('where storage, channels and locks are denied, the session is found, warned of and extended', async () => {
  const page = await open((browser) =>
    browser.addInitScript(() => {
      const deny = (): never => {
        throw new DOMException('The operation is insecure.', 'SecurityError');
      };
      Object.assign(window, { BroadcastChannel: deny });
      LockManager.prototype.request = () => Promise.reject(new DOMException('Denied.', 'SecurityError'));
      for (const name of ['localStorage', 'sessionStorage'])
        Object.defineProperty(window, name, { get: deny });
    }),
  );
  stories.app.clock.advance(55 * MINUTE + 1_000);
  await until(page, { warning: 'soon' });
  await page.evaluate(() => window.watcher.stay());
  await until(page, { warning: 'none', extending: 'no' });
});

test('what a person does counts, by a wheel, a press and in every frame of the origin; what a script does not', async () => {
  const page = await open((browser) =>
    browser.addInitScript(() => {
      // As a screen reader presses: of all the events only the click arrives.
      for (const name of ['pointerdown', 'keydown'])
        addEventListener(
          name,
          (event) =>
            event.composedPath().some((target) => (target as Element).tagName === 'BUTTON') &&
            event.stopImmediatePropagation(),
          true,
        );
      // As a page that handles all keys itself.
      for (const name of ['keydown', 'beforeinput', 'input'])
        addEventListener(
          name,
          (event) => (event.target as Element).id === 'keys' && event.stopPropagation(),
          true,
        );
    }),
  );
  let reports = 0;
  page.on('request', (request) => (reports += isActivityReport(request) ? 1 : 0));

  /** So long after the last that what was left of that is not reported any more, and this is at once. */
  async function counts(act: () => Promise<unknown>): Promise<void> {
    await pass(page, 2 * MINUTE + 5_000);
    const before = reports;
    const reported = page.waitForResponse((answer) => isActivityReport(answer.request()));
    await act();
    await reported;
    expect(reports).toBe(before + 1);
  }
  const type = (): Promise<void> => page.keyboard.press('a');
  const frame = (name: string) => page.frameLocator(`iframe[name=${name}]`).locator('body');
  /** The user types in a frame that has the focus already, so no pointer is involved. */
  const typeIn = (name: string) => async () => {
    await frame(name).focus();
    await type();
  };
  const loaded = (name: string) =>
    frame(name)
      .and(page.frameLocator(`iframe[name=${name}]`).locator('[contenteditable]'))
      .waitFor();
  const add = (name: string, place: 'body' | 'shadow'): Promise<void> =>
    page.evaluate(
      ([name, place]) =>
        new Promise<void>((done) => {
          const added = Object.assign(document.createElement('iframe'), { name, src: '/plain/editor' });
          added.onload = () => done();
          if (place === 'body') return document.body.append(added);
          const host = document.body.appendChild(document.createElement('div'));
          host.attachShadow({ mode: 'open' }).append(added);
        }),
      [name, place] as const,
    );

  await page.evaluate(() => {
    document.querySelector('button')!.click();
    document.querySelector('button')!.dispatchEvent(new KeyboardEvent('keydown', { bubbles: true }));
    document.body.style.height = '300vh';
    scrollTo(0, 100);
  });
  await counts(() => page.mouse.wheel(0, 100));
  expect(reports).toBe(1);

  await counts(() => page.getByRole('button', { name: 'Press' }).click());

  const focusOn = (id: string) => page.locator(`#${id}`).evaluate((element: HTMLElement) => element.focus());
  await focusOn('keys');
  await counts(type);
  // Dictated, or composed, where the editor draws its text itself: no key is pressed.
  await focusOn('canvas');
  await counts(() => page.keyboard.insertText('a'));

  await add('editor', 'body');
  await counts(typeIn('editor'));
  await page.evaluate(() => {
    document.querySelector('iframe')!.src = '/plain/editor?again';
  });
  await page.waitForFunction(() => document.querySelector('iframe')!.contentDocument!.URL.endsWith('?again'));
  await loaded('editor');
  await counts(typeIn('editor'));
  await page.evaluate(() => {
    const { contentDocument } = document.querySelector('iframe')!;
    contentDocument!.open();
    contentDocument!.write('<body contenteditable>');
    contentDocument!.close();
  });
  await counts(typeIn('editor'));
  await add('component', 'shadow');
  await counts(typeIn('component'));
  await counts(() => page.evaluate(() => window.watcher.active()));

  // The watcher keeps no document alive whose frame is gone.
  await page.evaluate(() => {
    window.gone = new WeakRef(document.querySelector('iframe')!.contentDocument!);
    document.querySelector('iframe')!.remove();
  });
  const devtools = await page.context().newCDPSession(page);
  do await devtools.send('HeapProfiler.collectGarbage');
  while (await page.evaluate(() => window.gone!.deref() !== undefined));
});
