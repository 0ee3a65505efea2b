import { sql } from 'kysely';
import type { Locator, Page } from 'playwright-core';
import type { TestApp } from '../harness.ts';
import { PASSWORD } from '../seed.ts';

// What the stories of confirming that it is you share.

export const TITLE = 'Confirm it’s you';

/** The dialog, whether the user has asked for it or it opened on its own. */
export const dialogOf = (page: Page): Locator =>
  page.getByRole('dialog', { name: TITLE }).or(page.getByRole('alertdialog', { name: TITLE }));

export const passwordIn = (page: Page): Locator => dialogOf(page).getByLabel('Password', { exact: true });

/** Types the password, and waits until the dialog is gone. */
export async function confirm(page: Page): Promise<void> {
  await passwordIn(page).fill(PASSWORD);
  await page.keyboard.press('Enter');
  await dialogOf(page).waitFor({ state: 'detached' });
}

/** Rows of the account's audit trail with this action. */
export async function countAudited(app: TestApp, accountId: string, action: string): Promise<number> {
  const { rows } = await sql<{ count: number }>`
    select count(*)::int as count from audit_events where account_id = ${accountId} and action = ${action}`.execute(
    app.database.em().getKysely(),
  );
  return rows[0]!.count;
}

/** Waits until the page has the colours of the medium: in between it has those of both schemes. */
export async function inScheme(page: Page, colorScheme: 'light' | 'dark'): Promise<void> {
  await page.emulateMedia({ colorScheme });
  await page.locator(`html[data-mantine-color-scheme="${colorScheme}"]`).waitFor();
}

/** The horizontal overflow in pixels. */
export const overflowOf = (page: Page): Promise<unknown> =>
  page.evaluate('document.documentElement.scrollWidth - document.documentElement.clientWidth');

/** Where the caret is in the field. */
export const caretIn = (field: Locator): Promise<number | null> =>
  field.evaluate((element) => (element as unknown as { selectionStart: number | null }).selectionStart);
