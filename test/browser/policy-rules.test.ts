import type { BrowserContextOptions, Page } from 'playwright-core';
import { readRules, rule, saveRules } from '../policy/rules-calls.ts';
import { PASSWORD, type SeededAccount, type SignedIn } from '../seed.ts';
import { expectNoAxeFindings } from './axe.ts';
import { arrowTo, MAX_TABS } from './keyboard.ts';
import { button, card, everyone, preset, SECURITY, shown, statusShows, unsaved } from './policy-page.ts';
import { signIn } from './signing-in.ts';
import { focused, openStories } from './stories.ts';

const MINUTE = 60_000;

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

async function atThePolicy(
  options?: BrowserContextOptions,
  prepare?: (story: Omit<Story, 'page'>) => Promise<unknown>,
): Promise<Story> {
  const account = await stories.app.seed.account();
  const api = await account.owner.login();
  await prepare?.({ account, api });
  const { page } = await stories.newPage(options);
  await signInTo(page, account);
  return { account, page, api };
}

async function signInTo(page: Page, { owner }: SeededAccount) {
  await signIn(page, stories.app.url, { email: owner.email, password: PASSWORD }, SECURITY);
  await card(page).waitFor();
  await page.getByRole('radio').first().waitFor();
}

const ruleOf = (page: Page, number: number) =>
  card(page).getByRole('group', { name: new RegExp(`^Rule ${number}:`) });
const field = (page: Page, number: number, name: string) =>
  ruleOf(page, number).getByLabel(name, { exact: true });

interface RuleInput {
  who?: string;
  where?: string;
  idle?: string;
  absolute?: string;
}

/** Limits in minutes. */
async function fillRule(page: Page, number: number, { who, where, idle, absolute }: RuleInput) {
  if (who !== undefined) await field(page, number, 'Who').selectOption(who);
  if (where !== undefined) await field(page, number, 'Where').selectOption(where);
  if (idle !== undefined) {
    await field(page, number, 'Unit of the idle limit').selectOption('minutes');
    await field(page, number, 'Idle limit').fill(idle);
  }
  if (absolute === undefined) return;
  await field(page, number, 'Unit of the absolute limit').selectOption('minutes');
  await field(page, number, 'Absolute limit').fill(absolute);
}

const add = (page: Page) => button(page, 'Add a rule').click();
/** The limits that a kind of session gets, as the page says it. */
const limitsOf = (page: Page, kind: string) =>
  card(page)
    .locator('dl > div')
    .filter({ has: page.getByText(kind) })
    .getByRole('definition');
const byRule = (page: Page) => page.getByTestId('impact-by-rule').getByRole('listitem');
const maximum = (page: Page) => card(page).getByLabel('Sessions per person');

const limits = ({ payload: { session } }: SignedIn) => [session.idleMinutes, session.absoluteMinutes];

test('an owner adds a rule, sees what it does by rule, and new sessions get its limits', async () => {
  const { account, page, api } = await atThePolicy();
  const member = await account.addUser();
  await member.login();
  stories.app.clock.advance(20 * MINUTE);
  await member.login();
  await shown(page, 'None. A rule sets different limits for some sessions');
  await add(page);
  await focused(field(page, 1, 'Who'));
  await fillRule(page, 1, { who: 'MEMBER', where: '', idle: '15', absolute: '480' });
  await shown(
    page,
    'Members everywhere: signed out after 15 minutes without activity, and after 8 hours at most.',
  );
  expect(await limitsOf(page, 'Members in applications').textContent()).toBe(
    '15 minutes without activity, 8 hours at most Rule 1',
  );
  expect(await limitsOf(page, 'Owners in the control panel (you, here)').textContent()).toBe(
    '3 days without activity, 14 days at most No rule',
  );
  await everyone(page).check();
  await statusShows(page, '1 of 4 sessions ends now.');
  expect(await byRule(page).allTextContents()).toEqual([
    'Members everywhere: 1 session ends now, 1 ends sooner.',
    'Sessions that no rule fits: 2 keep their limits.',
  ]);
  await expectNoAxeFindings(page);

  await button(page, 'Save').click();
  const dialog = page.getByRole('alertdialog', { name: 'Save and end 1 session now?' });
  await dialog.getByText('Members everywhere: 1 session ends now, 1 ends sooner.').waitFor();
  await dialog.getByRole('button', { name: 'Save and end them' }).click();
  await statusShows(page, 'Saved and applied: 1 session ended, 1 shortened.');
  const now = card(page)
    .getByRole('listitem')
    .filter({ hasText: /^Members everywhere: signed out/ });
  expect(await now.count()).toBe(1);
  expect(await readRules(api)).toMatchObject({
    idleMinutes: null,
    rules: [rule('MEMBER', null, 15, 480)],
    maxSessionsPerUser: null,
  });
  expect(limits(await member.login())).toEqual([15, 480]);
  expect(limits(await account.owner.login())).toEqual([4320, 20_160]);
  await page.reload();
  await ruleOf(page, 1).waitFor();
  expect(await field(page, 1, 'Idle limit').inputValue()).toBe('15');
  expect(await unsaved(page).isVisible()).toBe(false);
});

