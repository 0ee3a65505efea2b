import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import type { Page } from 'playwright-core';
import { createApp } from '../server/app.ts';
import { loadConfig } from '../server/config/config.ts';
import { migrate } from '../server/database/migrate.ts';
import { openDatabase } from '../server/open-database.ts';
import { ensureDemo, type DemoSignIn } from '../server/demo/demo.ts';
import { createLogger } from '../server/logger.ts';
import { launchBrowser } from '../test/browser/browser.ts';
import { createManualClock, type ManualClock } from '../test/manual-clock.ts';
import { buildWebIfChanged } from './build-web.ts';

// Takes the README's pictures of the demo account, in light and dark. A manual clock shows the notice at once and makes
// the pictures of two runs equal.

const folder = resolve(import.meta.dirname, '..', 'docs', 'pictures');
const MINUTE = 60_000;
const START = new Date('2026-03-02T09:22:00.000Z');

await buildWebIfChanged();
await mkdir(folder, { recursive: true });
const browser = await launchBrowser();
try {
  for (const colorScheme of ['light', 'dark'] as const) await takeAll(colorScheme);
} finally {
  await browser.close();
}

async function takeAll(colorScheme: 'light' | 'dark'): Promise<void> {
  const dataDir = await mkdtemp(join(tmpdir(), 'curfew-pictures-'));
  const clock = createManualClock(START);
  const logger = createLogger('error');
  const config = loadConfig({ PORT: '0', DATA_DIR: dataDir, DEMO: 'true' }, { isServer: false });
  const database = await openDatabase({ url: null, dataDir: join(dataDir, 'database') }, logger);
  await migrate(database);
  const app = await createApp(config, logger, { database, clock });
  try {
    const [owner] = await ensureDemo(app, config);
    await app.listen();
    const { page } = await browser.newPage({
      colorScheme,
      timezoneId: 'UTC',
      locale: 'en-GB',
      viewport: { width: 1100, height: 760 },
      deviceScaleFactor: 2,
    });
    await page.clock.install({ time: START });
    await signIn(page, app.url, owner!);
    await takePolicy(page, `policy-${colorScheme}.png`);
    await takeSessions(page, `sessions-${colorScheme}.png`);
    await takePeople(page, app.url, `people-${colorScheme}.png`);
    await takeNotice(page, app.url, clock, `notice-${colorScheme}.png`);
    await page.context().close();
  } finally {
    await app.close();
    await database.close();
    await rm(dataDir, { recursive: true, force: true });
  }
}

async function signIn(page: Page, url: string, { email, password }: DemoSignIn): Promise<void> {
  await page.goto(`${url}/login?next=/account/security`);
  await page.getByLabel('E-mail').fill(email);
  await page.getByLabel('Password', { exact: true }).fill(password);
  await page.keyboard.press('Enter');
  await page.waitForURL('**/account/security');
}

async function takePolicy(page: Page, name: string): Promise<void> {
  await page.getByRole('radio', { name: 'One day: 1 hour, 1 day' }).check();
  await page.getByRole('radio', { name: /^Now/ }).check();
  await page.getByText('sessions end now').waitFor();
  await take(page.getByRole('region', { name: 'Session policy' }), name);
}

async function takeSessions(page: Page, name: string): Promise<void> {
  await page.goto(new URL('/account/security/sessions', page.url()).href);
  const panel = page.getByRole('region', { name: 'Current sessions', exact: true });
  await panel
    .getByRole('button', { name: /Mei Tanaka/ })
    .first()
    .click();
  await panel.getByText('This session').or(panel.getByText('Firefox').first()).first().waitFor();
  await take(panel, name);
}

async function takePeople(page: Page, url: string, name: string): Promise<void> {
  await page.goto(`${url}/account/people`);
  const panel = page.getByRole('region', { name: 'Everyone in this account' });
  await panel.getByText('Noor Haddad').waitFor();
  await take(panel, name);
}

/** The demo's idle limit is ten minutes, so the server warns after five minutes without activity. */
async function takeNotice(page: Page, url: string, clock: ManualClock, name: string): Promise<void> {
  await page.goto(`${url}/account`);
  await page.getByRole('heading', { level: 1 }).waitFor();
  await page.waitForLoadState('networkidle');
  await page.clock.fastForward(5 * MINUTE + 12_000);
  clock.advance(5 * MINUTE + 12_000);
  await page.getByRole('button', { name: 'Stay signed in' }).waitFor();
  await page.screenshot({ path: join(folder, name), clip: { x: 0, y: 0, width: 1100, height: 520 } });
  console.log(`docs/pictures/${name}`);
}

async function take(panel: ReturnType<Page['getByRole']>, name: string): Promise<void> {
  await panel.screenshot({ path: join(folder, name) });
  console.log(`docs/pictures/${name}`);
}
