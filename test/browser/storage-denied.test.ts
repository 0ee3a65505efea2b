import type { Page } from 'playwright-core';
import { translations } from '../catalogs.ts';
import { expectNoAxeFindings } from './axe.ts';
import { PASSWORD } from '../seed.ts';
import { button, idle, preset, SECURITY, shown } from './policy-page.ts';
import { signIn } from './signing-in.ts';
import { openStories } from './stories.ts';

const stories = openStories();

const NEEDED = 'Curfew needs cookies to keep you signed in: allow them for this site, then reload the page.';

/** As in a browser that blocks the cookies of the site: what keeps anything for the page throws. */
const denyStorage = (page: Page): Promise<unknown> =>
  page.addInitScript(() => {
    const denied = () => {
      throw new DOMException('Access is denied for this document.', 'SecurityError');
    };
    for (const name of ['localStorage', 'sessionStorage', 'indexedDB'])
      Object.defineProperty(window, name, { get: denied });
    Object.defineProperty(navigator, 'cookieEnabled', { get: () => false });
  });

test('where cookies are denied, the sign-in says so, in each language, and keeps no one waiting', async () => {
  const { owner } = await stories.app.seed.account();
  const { page } = await stories.newPage();
  await denyStorage(page);
  // Chromium has no switch for it in a test: the response loses its cookies instead.
  await page.route('**/graphql', async (route) => {
    const response = await route.fetch();
    const { 'set-cookie': _, ...headers } = response.headers();
    // `fetch` shares the cookies of the page.
    await page.context().clearCookies();
    await route.fulfill({ response, headers });
  });

  await page.goto(`${stories.app.url}/account`);
  await page.getByRole('heading', { name: 'Sign in' }).waitFor();
  const notice = page.getByText(NEEDED);
  await notice.waitFor();
  await expectNoAxeFindings(page);
  for (const language of ['de', 'fr', 'es', 'en']) {
    await page.locator('footer select').selectOption(language);
    await page.locator(`html[lang=${language}]`).waitFor();
    const text = (await translations(language)).find(({ english }) => english === NEEDED)!.text;
    await page.getByText(text).waitFor();
  }

  await page.getByLabel('E-mail').fill(owner.email);
  await page.getByLabel('Password').fill(PASSWORD);
  await page.getByRole('button', { name: 'Sign in' }).click();
  await page.getByRole('alert').getByText(NEEDED).waitFor();
  expect(new URL(page.url()).pathname).toBe('/login');
  // The session that no page could keep is over.
  const { gql } = await owner.login();
  const { data } = await gql('{ sessions { edges { node { isCurrent } } } }');
  expect(data.sessions.edges).toHaveLength(1);
});

test('the policy form works where storage is full', async () => {
  const { owner } = await stories.app.seed.account();
  const { page } = await stories.newPage();
  await page.addInitScript(() => {
    Storage.prototype.setItem = () => {
      throw new DOMException('The quota has been exceeded.', 'QuotaExceededError');
    };
  });
  await signIn(page, stories.app.url, { email: owner.email, password: PASSWORD }, SECURITY);
  await preset(page, 'Custom').check();
  await idle(page).fill('7');
  expect(await idle(page).inputValue()).toBe('7');
  await button(page, 'Save').click();
  await shown(page, 'Saved. The new limits apply from the next sign-in.');
});
