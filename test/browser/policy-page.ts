import type { Page } from 'playwright-core';

// What the stories of the policy page share.

export const SECURITY = '/account/security';

export const card = (page: Page) => page.getByRole('region', { name: 'Session policy' });
/** A preset's card has plain words and its limits as its label. */
const LABELS: Record<string, RegExp> = {
  Strict: /^Default:/,
  Standard: /^Long:/,
  'NIST SP 800-63B AAL2': /^One day:/,
  'NIST SP 800-63B AAL3': /^Short:/,
  'FedRAMP Moderate': /^Working day:/,
  'PCI DSS': /^Short, whole day:/,
};
export const preset = (page: Page, name: string) =>
  card(page).getByRole('radio', { name: LABELS[name] ?? name, exact: true });
export const nextSignIn = (page: Page) => preset(page, 'From the next sign-in');
export const everyone = (page: Page) => preset(page, 'Now, for everyone signed in');
export const idle = (page: Page) => card(page).getByRole('textbox', { name: 'Idle limit' });
export const absolute = (page: Page) => card(page).getByRole('textbox', { name: 'Absolute limit' });
export const unitOf = (page: Page, limit: 'idle' | 'absolute') =>
  card(page).getByRole('combobox', { name: `Unit of the ${limit} limit` });
export const button = (page: Page, name: string) => card(page).getByRole('button', { name, exact: true });
export const statusShows = (page: Page, text: string) =>
  card(page).getByRole('status').filter({ hasText: text }).waitFor({ timeout: 8000 });
export const shown = (page: Page, text: string | RegExp) =>
  card(page).getByText(text).waitFor({ timeout: 8000 });
export const unsaved = (page: Page) => card(page).getByText('You have unsaved changes.');
