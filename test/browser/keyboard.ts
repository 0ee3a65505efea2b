import type { Locator, Page } from 'playwright-core';
import { waitUntil } from '../wait-until.ts';

/** What an owner does takes at most so many tabs from the account's page. */
export const MAX_TABS = 12;

/** Presses Tab, or Shift+Tab, until the control has the focus, and returns how often. @throws after `MAX_TABS` tabs */
export async function tabTo(control: Locator, key: 'Tab' | 'Shift+Tab' = 'Tab'): Promise<number> {
  const page = control.page();
  for (let tabs = 1; tabs <= MAX_TABS; tabs += 1) {
    await page.keyboard.press(key);
    if ((await control.and(page.locator(':focus')).count()) > 0) return tabs;
  }
  throw new Error(`Not within ${MAX_TABS} tabs: ${control.toString()}`);
}

/**
 * Goes to an item of the open menu by the arrow keys. The menu moves the focus a moment after each key, and takes it once
 * more when it has just opened: so each key is pressed from where the focus is, in the direction of the item.
 */
export async function arrowTo(item: Locator): Promise<void> {
  const page = item.page();
  await page.locator('[role=menuitem]:focus').waitFor();
  await waitUntil(async () => {
    if ((await item.count()) === 0) {
      const focus = await page.evaluate<string>('document.activeElement.outerHTML.slice(0, 300)');
      throw new Error(`No item ${item.toString()} in the open menu; the focus is on ${focus}`);
    }
    const { isFocused, key } = await item.evaluate((wanted) => {
      const now = document.activeElement!;
      const isBehind = (now.compareDocumentPosition(wanted) & Node.DOCUMENT_POSITION_FOLLOWING) !== 0;
      return { isFocused: now === wanted, key: isBehind ? 'ArrowDown' : 'ArrowUp' };
    });
    if (!isFocused) await page.keyboard.press(key);
    return isFocused;
  });
}

/** Opens a place from a fresh page of the account, by the skip link and the list of places, and returns the tabs. */
export async function openPlace(page: Page, name: string): Promise<number> {
  const account = page.url();
  await page.goto('about:blank');
  await page.goto(account);
  const place = page.getByRole('main').getByRole('link', { name: new RegExp(`^${name}`) });
  await place.waitFor();
  let tabs = await tabTo(page.getByRole('link', { name: 'Skip to main content' }));
  await page.keyboard.press('Enter');
  tabs += await tabTo(place);
  await page.keyboard.press('Enter');
  await page.getByRole('heading', { level: 1, name }).and(page.locator(':focus')).waitFor();
  return tabs;
}