test('a rule that ends the own session asks before, and signs out', async () => {
  const { page } = await atThePolicy();
  stories.app.clock.advance(20 * MINUTE);
  await add(page);
  await fillRule(page, 1, { who: 'OWNER', where: 'CONTROL_PANEL', idle: '10', absolute: '30' });
  await everyone(page).check();
  await statusShows(page, 'yours included');
  await button(page, 'Save').click();
  await page.getByRole('button', { name: 'Save and sign me out' }).click();
  await page.waitForURL(`${stories.app.url}/login?**`);
  await page.getByText('shorter limits now apply to your sessions').waitFor();
});

test('of several rules the most specific counts, and one without effect is named', async () => {
  const { page } = await atThePolicy();
  for (let count = 0; count < 3; count += 1) await add(page);
  await fillRule(page, 1, { who: '', where: 'CONTROL_PANEL', idle: '45', absolute: '90' });
  await fillRule(page, 2, { who: 'OWNER', where: '', idle: '30', absolute: '60' });
  await fillRule(page, 3, { who: 'OWNER', where: 'CONTROL_PANEL', idle: '15', absolute: '30' });
  const ends = async (kind: string) => (await limitsOf(page, kind).textContent())!.slice(-6);
  expect(await ends('Owners in the control panel')).toBe('Rule 3');
  expect(await ends('Owners in applications')).toBe('Rule 2');
  expect(await ends('Members in the control panel')).toBe('Rule 1');
  expect(await limitsOf(page, 'Members in applications').textContent()).toContain('No rule');
  expect(await card(page).getByText('It has no effect').count()).toBe(0);
  await add(page);
  await fillRule(page, 4, { who: 'MEMBER', where: 'CONTROL_PANEL' });
  await ruleOf(page, 1).getByText('It has no effect').waitFor();

  // The focus goes to the rule that takes the place of the one that was removed, and in the end to the button.
  await ruleOf(page, 1)
    .getByRole('button', { name: /^Remove rule 1/ })
    .click();
  await focused(field(page, 1, 'Who'));
  expect(await field(page, 1, 'Idle limit').inputValue()).toBe('30');
  for (let count = 0; count < 3; count += 1)
    await card(page)
      .getByRole('button', { name: /^Remove rule 1/ })
      .click();
  await focused(button(page, 'Add a rule'));
  await shown(page, 'None. A rule sets');
  expect(await unsaved(page).isVisible()).toBe(false);
});

