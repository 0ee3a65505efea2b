import type { Page } from 'playwright-core';
import { translations } from '../catalogs.ts';
import { expectNoAxeFindings } from './axe.ts';
import { MINUTE, openSignedIn } from './signed-in-page.ts';
import { focused, openStories } from './stories.ts';

const stories = openStories();

const OWNER_PLACES = ['Policy', 'Sessions', 'People', 'Applications', 'Events', 'Audit', 'Evidence'];
const OWN_PLACES = ['Account', 'Your sessions'];

const GERMAN_PLACES = [
  ['Richtlinie', 'Richtlinie'],
  ['Sitzungen', 'Sitzungen'],
  ['Personen', 'Personen'],
  ['Anwendungen', 'Anwendungen'],
  ['Ereignisse', 'Ereignisse'],
  ['Protokoll', 'Protokoll'],
  ['Nachweise', 'Nachweise'],
  ['Ihre Sitzungen', 'Ihre Sitzungen'],
  ['Konto', 'Ihr Konto'],
] as const;

const places = (page: Page) => page.getByRole('navigation', { name: 'Main' });
const menu = (page: Page) => places(page).getByRole('button', { name: /^Menu/ });
const isTooWide = (page: Page) =>
  page.evaluate(() => document.documentElement.scrollWidth > document.documentElement.clientWidth);

async function openAsOwner(path: string, width: number) {
  const account = await stories.app.seed.account();
  const { page } = await stories.openAs(account.owner, path, { viewport: { width, height: 800 } });
  await page.getByRole('heading', { level: 1 }).waitFor();
  return page;
}

test('on a wide screen the places stand beside the page, and the current one says so', async () => {
  const page = await openAsOwner('/account', 1280);
  await places(page).getByRole('link', { name: 'Your sessions' }).waitFor();
  expect(await places(page).getByRole('link').allInnerTexts()).toEqual([...OWNER_PLACES, ...OWN_PLACES]);
  const forOwners = places(page).getByRole('list', { name: 'For owners' });
  expect(await forOwners.getByRole('link').allInnerTexts()).toEqual(OWNER_PLACES);
  await places(page).getByRole('link', { name: 'Policy' }).click();
  await page.getByRole('heading', { level: 1, name: 'Policy' }).waitFor();
  expect(await page.title()).toBe('Policy · Curfew');
  expect(await places(page).locator('[aria-current=page]').allInnerTexts()).toEqual(['Policy']);
  await expectNoAxeFindings(page);
});

test('every place is reached from the account by keyboard in at most twelve tabs', async () => {
  const page = await openAsOwner('/account', 1280);
  for (const name of [...OWNER_PLACES, ...OWN_PLACES]) {
    // A fresh arrival: a page that was navigated to in the console gives its heading the focus.
    await page.goto('about:blank');
    await page.goto(`${stories.app.url}/account`);
    await places(page).getByRole('link', { name, exact: true }).waitFor();
    let tabs = 0;
    const tab = async () => {
      await page.keyboard.press('Tab');
      tabs += 1;
    };
    await tab();
    await tab();
    await focused(page.getByRole('link', { name: 'Skip to navigation' }));
    await page.keyboard.press('Enter');
    const isThere = () =>
      places(page)
        .getByRole('link', { name, exact: true })
        .evaluate((link) => link === document.activeElement);
    do await tab();
    while (!(await isThere()) && tabs < 20);
    await page.keyboard.press('Enter');
    await places(page).locator('[aria-current=page]', { hasText: name }).waitFor();
    expect(tabs).toBeLessThanOrEqual(12);
  }
});

test.each([375, 320])('at %i px a menu shows the places, and nothing is cut', async (width) => {
  const page = await openAsOwner('/account/security', width);
  expect(await menu(page).innerText()).toMatch(/Menu\s+Policy/);
  expect(await isTooWide(page)).toBe(false);
  await expectNoAxeFindings(page);

  // The header is one line, and no word of the footer is broken.
  const brand = page.getByRole('link', { name: 'Curfew: your account' });
  const user = page.locator('header button[aria-haspopup=menu]');
  const [above, below] = [(await brand.boundingBox())!, (await user.boundingBox())!];
  expect(Math.abs(above.y + above.height / 2 - (below.y + below.height / 2))).toBeLessThan(2);
  for (const link of await page.getByRole('contentinfo').getByRole('link').all())
    expect((await link.boundingBox())!.height).toBeLessThan(28);

  await menu(page).focus();
  await page.keyboard.press('Enter');
  await places(page).getByRole('link', { name: 'Audit' }).waitFor();
  expect(await menu(page).getAttribute('aria-expanded')).toBe('true');
  expect(await isTooWide(page)).toBe(false);
  await expectNoAxeFindings(page);
  await page.keyboard.press('Tab');
  await page.keyboard.press('Escape');
  await focused(menu(page));
  expect(await menu(page).getAttribute('aria-expanded')).toBe('false');

  await menu(page).click();
  await places(page).getByRole('link', { name: 'Account' }).click();
  await page.waitForURL('**/account');
  expect(await menu(page).getAttribute('aria-expanded')).toBe('false');
});

