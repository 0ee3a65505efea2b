import type { BrowserContextOptions, Page } from 'playwright-core';
import type { TestApp } from '../harness.ts';
import { readPolicy, savePolicy } from '../policy/policy-calls.ts';
import { PASSWORD, type SeededAccount, type SignedIn } from '../seed.ts';
import { expectNoAxeFindings } from './axe.ts';
import {
  absolute,
  button,
  card,
  everyone,
  idle,
  nextSignIn,
  preset,
  SECURITY,
  shown,
  statusShows,
  unitOf,
  unsaved,
} from './policy-page.ts';
import { signIn } from './signing-in.ts';
import { focused, openStories } from './stories.ts';

const HOUR = 3_600_000;

const stories = openStories({
  // Access tokens, and a sign-in, that are good for the hours skipped in a test.
  env: { ACCESS_TOKEN_TTL_SECONDS: '10000000', SENSITIVE_ACTION_MAX_AGE_SECONDS: '0' },
});

interface Story {
  account: SeededAccount;
  page: Page;
  /** Another session of the owner, to read from the API. */
  api: SignedIn;
}

/** Opens the policy card as an owner. */
async function atThePolicy(options?: BrowserContextOptions, on: TestApp = stories.app): Promise<Story> {
  const account = await on.seed.account();
  const api = await account.owner.login();
  const { page } = await stories.newPage(options);
  await signIn(page, on.url, { email: account.owner.email, password: PASSWORD }, SECURITY);
  await preset(page, 'Strict').waitFor();
  return { account, page, api };
}

async function custom(page: Page, idleMinutes: string, absoluteMinutes: string) {
  await preset(page, 'Custom').check();
  await unitOf(page, 'idle').selectOption('minutes');
  await unitOf(page, 'absolute').selectOption('minutes');
  await idle(page).fill(idleMinutes);
  await absolute(page).fill(absoluteMinutes);
}

test('each preset can be chosen and saved, Strict as the default', async () => {
  const { page, api } = await atThePolicy();
  await shown(page, 'Not changed yet.');
  for (const [name, saved, words] of [
    ['Standard', [10_080, 43_200], 'signed out after 7 days without activity, and after 30 days at most'],
    ['NIST SP 800-63B AAL2', [60, 1440], 'signed out after 1 hour without activity, and after 1 day at most'],
    [
      'NIST SP 800-63B AAL3',
      [15, 720],
      'signed out after 15 minutes without activity, and after 12 hours at most',
    ],
    [
      'FedRAMP Moderate',
      [30, 720],
      'signed out after 30 minutes without activity, and after 12 hours at most',
    ],
    ['PCI DSS', [15, 1440], 'signed out after 15 minutes without activity, and after 1 day at most'],
    ['Strict', [null, null], 'signed out after 3 days without activity, and after 14 days at most'],
  ] as const) {
    await preset(page, name).check();
    await button(page, 'Save').click();
    await statusShows(page, 'Saved.');
    await shown(page, `Now: ${name}, ${words}.`);
    const { idleMinutes, absoluteMinutes } = await readPolicy(api);
    expect([idleMinutes, absoluteMinutes]).toEqual(saved);
  }
  await shown(page, 'Last changed by you, just now.');
  await page.reload();
  await preset(page, 'Strict').waitFor();
  expect(await preset(page, 'Strict').isChecked()).toBe(true);
  expect(await unsaved(page).isVisible()).toBe(false);
});

test('the fields of Custom show the limits of the preset, and the picture follows', async () => {
  const { page } = await atThePolicy();
  const picture = card(page).getByRole('img', { name: /^A session on a timeline/ });
  await preset(page, 'FedRAMP Moderate').check();
  expect(await idle(page).isDisabled()).toBe(true);
  expect(await idle(page).inputValue()).toBe('30');
  expect(await unitOf(page, 'absolute').inputValue()).toBe('hours');
  expect(await picture.getAttribute('aria-label')).toContain(
    'after 30 minutes without activity, with a warning 5',
  );
  await preset(page, 'Custom').check();
  expect(await idle(page).isEnabled()).toBe(true);
  expect(await idle(page).inputValue()).toBe('30');
  await idle(page).fill('20');
  expect(await picture.getAttribute('aria-label')).toContain('after 20 minutes without activity');
  await idle(page).fill('');
  expect(await picture.getAttribute('aria-label')).toContain('Not drawn: correct the limits first.');
});