test('contradictions and bad values are shown at their field, and nothing is sent', async () => {
  const { page } = await atThePolicy();
  const sent: string[] = [];
  page.on('request', (request) => {
    if (/PolicySave/.test(request.postData() ?? '')) sent.push(request.postData()!);
  });
  await add(page);
  await add(page);
  await fillRule(page, 2, { who: 'OWNER', where: 'CONTROL_PANEL' });
  const who = field(page, 2, 'Who');
  await ruleOf(page, 2).getByText('There is a rule for this already: Owners in the control panel.').waitFor();
  expect(await who.getAttribute('aria-invalid')).toBe('true');
  expect(await field(page, 1, 'Who').getAttribute('aria-invalid')).toBe(null);
  await fillRule(page, 2, { who: '', where: '' });
  await ruleOf(page, 2).getByText('Choose who, or where, this rule is for.').waitFor();
  await expectNoAxeFindings(page);
  await button(page, 'Save').click();
  await focused(who);

  await fillRule(page, 2, { where: 'TENANT_APP', idle: '99999999999999999999999' });
  // Not while it is typed.
  expect(await ruleOf(page, 2).getByText('The idle limit must be').isVisible()).toBe(false);
  await page.keyboard.press('Tab');
  await ruleOf(page, 2).getByText('The idle limit must be between 10 minutes and 30 days.').waitFor();
  await fillRule(page, 2, { idle: '61', absolute: '60' });
  // The press takes the focus from the field; the error that follows does not move what is clicked.
  await everyone(page).check();
  await ruleOf(page, 2).getByText('can’t be longer than the absolute limit of 1 hour').waitFor();
  await button(page, 'Save').click();
  await focused(field(page, 2, 'Idle limit'));
  expect(sent).toEqual([]);
  await fillRule(page, 2, { idle: '60' });
  await statusShows(page, 'No session ends now.');
});

test('a rule that only the server refuses is marked', async () => {
  const { page } = await atThePolicy();
  // Simulates a server restart with tighter bounds that this page does not know.
  await page.route('**/graphql', async (route) => {
    if (!route.request().postData()?.includes('updateSessionPolicy')) return route.fallback();
    const extensions = {
      code: 'BAD_USER_INPUT',
      field: 'rules.1.absoluteMinutes',
      reason: 'OUT_OF_BOUNDS',
      min: 30,
      max: 720,
    };
    await route.fulfill({ json: { errors: [{ message: 'Refused.', extensions }], data: null } });
  });
  await add(page);
  await add(page);
  await button(page, 'Save').click();
  await ruleOf(page, 2).getByText('The absolute limit must be between 30 minutes and 12 hours.').waitFor();
  expect(await field(page, 1, 'Absolute limit').getAttribute('aria-invalid')).toBe(null);
});

test('the sessions at once have a limit and an answer to one more', async () => {
  const { account, page, api } = await atThePolicy();
  await shown(page, 'No limit. A person may be signed in on any number of devices.');
  await button(page, 'Set a limit').click();
  await focused(maximum(page));
  await maximum(page).fill('101');
  await page.keyboard.press('Tab');
  await shown(page, 'Enter a whole number from 1 to 100.');
  await button(page, 'Save').click();
  await focused(maximum(page));
  await maximum(page).fill('1');
  await card(page).getByRole('radio', { name: 'Sign out the session that was used least recently' }).check();
  await shown(page, 'A lower limit ends nothing by itself');
  await expectNoAxeFindings(page);
  await button(page, 'Save').click();
  await statusShows(page, 'Saved.');
  await shown(page, 'At most 1 session for each person: one more sign-in ends the one before.');
  expect(await readRules(api)).toMatchObject({ maxSessionsPerUser: 1, sessionLimitAction: 'END_OLDEST' });

  const member = await account.addUser();
  const first = await member.login();
  await member.login();
  expect((await first.gql('{ viewer { id } }')).extensions).toMatchObject({ endReason: 'SESSION_LIMIT' });

  await button(page, 'Remove the limit').click();
  await focused(button(page, 'Set a limit'));
  await button(page, 'Save').click();
  await statusShows(page, 'Saved.');
  expect(await readRules(api)).toMatchObject({ maxSessionsPerUser: null });
});

