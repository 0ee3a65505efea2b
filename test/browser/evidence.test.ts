import { readFile } from 'node:fs/promises';
import type { BrowserContextOptions, Page } from 'playwright-core';
import { savePolicy } from '../policy/policy-calls.ts';
import { readVersions } from '../policy/version-calls.ts';
import type { SeededAccount, SignedIn } from '../seed.ts';
import { expectNoAxeFindings } from './axe.ts';
import { confirm, countAudited, dialogOf, overflowOf } from './confirming.ts';
import { MINUTE, openSignedIn } from './signed-in-page.ts';
import { focused, openStories } from './stories.ts';

const stories = openStories();

const EVIDENCE = '/account/evidence';

const panel = (page: Page, name: string) => page.getByRole('region', { name, exact: true });
const standards = (page: Page) => panel(page, 'Standards').getByRole('list', { name: 'Standards' });
const standard = (page: Page, title: string) =>
  standards(page)
    .getByRole('listitem')
    .filter({ has: page.getByRole('heading', { name: title }) });
const versions = (page: Page) => panel(page, 'Versions of the policy');
const rows = (page: Page) =>
  versions(page).getByRole('list', { name: 'Versions of the policy' }).locator(':scope > li');
const comparison = (page: Page) => panel(page, 'Compare versions');
const restoreDialog = (page: Page) => page.getByRole('alertdialog', { name: /^Restore version/ });
const status = (page: Page, text: string | RegExp) => page.getByRole('status').filter({ hasText: text });

/** Each a second after the one before. */
async function save(owner: SignedIn, input: Record<string, unknown>): Promise<void> {
  stories.app.clock.advance(1000);
  await savePolicy(owner, input);
}

/** Version 1 meets PCI DSS, version 2 does not. */
async function twoVersions(): Promise<{ account: SeededAccount; owner: SignedIn }> {
  const account = await stories.app.seed.account();
  const owner = await account.owner.login();
  await save(owner, { idleMinutes: 15, absoluteMinutes: 480, maxSessionsPerUser: 2 });
  await save(owner, {
    idleMinutes: 60,
    absoluteMinutes: 480,
    rules: [{ role: 'MEMBER', appType: null, idleMinutes: 90, absoluteMinutes: 480 }],
    maxSessionsPerUser: null,
  });
  return { account, owner };
}

