import { expectNoAxeFindings } from './axe.ts';
import { openStories } from './stories.ts';

const stories = openStories();

test.each(['light', 'dark'] as const)(
  'the reference of the HTTP API, %s and at 320 pixels',
  async (colorScheme) => {
    const { page } = await stories.newPage({ colorScheme, viewport: { width: 320, height: 640 } });
    await page.goto(`${stories.app.url}/reference`);
    await page.getByRole('heading', { level: 1, name: 'Curfew: the HTTP endpoints' }).waitFor();
    await page
      .getByRole('navigation', { name: 'Endpoints' })
      .getByRole('link', { name: 'POST /oauth/introspect' })
      .click();
    await page.waitForURL(/#introspect$/);
    const endpoint = page.getByRole('article', { name: 'POST /oauth/introspect' });
    await endpoint.getByText('What the token is good for now.').click();
    await endpoint.getByText('session_expires_at').waitFor();
    expect(await page.evaluate('document.documentElement.scrollWidth')).toBe(320);
    await page.evaluate(`document.querySelectorAll('details').forEach((details) => (details.open = true))`);
    await expectNoAxeFindings(page);
    expect(await page.evaluate('document.documentElement.scrollWidth')).toBe(320);
  },
);

test('an unknown path is a page that leads to the account, without a sign-in', async () => {
  stories.mayLog(/status of 404/);
  const { page } = await stories.newPage({ viewport: { width: 320, height: 640 } });
  const response = await page.goto(`${stories.app.url}/no/such/page`);
  expect(response!.status()).toBe(404);
  await page.getByRole('heading', { level: 1, name: 'Page not found' }).waitFor();
  await expectNoAxeFindings(page);
  expect(await page.evaluate('document.documentElement.scrollWidth')).toBe(320);
  await page.getByRole('link', { name: 'Go to your account' }).click();
  await page.waitForURL(/\/login/);
});

test('an unknown path below the account is the same page, and for who is signed in within the dashboard', async () => {
  stories.mayLog(/status of 404/);
  const { page } = await stories.newPage();
  const response = await page.goto(`${stories.app.url}/account/no/such/page`);
  expect(response!.status()).toBe(404);
  await page.getByRole('heading', { level: 1, name: 'Page not found' }).waitFor();
  expect(new URL(page.url()).pathname).toBe('/account/no/such/page');
  await page.getByRole('link', { name: 'Go to your account' }).click();
  await page.waitForURL(/\/login/);

  const { owner } = await stories.app.seed.account();
  const { page: signedIn } = await stories.openAs(owner, '/account');
  expect((await signedIn.goto(`${stories.app.url}/account/no/such/page`))!.status()).toBe(404);
  await signedIn.getByRole('heading', { level: 1, name: 'Page not found' }).waitFor();
  await signedIn.getByRole('navigation', { name: 'Main' }).waitFor();
  await signedIn.getByRole('link', { name: 'Go to your account' }).click();
  await signedIn.getByRole('heading', { level: 1, name: 'Your account' }).waitFor();
});
