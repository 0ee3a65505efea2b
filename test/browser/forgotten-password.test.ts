import type { BrowserContextOptions, Page } from 'playwright-core';
import { mailEnv, startSmtpServer, type TestSmtpServer } from '../mail/smtp.ts';
import type { TestApp } from '../harness.ts';
import { expectNoAxeFindings } from './axe.ts';
import { openStories } from './stories.ts';

// Without an SMTP server; each story that needs one starts a Curfew of its own.
const stories = openStories({ demo: true });

const PASSWORD = 'seven quiet green lamps';
const ON_ITS_WAY = 'If there is a person with this e-mail, a link is on its way.';

let smtp: TestSmtpServer;
beforeAll(async () => {
  smtp = await startSmtpServer();
});
afterAll(() => smtp.close());

const startWithMail = (env: Record<string, string> = {}) =>
  stories.startAnother({ demo: true, env: { ...mailEnv(smtp.url), ...env } });

async function open(app: TestApp, path: string, options?: BrowserContextOptions): Promise<Page> {
  const { page } = await stories.newPage(options);
  await page.goto(app.url + path);
  return page;
}

test('from the sign-in page, by the link of the mail, to signed in', async () => {
  const app = await startWithMail();
  const { email } = app.demo.member;
  const page = await open(app, '/login');
  await page.getByLabel('E-mail').fill(email);
  await page.getByRole('link', { name: 'Forgot your password?' }).click();
  await page.waitForURL(`${app.url}/login/forgot`);
  await page.getByRole('heading', { name: 'Forgot your password?' }).waitFor();
  expect(await page.title()).toBe('Forgot your password? · Curfew');
  // The e-mail that was typed is there, and not in the address.
  await page.locator('input[name=email]:focus').waitFor();
  expect(await page.getByLabel('E-mail').inputValue()).toBe(email);
  await page.keyboard.press('Enter');
  await page.locator('h1:focus').filter({ hasText: 'Check your mail' }).waitFor();
  await page.getByText(ON_ITS_WAY).waitFor();

  await page.goto((await smtp.next()).link!);
  await page.getByText(`(${email})`).waitFor();
  await page.getByLabel('New password', { exact: true }).fill(PASSWORD);
  await page.getByLabel('Confirm new password').fill(PASSWORD);
  await page.keyboard.press('Enter');
  await page.getByText(`you’re signed in as ${email}`).waitFor();
  await page.getByRole('link', { name: 'Go to your account' }).click();
  await page.waitForURL(`${app.url}/account`);
  expect((await smtp.next()).headers.subject).toContain('was changed');
});

test('a dead link leads to a new one by mail', async () => {
  const app = await startWithMail();
  const page = await open(app, '/set-password#token=made-up');
  await page.getByRole('heading', { name: 'This link no longer works' }).waitFor();
  await page.getByText('We can send you a new one').waitFor();
  await page.getByRole('link', { name: 'Get a new link' }).click();
  await page.getByLabel('E-mail').fill(app.demo.owner.email);
  await page.getByRole('button', { name: 'Send link' }).click();
  await page.getByText(ON_ITS_WAY).waitFor();
  expect((await smtp.next()).recipients).toEqual([app.demo.owner.email]);
});

test('the page says the same of an e-mail that no one has', async () => {
  const app = await startWithMail();
  const texts: (string | null)[] = [];
  for (const email of [app.demo.member.email, 'no-one@demo.curfew.test']) {
    const page = await open(app, '/login/forgot');
    await page.getByLabel('E-mail').fill(email);
    await page.getByRole('button', { name: 'Send link' }).click();
    await page.getByText(ON_ITS_WAY).waitFor();
    texts.push(await page.locator('main').textContent());
  }
  expect(texts[1]).toBe(texts[0]);
  await smtp.next();
});

test('no e-mail, one that is none, too many requests, and no response are told', async () => {
  const app = await startWithMail({ LOGIN_FAILURES_PER_ADDRESS: '1' });
  const page = await open(app, '/login/forgot');
  const field = page.getByLabel('E-mail');
  const submit = page.getByRole('button', { name: 'Send link' });
  await submit.click();
  await page.getByText('Enter your e-mail address.').waitFor();
  await field.fill('noor');
  await submit.click();
  await page.getByText('Enter your e-mail address.').waitFor();
  expect(await field.getAttribute('aria-invalid')).toBe('true');

  const restore = await stories.lose(page, 'RequestPasswordReset');
  await field.fill('no-one@demo.curfew.test');
  await submit.click();
  await page.getByRole('alert').filter({ hasText: 'Couldn’t reach Curfew' }).waitFor();
  expect(await field.inputValue()).toBe('no-one@demo.curfew.test');
  await restore();
  await submit.click();
  await page.getByText(ON_ITS_WAY).waitFor();
  await page.goto(`${app.url}/login/forgot`);
  await field.fill('no-one@demo.curfew.test');
  await submit.click();
  await page.getByRole('alert').filter({ hasText: 'Try again in 15 minutes' }).waitFor();
});

test('without an SMTP server the pages name whom to ask', async () => {
  const page = await open(stories.app, '/login');
  await page.getByText('Forgot your password? Ask an owner of your account for a new link.').waitFor();
  expect(await page.getByRole('link', { name: 'Forgot' }).count()).toBe(0);
  await page.goto(`${stories.app.url}/login/forgot`);
  await page.getByText('Ask an owner of your account for a new link.').waitFor();
  await page.getByRole('link', { name: 'Go to sign in' }).click();
  await page.waitForURL(`${stories.app.url}/login`);
});

test.each([
  ['light', 1200],
  ['dark', 320],
] as const)('there are no axe findings in the %s scheme at %i pixels', async (colorScheme, width) => {
  const app = await startWithMail();
  const page = await open(app, '/login', { colorScheme, viewport: { width, height: 640 } });
  await page.getByRole('link', { name: 'Forgot your password?' }).waitFor();
  await expectNoAxeFindings(page);
  await page.goto(`${app.url}/login/forgot`);
  await page.getByRole('button', { name: 'Send link' }).click();
  await page.getByText('Enter your e-mail address.').waitFor();
  await expectNoAxeFindings(page);
  await page.getByLabel('E-mail').fill('no-one@demo.curfew.test');
  await page.getByRole('button', { name: 'Send link' }).click();
  await page.getByText(ON_ITS_WAY).waitFor();
  await expectNoAxeFindings(page);
  await page.goto(`${app.url}/set-password#token=made-up`);
  await page.getByRole('heading', { name: 'This link no longer works' }).waitFor();
  await expectNoAxeFindings(page);
  expect(await page.evaluate('document.documentElement.scrollWidth')).toBe(width);
});