test('every standard says in words whether the policy meets it, and by which clause', async () => {
  const { account } = await twoVersions();
  const { page } = await stories.openAs(account.owner, EVIDENCE);
  await panel(page, 'Standards').getByText('The policy meets 6 of 9 standards.').waitFor();
  const pci = standard(page, 'PCI DSS 4.0.1, requirement 8.2.8');
  expect(await pci.innerText()).toMatch(/Doesn’t meet/);
  const check = await pci.getByRole('listitem').innerText();
  // The rule has the longest value.
  for (const words of [
    'Not met',
    '8.2.8',
    'Required',
    '15 minutes at most',
    'This policy: 1 hour and 30 minutes',
  ])
    expect(check).toContain(words);
  const source = pci.getByRole('link', { name: /^Source of PCI DSS 4\.0\.1/ });
  expect(await source.getAttribute('rel')).toContain('noopener');
  expect(await source.getAttribute('href')).toMatch(/^https:\/\//);
  const aal2 = await standard(page, 'NIST SP 800-63B-4, AAL2').innerText();
  expect(aal2).toMatch(/Meets[^]*Not met[^]*Recommended/);
  expect(await standard(page, 'High baseline').innerText()).toContain('This policy: no limit');
  await expectNoAxeFindings(page);
});

test('two versions are compared, and the earlier one is restored after a look at what it does', async () => {
  const { account, owner } = await twoVersions();
  const { page } = await stories.openAs(account.owner, EVIDENCE);
  await rows(page).first().getByText('In force').waitFor();
  await comparison(page).getByText('Sessions per person').waitFor();
  expect(await comparison(page).getByRole('listitem').allTextContents()).toEqual([
    'Idle limit 15 minutes to 1 hour',
    'Absolute limit unchanged at 8 hours',
    'Rule added: Members everywhere: 1 hour and 30 minutes without activity, 8 hours at most',
    'Sessions per person 2 to no limit',
  ]);
  const restore = rows(page).getByRole('button', { name: 'Restore version 1' });
  await restore.press('Enter');
  const dialog = restoreDialog(page);
  await dialog.getByText('Idle limit 1 hour to 15 minutes').waitFor();
  await dialog.getByText('Would now meet PCI DSS 4.0.1, requirement 8.2.8 (time limits only).').waitFor();
  await dialog.getByText('No one is signed out.').waitFor();
  await dialog.getByRole('radio', { name: 'Now, for everyone signed in' }).check();
  await dialog
    .getByText(/get the shorter limits/)
    .first()
    .waitFor();
  await expectNoAxeFindings(page);

  // Someone saves in the meantime: nothing is restored, and the dialog compares with theirs.
  await save(owner, { idleMinutes: 45, absoluteMinutes: 480 });
  await dialog.getByRole('button', { name: 'Restore', exact: true }).press('Enter');
  await dialog.getByRole('alert').filter({ hasText: 'saved version 3 in the meantime' }).waitFor();
  await dialog.getByText('Idle limit 45 minutes to 15 minutes').waitFor();
  await dialog.getByRole('button', { name: 'Restore', exact: true }).press('Enter');
  await status(page, 'Version 1 is restored as version 4 and applied').waitFor();
  await dialog.waitFor({ state: 'detached' });
  await focused(restore);
  await rows(page).first().getByText('Restored from version 1').waitFor();
  await panel(page, 'Standards').getByText('Version 4').waitFor();
  expect(await standard(page, 'PCI DSS').innerText()).toMatch(/\bMeets\b/);
  const [latest] = await readVersions(owner);
  expect(latest).toMatchObject({ version: 4, restoredFrom: 1, apply: 'ACTIVE_SESSIONS', idleMinutes: 15 });

  await rows(page).getByRole('button', { name: 'Compare version 2' }).press('Enter');
  await focused(comparison(page).getByRole('heading', { name: 'Compare versions' }));
  expect(new URL(page.url()).search).toBe('?compare=2-4');
});

test('a restore asks to confirm that it is you, and Escape restores nothing', async () => {
  const { account } = await twoVersions();
  const { page, pass } = await openSignedIn(stories, { account, path: EVIDENCE });
  await pass(27 * MINUTE);
  await rows(page).getByRole('button', { name: 'Restore version 1' }).click();
  await restoreDialog(page).getByRole('button', { name: 'Restore', exact: true }).click();
  await dialogOf(page).waitFor();
  await page.keyboard.press('Escape');
  await status(page, 'Nothing was changed.').waitFor();
  await restoreDialog(page).getByRole('button', { name: 'Restore', exact: true }).click();
  await confirm(page);
  await status(page, 'Version 1 is restored as version 3.').waitFor();
  expect(await countAudited(stories.app, account.id, 'account.session_policy_update')).toBe(3);
});

test.each([
  ['an owner, of the session of someone else', '/account/security/sessions?list=ended', true],
  ['the person, of their own', '/account/sessions', false],
])('why a session ended is explained to %s', async (_who, path, isByOwner) => {
  const { account, owner } = await twoVersions();
  const member = await account.addUser();
  const { sessionId } = await member.login();
  stories.app.clock.advance(2 * MINUTE);
  await owner.gql('mutation ($id: ID!) { revokeSession(sessionId: $id) { revokedCount } }', {
    id: sessionId,
  });
  const { page } = await stories.openAs(isByOwner ? account.owner : member, path, {
    viewport: { width: 320, height: 640 },
    colorScheme: 'dark',
  });
  const why = page.getByRole('button', { name: /^Why did this end\?/ });
  await why.press('Enter');
  const drawer = page.getByRole('dialog', { name: 'Why did this end?' });
  await drawer
    .getByText(/an owner, ended it\.$/)
    .first()
    .waitFor();
  await drawer.getByText('Version 2', { exact: true }).waitFor();
  await drawer.getByText('Members everywhere').waitFor();
  const [first, last] = [drawer.getByRole('listitem').first(), drawer.getByRole('listitem').last()];
  const started = await first.innerText();
  expect(started).toMatch(/^Signed in\n/);
  expect(started).toContain('signed in with a password. Limits of version 2 of the policy');
  const ended = await last.innerText();
  expect(ended).toMatch(/^Ended\n/);
  expect(ended).toMatch(/\d\d:\d\d:\d\d/);
  expect(ended).toMatch(/, an owner, ended it\.$/);
  expect(await overflowOf(page)).toBe(0);
  await expectNoAxeFindings(page);
  await page.keyboard.press('Escape');
  await drawer.waitFor({ state: 'detached' });
  await focused(why);
});

test('the policy and the days of the trail are saved as files', async () => {
  const { account } = await twoVersions();
  const { page } = await stories.openAs(account.owner, EVIDENCE);
  const saveAs = async (button: string, format: string): Promise<[string, string]> => {
    await page.getByRole('button', { name: button, exact: true }).press('Enter');
    const downloading = page.waitForEvent('download');
    await page.getByRole('menuitem', { name: format }).press('Enter');
    const download = await downloading;
    return [download.suggestedFilename(), await readFile(await download.path(), 'utf8')];
  };
  const [policyName, policy] = await saveAs('Export the policy', 'JSON, for programs');
  expect(policyName).toMatch(/^curfew-policy-.+\.json$/);
  expect(JSON.parse(policy)).toMatchObject({
    policy: { version: 2 },
    versions: [{ version: 2 }, { version: 1 }],
  });

  await panel(page, 'Audit trail').getByLabel('From date').fill('2020-01-01');
  await panel(page, 'Audit trail').getByLabel('To date').fill('2020-01-31');
  const asked = page.waitForRequest(/\/export\/audit/);
  const [, trail] = await saveAs('Export these dates', 'CSV, for spreadsheets');
  expect(trail.trim().split('\n')).toHaveLength(1);
  // Midnights of the browser's clock.
  const midnights: string[] = await page.evaluate(() => [
    new Date(2020, 0, 1).toISOString(),
    new Date(2020, 1, 1).toISOString(),
  ]);
  const { searchParams } = new URL((await asked).url());
  expect([searchParams.get('from'), searchParams.get('to')]).toEqual(midnights);
});

test('a change of the policy says which standard it would no longer meet', async () => {
  const account = await stories.app.seed.account();
  await save(await account.owner.login(), { idleMinutes: 15, absoluteMinutes: 480 });
  const { page } = await stories.openAs(account.owner, '/account/security');
  await page.getByRole('radio', { name: /^Long:/ }).check();
  await page.getByText('Would no longer meet PCI DSS 4.0.1, requirement 8.2.8 (time limits only).').waitFor();
  await page
    .getByText(/^Would no longer follow the recommendation 2\.2\.3 \(idle limit\) of NIST SP 800-63B-4, AAL2/)
    .waitFor();
});

test.each<BrowserContextOptions['colorScheme']>(['light', 'dark'])(
  'at 320 px nothing is cut (%s)',
  async (colorScheme) => {
    const { account } = await twoVersions();
    const { page } = await stories.openAs(account.owner, EVIDENCE, {
      viewport: { width: 320, height: 640 },
      colorScheme,
      locale: colorScheme === 'dark' ? 'de-DE' : 'en-GB',
    });
    await page.locator('#versions li').first().waitFor();
    await page.getByRole('heading', { level: 3, name: 'PCI DSS' }).waitFor();
    expect(await overflowOf(page)).toBe(0);
    await expectNoAxeFindings(page);
  },
);

test('a member is told to ask an owner', async () => {
  const account = await stories.app.seed.account();
  const { page } = await stories.openAs(await account.addUser(), EVIDENCE);
  await page.getByRole('heading', { level: 1, name: 'Owners only' }).waitFor();
});