test('custom limits can be set by keyboard only', async () => {
  const { page, api } = await atThePolicy();
  const { keyboard } = page;
  await preset(page, 'Strict').focus();
  // Custom is the last of the seven.
  for (let press = 0; press < 7 && !(await preset(page, 'Custom').isChecked()); press += 1)
    await keyboard.press('ArrowDown');
  expect(await preset(page, 'Custom').isChecked()).toBe(true);
  await keyboard.press('Tab');
  await keyboard.press('ControlOrMeta+a');
  await keyboard.type('2');
  await keyboard.press('Tab');
  await keyboard.type('hours');
  await keyboard.press('Tab');
  await keyboard.press('ControlOrMeta+a');
  await keyboard.type('10');
  await keyboard.press('Tab');
  await keyboard.type('hours');
  // Rules and the sessions at once are a button each while they are not used.
  await keyboard.press('Tab');
  await focused(button(page, 'Add a rule'));
  await keyboard.press('Tab');
  await focused(button(page, 'Set a limit'));
  await keyboard.press('Tab');
  await focused(nextSignIn(page));
  await keyboard.press('Tab');
  await focused(button(page, 'Save'));
  await keyboard.press('Enter');
  await statusShows(page, 'Saved.');
  expect(await readPolicy(api)).toMatchObject({ idleMinutes: 120, absoluteMinutes: 600, preset: 'CUSTOM' });
  // The focus has not moved.
  await focused(button(page, 'Save'));
});

test('errors are shown at their field, and nothing is sent', async () => {
  const { page } = await atThePolicy();
  await preset(page, 'Custom').check();
  await unitOf(page, 'idle').selectOption('minutes');
  await idle(page).fill('9');
  expect(await card(page).getByText('The idle limit must be').isVisible()).toBe(false);
  await absolute(page).fill('91');
  await shown(page, 'The idle limit must be between 10 minutes and 30 days.');
  await button(page, 'Save').click();
  await shown(page, 'The absolute limit must be between 30 minutes and 90 days.');
  await focused(idle(page));
  expect(await idle(page).getAttribute('aria-invalid')).toBe('true');
  const sent: string[] = [];
  page.on('request', (request) => {
    if (/Policy(Impact|Save)/.test(request.postData() ?? '')) sent.push(request.postData()!);
  });

  await idle(page).fill('');
  await shown(page, 'Enter an idle limit between 10 minutes and 30 days.');
  await idle(page).fill('12.5');
  await shown(page, 'Enter a whole number, or choose a smaller unit.');
  await absolute(page).fill('60');
  await unitOf(page, 'absolute').selectOption('minutes');
  await idle(page).fill('61');
  await shown(page, 'The idle limit can’t be longer than the absolute limit of 1 hour.');
  await expectNoAxeFindings(page);
  await button(page, 'Save').click();
  expect(sent).toEqual([]);

  await idle(page).fill('60');
  await button(page, 'Save').click();
  await statusShows(page, 'Saved.');
  await shown(page, /signed out 1 hour after sign-in, with or without activity/);
});

test('a preset outside the bounds is disabled, with the reason', async () => {
  const tight = await stories.startAnother({
    env: { SESSION_IDLE_MINUTES_MIN: '20', SESSION_ABSOLUTE_MINUTES_MAX: '20160' },
  });
  const { page } = await atThePolicy({}, tight);
  expect(await preset(page, 'Standard').isDisabled()).toBe(true);
  expect(await preset(page, 'NIST SP 800-63B AAL2').isEnabled()).toBe(true);
  await shown(page, 'Not available: this server allows absolute limits of at most 14 days.');
  for (const name of ['NIST SP 800-63B AAL3', 'PCI DSS']) {
    const choice = preset(page, name);
    expect(await choice.isDisabled()).toBe(true);
    const description = card(page).locator(`[id="${await choice.getAttribute('aria-describedby')}"]`);
    expect(await description.textContent()).toContain('this server allows idle limits of at least 20');
  }
  await expectNoAxeFindings(page);
});

/** Four sessions: two that are an hour old, including the viewer's, and two new ones. */
async function atThePolicyAnHourLater(): Promise<Story & { fresh: SignedIn }> {
  const account = await stories.app.seed.account();
  const { page } = await stories.newPage();
  const member = await account.addUser();
  const colleague = await account.addUser('OWNER');
  await member.login();
  await signIn(page, stories.app.url, { email: account.owner.email, password: PASSWORD }, SECURITY);
  await preset(page, 'Strict').waitFor();
  stories.app.clock.advance(HOUR);
  const fresh = await member.login();
  return { account, page, api: await colleague.login(), fresh };
}

const LIVES = '{ currentSession { id } }';