test('a member has no owners’ places, and a hint behind their addresses', async () => {
  const account = await stories.app.seed.account();
  const member = await account.addUser();
  const { page } = await stories.openAs(member, '/account/audit', { viewport: { width: 1280, height: 800 } });
  await page.getByRole('heading', { name: 'Owners only' }).waitFor();
  expect(await places(page).getByRole('link').allInnerTexts()).toEqual(OWN_PLACES);
  await expectNoAxeFindings(page);
});

test('another language is there at once, without a reload and with what was typed', async () => {
  const { page, pass } = await openSignedIn(stories, { path: '/account/security' });
  await page.getByRole('radio', { name: 'Custom' }).check();
  await page.getByRole('textbox', { name: 'Idle limit' }).fill('7');
  await page.locator('header button[aria-haspopup=menu]').click();
  await page.getByRole('menuitem', { name: 'Deutsch' }).click();
  await page.getByRole('heading', { level: 1, name: 'Richtlinie' }).waitFor();
  expect(await page.locator('html').getAttribute('lang')).toBe('de');
  expect(await page.title()).toBe('Richtlinie · Curfew');
  expect(await page.getByRole('textbox', { name: 'Inaktivitätslimit' }).inputValue()).toBe('7');
  await expectNoEnglish(page);
  await expectNoAxeFindings(page);

  await pass(3 * 24 * 60 * MINUTE - 4 * MINUTE);
  await page.getByRole('button', { name: 'Angemeldet bleiben' }).first().waitFor();
  await expectNoEnglish(page);
});

test('places that are opened after the choice speak the language, too, and so do those from before it', async () => {
  const page = await openAsOwner('/account', 1280);
  await page.locator('header button[aria-haspopup=menu]').click();
  await page.getByRole('menuitem', { name: 'Deutsch' }).click();
  for (const [place, title] of GERMAN_PLACES) {
    await page.getByRole('navigation').getByRole('link', { name: place, exact: true }).click();
    await page.getByRole('heading', { level: 1, name: title, exact: true }).waitFor();
    await page.waitForLoadState('networkidle');
    await expectNoEnglish(page);
  }
  expect(await page.getByRole('contentinfo').getByRole('link').allInnerTexts()).toEqual([
    'GraphiQL',
    'HTTP-API',
    'GraphQL-Schema',
  ]);
  await page.locator('header button[aria-haspopup=menu]').click();
  await page.getByRole('menuitem', { name: 'English' }).click();
  await page.getByRole('heading', { level: 1, name: 'Your account' }).waitFor();
});

/** No text of the catalogs is left in English where German has another. */
async function expectNoEnglish(page: Page): Promise<void> {
  const german = await translations('de');
  const words = new Set(german.map(({ text }) => text));
  const english = new Set(german.map((text) => text.english).filter((text) => !words.has(text)));
  const shown = await page.evaluate(() => {
    const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    const texts: string[] = [];
    while (walker.nextNode()) texts.push(walker.currentNode.textContent!.trim());
    const names = [...document.querySelectorAll('[aria-label], [title]')];
    return [
      ...texts,
      ...names.flatMap((named) => [named.getAttribute('aria-label'), named.getAttribute('title')]),
    ].filter((text): text is string => Boolean(text));
  });
  expect(shown.filter((text) => english.has(text))).toEqual([]);
}

test('on paper there are the policy and no controls', async () => {
  const page = await openAsOwner('/account/security', 1280);
  await page.getByText('Not changed yet.').waitFor();
  await page.emulateMedia({ media: 'print', colorScheme: 'dark' });
  expect(await places(page).isVisible()).toBe(false);
  expect(await page.getByRole('button').filter({ visible: true }).count()).toBe(0);
  expect(await page.getByText('Not changed yet.').isVisible()).toBe(true);
  await page.waitForFunction(() => {
    const { backgroundColor, color } = getComputedStyle(document.body);
    return backgroundColor === 'rgb(255, 255, 255)' && color === 'rgb(0, 0, 0)';
  });
});
