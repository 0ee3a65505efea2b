import type { Page, Request } from 'playwright-core';
import { openSignedIn } from './signed-in-page.ts';
import { openStories } from './stories.ts';

// Compressed bytes of script, as they travel.

const SIGN_IN_BYTES = 200_000;
const MORE_BYTES = 60_000;
/** `<curfew-notice>`, which the pages behind the sign-in load when they are shown. */
const NOTICE_BYTES = 12_000;
const NOTICE = /\/assets\/notice-[^/]+\.js$/;

const stories = openStories();

/** Counts the scripts of a page that is opened for the first time, from the sign-in page on: without the notice. */
async function countScripts(page: Page): Promise<() => Promise<number>> {
  const sizes: Promise<number>[] = [];
  page.on('requestfinished', (request) => {
    if (request.resourceType() === 'script' && !NOTICE.test(request.url()))
      sizes.push(request.sizes().then(({ responseBodySize }) => responseBodySize));
  });
  return async () => {
    await page.waitForLoadState('networkidle');
    return (await Promise.all(sizes)).reduce((sum, size) => sum + size, 0);
  };
}

test.each(['en-US', 'de-DE'])('the sign-in page loads at most 200 kB of script (%s)', async (locale) => {
  const { page } = await stories.newPage({ locale });
  const loaded = await countScripts(page);
  await page.goto(`${stories.app.url}/login`);
  const bytes = await loaded();
  expect(bytes).toBeGreaterThan(0);
  expect(bytes).toBeLessThan(SIGN_IN_BYTES);
});

test.each(['/login/forgot', '/login/callback', '/set-password'])(
  '%s loads none of what is only behind the sign-in',
  async (path) => {
    const { page } = await stories.newPage();
    const loaded = await countScripts(page);
    await page.goto(stories.app.url + path);
    expect(await loaded()).toBeLessThan(SIGN_IN_BYTES + 10_000);
  },
);

test.each(['/graphiql', '/reference'])('%s loads nothing of the dashboard', async (path) => {
  const { page } = await stories.newPage();
  const scripts: string[] = [];
  page.on('request', (request) => {
    if (request.resourceType() === 'script') scripts.push(new URL(request.url()).pathname);
  });
  await page.goto(stories.app.url + path);
  await page.waitForLoadState('networkidle');
  expect(scripts).not.toEqual([]);
  expect(scripts.filter((file) => /^\/assets\/(index|start|pages|signed-in)-/.test(file))).toEqual([]);
});

test('the notice is loaded after the page, with at most 12 kB', async () => {
  let notice: Promise<Request> | undefined;
  await openSignedIn(stories, {
    async prepare(page) {
      notice = page.waitForEvent('requestfinished', (request) => NOTICE.test(request.url()));
    },
  });
  const { responseBodySize } = await (await notice!).sizes();
  expect(responseBodySize).toBeLessThan(NOTICE_BYTES);
});

test.each([
  '/account',
  '/account/security',
  '/account/security/sessions',
  '/account/people',
  '/account/applications',
  '/account/events',
  '/account/audit',
  '/account/evidence',
  '/account/sessions',
])('%s loads at most 60 kB more than the sign-in page', async (path) => {
  let loaded = () => Promise.resolve(0);
  await openSignedIn(stories, {
    path,
    async prepare(page) {
      loaded = await countScripts(page);
    },
  });
  const bytes = await loaded();
  expect(bytes).toBeGreaterThan(0);
  expect(bytes).toBeLessThan(SIGN_IN_BYTES + MORE_BYTES);
});