test('a save leaves alone what was not touched, also what another owner has changed since', async () => {
  const { page, account, api } = await atThePolicy();
  const theirs = await (await account.addUser('OWNER')).login();
  await preset(page, 'NIST SP 800-63B AAL2').check();
  await saveRules(theirs, { rules: [rule('OWNER', null, 30, 60)], maxSessionsPerUser: 3 });
  await button(page, 'Save').click();
  const conflict = card(page).getByRole('alert').filter({ hasText: 'saved a policy while you were editing' });
  await conflict.getByText('Owners everywhere: signed out after 30 minutes').waitFor();
  await conflict.getByText('At most 3 sessions for each person').waitFor();
  await expectNoAxeFindings(page);
  await button(page, 'Keep mine and review').click();
  await ruleOf(page, 1).waitFor();
  await button(page, 'Save').click();
  await statusShows(page, 'Saved.');
  expect(await readRules(api)).toMatchObject({
    preset: 'NIST_AAL2',
    rules: [rule('OWNER', null, 30, 60)],
    maxSessionsPerUser: 3,
  });

  // Edited rules are not lost to theirs, and theirs are only replaced on purpose.
  await fillRule(page, 1, { idle: '45' });
  await saveRules(theirs, { rules: null });
  await button(page, 'Save').click();
  await conflict.waitFor();
  expect(await field(page, 1, 'Idle limit').inputValue()).toBe('45');
  await button(page, 'Use theirs').click();
  await shown(page, 'None. A rule sets');
  expect(await unsaved(page).isVisible()).toBe(false);
});

test('a draft of rules survives a reload, the way back and the session; another tab sees what is saved', async () => {
  const { page, account } = await atThePolicy();
  await add(page);
  await fillRule(page, 1, { idle: '5' });
  await button(page, 'Set a limit').click();
  await maximum(page).fill('many');
  await page.reload();
  await shown(page, 'You have unsaved changes from before.');
  await ruleOf(page, 1).getByText('The idle limit must be between').waitFor();
  await shown(page, 'Enter a whole number from 1 to 100.');

  await page.getByRole('link', { name: 'People' }).first().click();
  await page.getByRole('heading', { level: 1, name: 'People' }).waitFor();
  await page.goBack();
  expect(await maximum(page).inputValue()).toBe('many');
  const colleague = await (await account.addUser('OWNER')).login();
  await colleague.gql('mutation ($id: ID!) { revokeUserSessions(userId: $id) { revokedCount } }', {
    id: account.owner.id,
  });
  await page.waitForURL(`${stories.app.url}/login?**`);
  await page.getByLabel('Password').fill(PASSWORD);
  await page.getByRole('button', { name: 'Sign in' }).click();
  await shown(page, 'You have unsaved changes from before.');
  expect(await field(page, 1, 'Idle limit').inputValue()).toBe('5');

  const other = await page.context().newPage();
  await other.goto(stories.app.url + SECURITY);
  await shown(other, 'None. A rule sets');
  await fillRule(page, 1, { idle: '15' });
  await maximum(page).fill('2');
  await button(page, 'Save').click();
  await statusShows(page, 'Saved.');
  await ruleOf(other, 1).waitFor();
  await shown(other, 'At most 2 sessions for each person');
});

test('rules and the limit are set by keyboard only', async () => {
  const { page, api } = await atThePolicy();
  const { keyboard } = page;
  const press = async (...keys: string[]) => {
    for (const key of keys) await keyboard.press(key);
  };
  await preset(page, 'Strict').focus();
  await press('Tab');
  await focused(button(page, 'Add a rule'));
  await press('Enter');
  await focused(field(page, 1, 'Who'));
  await keyboard.type('Members');
  await press('Tab');
  await keyboard.type('Everywhere');
  await press('Tab', 'ControlOrMeta+a');
  await keyboard.type('20');
  await press('Tab');
  await keyboard.type('minutes');
  await press('Tab', 'ControlOrMeta+a');
  await keyboard.type('8');
  await press('Tab');
  await keyboard.type('hours');
  await press('Tab');
  await focused(button(page, 'Add a rule'));
  // Back to the presets of the rule, which fill its limits.
  for (let tabs = 0; tabs < MAX_TABS; tabs += 1) {
    if (await page.evaluate<boolean>("document.activeElement.textContent === 'Use a preset'")) break;
    await press('Shift+Tab');
  }
  await press('Enter');
  await arrowTo(page.getByRole('menuitem', { name: /^Short, whole day/ }));
  await press('Enter');
  await page.getByRole('menuitem').first().waitFor({ state: 'detached' });
  await focused(ruleOf(page, 1).getByRole('button', { name: 'Use a preset' }));
  expect(await field(page, 1, 'Idle limit').inputValue()).toBe('15');
  expect(await field(page, 1, 'Absolute limit').inputValue()).toBe('1');
  while (!(await page.evaluate<boolean>("document.activeElement.textContent === 'Set a limit'")))
    await press('Tab');
  await press('Enter');
  await focused(maximum(page));
  await press('ControlOrMeta+a');
  await keyboard.type('4');
  await press('Tab', 'Tab', 'ArrowDown');
  await focused(card(page).getByRole('radio', { name: 'Sign out the session that was used least recently' }));
  await press('Enter');
  await statusShows(page, 'Saved.');
  expect(await readRules(api)).toMatchObject({
    rules: [rule('MEMBER', null, 15, 1440)],
    maxSessionsPerUser: 4,
    sessionLimitAction: 'END_OLDEST',
  });
});

