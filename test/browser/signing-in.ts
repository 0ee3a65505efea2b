import type { BrowserContext, Page } from 'playwright-core';
import { LOGIN } from '../seed.ts';

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

/** Gives a browser the cookies of a sign-in, without a page: loading one more takes longer than many a story. */
export async function signInWithoutPage(
  browser: BrowserContext,
  url: string,
  credentials: Credentials,
): Promise<void> {
  const answer = await browser.request.post(`${url}/graphql`, {
    headers: { origin: url },
    data: { query: LOGIN, variables: { input: { ...credentials, transport: 'COOKIE' } } },
  });
  const { errors } = (await answer.json()) as { errors?: unknown };
  if (errors) throw new Error(`Not signed in: ${JSON.stringify(errors)}`);
}
