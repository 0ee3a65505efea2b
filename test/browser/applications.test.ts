import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { Page } from 'playwright-core';
import { backEnd } from '../service-api/service-calls.ts';
import { expectNoAxeFindings } from './axe.ts';
import { LOST_REQUEST, openStories } from './stories.ts';

const root = join(import.meta.dirname, '..', '..');
const KIT = JSON.stringify(join(root, 'client', 'src', 'server', 'index.ts'));
// The process of the printed lines has a clock of its own.
const stories = openStories({ clock: 'real' });

const keys = (page: Page) => page.getByRole('list', { name: 'Service keys' }).locator('> li');
const PERMISSIONS = { permissions: ['clipboard-read', 'clipboard-write'] };

/** Runs the printed lines as an owner would, with the kit of this tree, and prints the token. */
async function runPrinted(code: string, serviceKey: string): Promise<{ code: number; output: string }> {
  const folder = await mkdtemp(join(tmpdir(), 'curfew-lines-'));
  try {
    await symlink(join(root, 'node_modules'), join(folder, 'node_modules'));
    const lines = code.replace("'@curfew/client/server'", KIT);
    await writeFile(join(folder, 'app.mjs'), `${lines}\nconsole.log(sessionToken);\ncurfew.close();\n`);
    const child = spawn(process.execPath, [join(folder, 'app.mjs')], {
      env: { ...process.env, CURFEW_SERVICE_KEY: serviceKey, NODE_OPTIONS: '' },
    });
    let output = '';
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (text) => (output += text));
    const [exit] = await once(child, 'exit');
    return { code: exit, output: output.trim() };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function create(page: Page, name: string, scope?: string) {
  await page.getByRole('button', { name: 'Create service key' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByLabel('Name').fill(name);
  if (scope !== undefined) await dialog.getByLabel('What it may do').selectOption(scope);
  await dialog.getByRole('button', { name: 'Create service key' }).click();
  await dialog.getByText('This is the only time it is shown.').waitFor();
  const texts = dialog.locator('[role=group] code');
  return { dialog, key: await texts.first().innerText(), code: await texts.last().innerText() };
}

test('an owner gives an application its key, its lines open a session, and revoking stops it', async () => {
  const account = await stories.app.seed.account();
  const { page } = await stories.openAs(account.owner, '/account/applications', PERMISSIONS);
  await page.getByText('No application has a service key.').waitFor();
  await expectNoAxeFindings(page);

  const { dialog, key, code } = await create(page, 'Shop');
  expect(key).toMatch(/^cfk_[\w-]{43}$/);
  expect(code.split('\n')).toHaveLength(3);
  await expectNoAxeFindings(page);
  await dialog.getByRole('button', { name: 'Copy key' }).click();
  await dialog.getByRole('button', { name: 'Copied', exact: true }).waitFor();
  expect(await page.evaluate('navigator.clipboard.readText()')).toBe(key);
  await page.keyboard.press('Escape');
  expect(await dialog.isVisible()).toBe(true);
  await dialog.getByRole('button', { name: 'I have copied the key' }).click();
  await dialog.waitFor({ state: 'hidden' });
  expect(await page.content()).not.toContain(key);

  const ran = await runPrinted(code, key);
  expect(ran).toEqual({ code: 0, output: expect.stringMatching(/^[\w-]{43}$/) });
  await page.reload();
  await keys(page).filter({ hasText: 'Shop' }).getByText('1 current session').waitFor();
  await keys(page)
    .getByText(/Created .+ by Owner/)
    .waitFor();
  await keys(page)
    .getByText(/Last used/)
    .waitFor();
  await keys(page)
    .getByText(/Expires on/)
    .waitFor();
  await expectNoAxeFindings(page);

  await page.getByRole('button', { name: 'Revoke Shop' }).click();
  const question = page.getByRole('alertdialog', { name: 'Revoke the service key Shop?' });
  await question.getByText('The session that it opened goes on until its limits.').waitFor();
  await expectNoAxeFindings(page);
  await question.getByRole('button', { name: 'Revoke' }).click();
  await page.getByRole('list', { name: 'Revoked or expired' }).getByText('Shop').waitFor();
  await page.getByText('No application has a service key.').waitFor();
  const answer = await backEnd(stories.app, key).gql('{ serverTime }');
  expect(answer.errors).toMatchObject([{ message: 'This service key is not valid.' }]);
  expect(
    await backEnd(stories.app, (await stories.app.seed.serviceKey(account.id)).key).validate(ran.output),
  ).toMatchObject({
    valid: true,
  });
});

test('a key for event streams can do nothing else, and its command creates the first stream', async () => {
  const account = await stories.app.seed.account();
  const { page } = await stories.openAs(account.owner, '/account/applications');
  const { dialog, key, code } = await create(page, 'Receiver', 'Manage event streams only (SSF)');
  expect(key).toMatch(/^cfk_ssf_[\w-]{43}$/);
  await expectNoAxeFindings(page);
  const { stdout } = await promisify(execFile)('sh', ['-c', `${code} --fail`], {
    env: { ...process.env, CURFEW_SERVICE_KEY: key },
  });
  expect(JSON.parse(stdout)).toMatchObject({
    description: 'Receiver',
    delivery: { method: 'urn:ietf:rfc:8936' },
  });
  const answer = await backEnd(stories.app, key).gql('{ serverTime }');
  expect(answer.errors).toMatchObject([{ extensions: { code: 'FORBIDDEN' } }]);
  await dialog.getByRole('button', { name: 'I have copied the key' }).click();
  const row = keys(page).filter({ hasText: 'Receiver' });
  await row.getByText('Manages event streams only (SSF)').waitFor();
  expect(await row.getByText('current session').count()).toBe(0);
  await row.getByRole('button', { name: 'Revoke Receiver' }).click();
  await page.getByRole('alertdialog').getByText('it can no longer manage or poll event streams').waitFor();
  await expectNoAxeFindings(page);
});

test('two quick clicks on Show more show each key once', async () => {
  const account = await stories.app.seed.account();
  for (let each = 0; each < 60; each += 1) await stories.app.seed.serviceKey(account.id);
  const { page } = await stories.openAs(account.owner, '/account/applications');
  await keys(page).nth(49).waitFor();
  await page.getByRole('button', { name: 'Show more' }).dblclick();
  await keys(page).nth(59).waitFor();
  expect(await keys(page).count()).toBe(60);
});

test('after a lost answer the new key is in the list, to be revoked there', async () => {
  const account = await stories.app.seed.account();
  const { page } = await stories.openAs(account.owner, '/account/applications');
  stories.mayLog(LOST_REQUEST);
  await page.route('**/graphql', async (route) => {
    if (!route.request().postData()?.includes('"operationName":"CreateServiceKey"')) return route.fallback();
    await route.fetch();
    return route.abort();
  });
  await page.getByRole('button', { name: 'Create service key' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByLabel('Name').fill('Shop');
  await dialog.getByRole('button', { name: 'Create service key' }).click();
  await dialog.getByText('the key may have been created unseen').waitFor();
  await dialog.getByRole('button', { name: 'Cancel' }).click();
  await keys(page).getByRole('strong').getByText('Shop').waitFor({ timeout: 10_000 });
});

test('a name is needed, and the expiry is said as a date', async () => {
  const { owner } = await stories.app.seed.account();
  const { page } = await stories.openAs(owner, '/account/applications');
  await page.getByRole('button', { name: 'Create service key' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByRole('button', { name: 'Create service key' }).click();
  await dialog.getByText('Give the key a name').waitFor();
  await expectNoAxeFindings(page);
  await dialog.getByText(/The key works until .+ 20\d\d/).waitFor();
  await dialog.getByLabel('Expires').selectOption('Never');
  await dialog.getByText('The key works until you revoke it.').waitFor();
  await page.keyboard.press('Escape');
  await dialog.waitFor({ state: 'hidden' });
});

test('all of it fits at 320 pixels', async () => {
  const account = await stories.app.seed.account();
  await stories.app.seed.serviceKey(account.id, { name: `A-name-without-a-break-${'x'.repeat(60)}` });
  const { page } = await stories.openAs(account.owner, '/account/applications', {
    viewport: { width: 320, height: 640 },
  });
  await keys(page).first().waitFor();
  const width = () => page.evaluate('document.documentElement.scrollWidth');
  expect(await width()).toBe(320);
  await create(page, 'Shop');
  expect(await width()).toBe(320);
  await expectNoAxeFindings(page);
});

test('a member has no such page', async () => {
  const account = await stories.app.seed.account();
  const { page } = await stories.openAs(await account.addUser(), '/account/applications');
  await page.getByRole('heading', { level: 1, name: 'Owners only' }).waitFor();
});