test('a menu whose button is scrolled out of sight keeps the focus', async () => {
  const { page } = await atThePolicy({}, ({ api }) => saveRules(api, USED));
  await ruleOf(page, 1).getByRole('button', { name: 'Use a preset' }).press('Enter');
  const item = page.locator('[role=menuitem]:focus');
  await item.waitFor();
  await page.evaluate('scrollTo(0, 0)');
  await expect(item.and(page.getByRole('menuitem')).evaluate(nextFrames)).resolves.toBe('menuitem');
  await page.evaluate('scrollTo(0, document.documentElement.scrollHeight)');
  await expect(item.and(page.getByRole('menuitem')).evaluate(nextFrames)).resolves.toBe('menuitem');
});

/** Lets the browser lay out and draw the page, and returns the role of what has the focus then. */
const nextFrames = () =>
  new Promise<string | null>((done) =>
    requestAnimationFrame(() =>
      requestAnimationFrame(() => done(document.activeElement!.getAttribute('role'))),
    ),
  );

const USED = { rules: [rule('OWNER', 'CONTROL_PANEL', 30, 120), rule(null, 'TENANT_APP', 45, 480)] };

test.each([{ colorScheme: 'light' }, { colorScheme: 'dark' }] as const)(
  'on a narrow screen nothing is cut off, and there are no axe findings: %j',
  async (scheme) => {
    const { page } = await atThePolicy({ ...scheme, viewport: { width: 320, height: 700 } }, ({ api }) =>
      saveRules(api, { ...USED, maxSessionsPerUser: 3, sessionLimitAction: 'ASK' }),
    );
    const overhang = () =>
      page.evaluate('document.documentElement.scrollWidth - document.documentElement.clientWidth');
    await ruleOf(page, 2).waitFor();
    expect(await overhang()).toBe(0);
    await expectNoAxeFindings(page);
    await fillRule(page, 2, { who: 'OWNER', where: 'CONTROL_PANEL', idle: '9' });
    await maximum(page).fill('0');
    await button(page, 'Save').click();
    await ruleOf(page, 2).getByText('The idle limit must be').waitFor();
    expect(await overhang()).toBe(0);
    await expectNoAxeFindings(page);
  },
);

test('in German the rules, their errors and the limit are German', async () => {
  const account = await stories.app.seed.account();
  const api = await account.owner.login();
  await saveRules(api, { ...USED, maxSessionsPerUser: 3, sessionLimitAction: 'ASK' });
  const { page } = await stories.newPage({ locale: 'de-DE' });
  await page.goto(`${stories.app.url}/login?${new URLSearchParams({ next: SECURITY })}`);
  await page.getByLabel('E-Mail').fill(account.owner.email);
  await page.getByLabel('Passwort', { exact: true }).fill(PASSWORD);
  await page.getByRole('button', { name: 'Anmelden' }).click();
  await page.getByRole('group', { name: 'Regel 1: Inhaber in der Verwaltung' }).waitFor();
  await page.getByText('Höchstens 3 Sitzungen pro Person').waitFor();
  const second = page.getByRole('group', { name: /^Regel 2:/ });
  await second.getByLabel('Wer', { exact: true }).selectOption('OWNER');
  await second.getByLabel('Wo', { exact: true }).selectOption('CONTROL_PANEL');
  await second.getByText('Dafür gibt es schon eine Regel').waitFor();
  await expectNoAxeFindings(page);
});
