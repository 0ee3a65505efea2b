import type { Page } from 'playwright-core';
import { expectNoAxeFindings } from '../browser/axe.ts';
import { launchBrowser, type BrowserPage, type TestBrowser } from '../browser/browser.ts';
import { hasPython, MINUTE, openScene, revokeUser, sessionsOf, type Scene } from './applications.ts';

const SECOND = 1_000;

/** Without Python 3.9 or newer there is nothing to run. */
(hasPython ? describe : describe.skip)('the page of the shopping list, without a kit (needs python3)', () => {
  let scene: Scene;
  let browser: TestBrowser;
  let opened: BrowserPage;
  beforeAll(async () => {
    scene = await openScene('python');
    browser = await launchBrowser();
  });
  beforeEach(async () => {
    scene.curfew.clock.advance(SECOND);
    opened = await browser.newPage();
    const { page } = opened;
    await page.clock.install({ time: scene.curfew.clock.now() });
    await page.goto(`${scene.application.url}/login`);
    await page.getByLabel('E-mail').fill('mia@shop.example');
    await page.getByLabel('Password').fill('mia-likes-apples');
    const polled = page.waitForResponse('**/session');
    await page.getByRole('button', { name: 'Sign in' }).click();
    await polled;
  });
  afterEach(async () => {
    await opened.page.context().close();
    const isAmiss = (line: string) => !line.startsWith('Failed to load resource');
    expect(opened.consoleErrors.filter(isAmiss)).toEqual([]);
  });
  afterAll(async () => {
    await browser?.close();
    await scene?.close();
  });

  async function pass(page: Page, milliseconds: number): Promise<void> {
    scene.curfew.clock.advance(milliseconds);
    await page.clock.fastForward(milliseconds);
    (scene as { owner: Scene['owner'] }).owner = await scene.account.owner.login();
  }

  test('five minutes before the end the page says so, and Stay keeps the session', async () => {
    const { page } = opened;
    await expectNoAxeFindings(page);
    await pass(page, 5 * MINUTE + SECOND);
    await page.getByRole('status').getByText('because you have been inactive').waitFor();
    await expectNoAxeFindings(page);
    const stayed = page.waitForResponse('**/session');
    await page.getByRole('button', { name: 'Stay signed in' }).click();
    await stayed;
    await page.getByText('because you have been inactive').waitFor({ state: 'detached' });
    // Curfew writes what it was told within a second.
    await pass(page, SECOND);
    const deadline = Date.parse((await sessionsOf(scene))[0]!.idleExpiresAt);
    expect(deadline - scene.curfew.clock.now().getTime()).toBe(10 * MINUTE - SECOND);
  });

  test('whom the owner signs out is told so within a round of polling', async () => {
    const { page } = opened;
    await revokeUser(scene, (await sessionsOf(scene))[0]!.user.id);
    await pass(page, 10 * SECOND);
    await page.getByText('An administrator signed you out').waitFor();
    await expectNoAxeFindings(page);
  });

  test('while Curfew is silent the page stays as it is', async () => {
    const { page } = opened;
    scene.line.cut();
    const failed = page.waitForResponse((response) => response.status() === 503);
    await pass(page, 10 * SECOND);
    await failed;
    await page.getByRole('heading', { name: 'Shopping list' }).waitFor();
    await scene.line.restore();
    const polled = page.waitForResponse((response) => response.status() === 200);
    await pass(page, 10 * SECOND);
    await polled;
  });
});