test('the impact of applying now is shown before saving and has to be confirmed', async () => {
  const { page, api, fresh } = await atThePolicyAnHourLater();
  await custom(page, '45', '45');
  await statusShows(page, 'No one is signed out. The 4 current sessions, yours included, keep their limits.');
  await statusShows(page, 'Applied now, 2 of them would end, yours included.');
  await everyone(page).check();
  await statusShows(page, '2 of 4 sessions end now, yours included. The other 2 get the shorter limits.');
  await statusShows(page, 'Of these, 2 end within an hour unless used.');

  await button(page, 'Save').click();
  const dialog = page.getByRole('alertdialog', { name: 'Save and end 2 sessions now?' });
  await dialog.waitFor();
  await dialog.getByText('2 of 4 sessions, yours included, end as soon as you save.').waitFor();
  await expectNoAxeFindings(page);
  await page.keyboard.press('Escape');
  await dialog.waitFor({ state: 'detached' });
  await focused(button(page, 'Save'));
  expect((await readPolicy(api)).version).toBe(0);

  await button(page, 'Save').click();
  await page.getByRole('button', { name: 'Save and sign me out' }).click();
  await page.waitForURL(`${stories.app.url}/login?**`);
  expect(await readPolicy(api)).toMatchObject({ idleMinutes: 45, absoluteMinutes: 45, version: 1 });
  expect((await fresh.gql(LIVES)).errors).toBeUndefined();
  // It was saved, so no draft is left for the next sign-in.
  expect(
    await page.evaluate(() => Object.keys(sessionStorage).filter((key) => key.includes('draft'))),
  ).toEqual([]);
});

test('from the next sign-in on, current sessions keep their limits', async () => {
  const { page, fresh } = await atThePolicyAnHourLater();
  await custom(page, '45', '45');
  await button(page, 'Save').click();
  await statusShows(page, 'Saved. The new limits apply from the next sign-in.');
  expect((await fresh.gql('{ currentSession { absoluteMinutes } }')).data.currentSession).toEqual({
    absoluteMinutes: 20_160,
  });
  expect(new URL(page.url()).pathname).toBe(SECURITY);

  // Applying the saved limits to current sessions is a further change.
  await everyone(page).check();
  await statusShows(page, '2 of 4 sessions end now, yours included.');
  await button(page, 'Save').click();
  await page.getByRole('alertdialog').waitFor();
});

test('limits that end no session are applied without a confirmation', async () => {
  const { page, api } = await atThePolicy();
  await preset(page, 'NIST SP 800-63B AAL2').check();
  await everyone(page).check();
  await statusShows(page, 'No session ends now. All 2, yours included, get the shorter limits.');
  await button(page, 'Save').click();
  await statusShows(page, 'Saved and applied: 0 sessions ended, 2 shortened.');
  expect((await api.gql('{ currentSession { idleMinutes } }')).data.currentSession).toEqual({
    idleMinutes: 60,
  });
});

test('when another owner saved first, the user chooses, and the draft is kept', async () => {
  const { page, account, api } = await atThePolicy();
  const colleague = await account.addUser('OWNER');
  const theirs = await colleague.login();
  await custom(page, '50', '100');
  await savePolicy(theirs, { idleMinutes: 15, absoluteMinutes: 720 });
  await button(page, 'Save').click();
  const conflict = card(page).getByRole('alert').filter({ hasText: 'saved a policy while you were editing' });
  await conflict.getByText('signed out after 15 minutes without activity').waitFor();
  await shown(page, 'Now: NIST SP 800-63B AAL3, signed out after 15 minutes');
  await expectNoAxeFindings(page);
  expect(await idle(page).inputValue()).toBe('50');

  // Saving again does not overwrite; it focuses the choice.
  await button(page, 'Save').click();
  expect(await readPolicy(api)).toMatchObject({ version: 1, idleMinutes: 15 });
  await button(page, 'Keep mine and review').click();
  await conflict.waitFor({ state: 'detached' });
  await focused(preset(page, 'Custom'));
  expect(await idle(page).inputValue()).toBe('50');
  await button(page, 'Save').click();
  await statusShows(page, 'Saved.');
  expect(await readPolicy(api)).toMatchObject({ version: 2, idleMinutes: 50, absoluteMinutes: 100 });

  await preset(page, 'Standard').check();
  await savePolicy(theirs, { idleMinutes: 30, absoluteMinutes: 720 });
  await button(page, 'Save').click();
  await button(page, 'Use theirs').click();
  expect(await preset(page, 'FedRAMP Moderate').isChecked()).toBe(true);
  await focused(preset(page, 'FedRAMP Moderate'));
  expect(await unsaved(page).isVisible()).toBe(false);
  expect((await readPolicy(api)).version).toBe(3);
});

