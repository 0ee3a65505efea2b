import type { Page } from 'playwright-core';

export interface Credentials {
  email: string;
  password: string;
}

/** Signs in through the sign-in page and waits for the page at `path`. */
export async function signIn(
  page: Page,
  url: string,
  { email, password }: Credentials,
  path = '/account',
): Promise<void> {
  await page.goto(`${url}/login?${new URLSearchParams({ next: path })}`);
  await page.getByLabel('E-mail').fill(email);
  await page.getByLabel('Password').fill(password);
  await page.getByRole('button', { name: 'Sign in' }).click();
  await page.waitForURL(url + path);
}