test('a draft survives a reload and the session until it is discarded', async () => {
  const { page, account } = await atThePolicy();
  await custom(page, '25', '50');
  await unsaved(page).waitFor();
  await page.reload();
  await shown(page, 'You have unsaved changes from before.');
  expect(await idle(page).inputValue()).toBe('25');

  const colleague = await (await account.addUser('OWNER')).login();
  await colleague.gql('mutation ($id: ID!) { revokeUserSessions(userId: $id) { revokedCount } }', {
    id: account.owner.id,
  });
  await page.waitForURL(`${stories.app.url}/login?**`);
  await page.getByLabel('Password').fill(PASSWORD);
  await page.getByRole('button', { name: 'Sign in' }).click();
  await shown(page, 'You have unsaved changes from before.');
  expect(await preset(page, 'Custom').isChecked()).toBe(true);
  expect(await idle(page).inputValue()).toBe('25');

  await button(page, 'Discard').click();
  expect(await preset(page, 'Strict').isChecked()).toBe(true);
  await focused(preset(page, 'Strict'));
  await page.reload();
  await preset(page, 'Strict').waitFor();
  expect(await unsaved(page).isVisible()).toBe(false);
});

test('after a lost connection the draft can still be saved', async () => {
  const { page, api } = await atThePolicy();
  await preset(page, 'NIST SP 800-63B AAL2').check();
  await statusShows(page, 'No one is signed out');
  const restore = await stories.lose(page);
  await button(page, 'Save').click();
  await card(page).getByRole('alert').filter({ hasText: 'Couldn’t reach Curfew' }).waitFor();
  await preset(page, 'NIST SP 800-63B AAL3').check();
  await statusShows(page, 'could not be calculated');
  await restore();
  await button(page, 'Try again').click();
  await statusShows(page, 'No one is signed out');
  await button(page, 'Save').click();
  await statusShows(page, 'Saved.');
  expect(await readPolicy(api)).toMatchObject({ preset: 'NIST_AAL3', version: 1 });
});

test('an error that only the server finds is shown at the field', async () => {
  const { page } = await atThePolicy();
  // Simulates a server restart with tighter bounds that this page does not know.
  await page.route('**/graphql', async (route) => {
    if (!route.request().postData()?.includes('updateSessionPolicy')) return route.fallback();
    const extensions = {
      code: 'BAD_USER_INPUT',
      field: 'absoluteMinutes',
      reason: 'OUT_OF_BOUNDS',
      min: 30,
      max: 720,
    };
    await route.fulfill({
      json: {
        errors: [{ message: 'absoluteMinutes must be between 30 and 720 minutes.', extensions }],
        data: null,
      },
    });
  });
  await custom(page, '60', '1440');
  await button(page, 'Save').click();
  await shown(page, 'The absolute limit must be between 30 minutes and 12 hours.');
  expect(await absolute(page).getAttribute('aria-invalid')).toBe('true');
  await absolute(page).fill('600');
  expect(await absolute(page).getAttribute('aria-invalid')).toBe(null);
});

test('a policy saved by another owner is shown on return to the page', async () => {
  const { page, account } = await atThePolicy();
  const colleague = await account.addUser('OWNER');
  await savePolicy(await colleague.login(), { idleMinutes: 15, absoluteMinutes: 720 });
  await page.evaluate("window.dispatchEvent(new Event('focus'))");
  await shown(page, 'Now: NIST SP 800-63B AAL3, signed out after 15 minutes');
  await shown(page, /^Last changed by owner-\w+, just now\.$/);
});

test('a policy saved in one tab is shown in the other', async () => {
  const { page } = await atThePolicy();
  const other = await page.context().newPage();
  await other.goto(stories.app.url + SECURITY);
  await preset(other, 'Strict').waitFor();
  await preset(page, 'NIST SP 800-63B AAL2').check();
  await button(page, 'Save').click();
  await shown(other, 'Now: NIST SP 800-63B AAL2, signed out after 1 hour');
  expect(await preset(other, 'NIST SP 800-63B AAL2').isChecked()).toBe(true);
});

test.each([{ colorScheme: 'light' }, { colorScheme: 'dark' }] as const)(
  'on a narrow screen nothing is cut off, and there are no axe findings: %j',
  async (scheme) => {
    const { page } = await atThePolicy({ ...scheme, viewport: { width: 320, height: 700 } });
    await custom(page, '45', '2000');
    await statusShows(page, 'No one is signed out');
    const overhang = () =>
      page.evaluate('document.documentElement.scrollWidth - document.documentElement.clientWidth');
    expect(await overhang()).toBe(0);
    await expectNoAxeFindings(page);
    await button(page, 'Save').click();
    await statusShows(page, 'Saved.');
    expect(await overhang()).toBe(0);
    await expectNoAxeFindings(page);
  },
);
