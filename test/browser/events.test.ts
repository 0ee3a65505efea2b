import type { Locator, Page } from 'playwright-core';
import { isSignedWith, startReceiver, type Receiver } from '../event-streams/receiver.ts';
import { createStream, DELETE_STREAM, PRIVATE } from '../event-streams/stream-calls.ts';
import type { SeededAccount } from '../seed.ts';
import { waitUntil } from '../wait-until.ts';
import { expectNoAxeFindings } from './axe.ts';
import { overflowOf } from './confirming.ts';
import { focused, LOST_REQUEST, openStories } from './stories.ts';

// The clock moves only where a test says so: no delivery is tried again but by an owner.
const stories = openStories({ env: PRIVATE });
/** After this time the server looks for what is due. */
const LOOK_MS = 1_000;

let receiver: Receiver;
beforeEach(async () => {
  receiver = await startReceiver();
});
afterEach(() => receiver.close());

const PATH = '/account/events';
const NARROW = { viewport: { width: 320, height: 640 } };

const streams = (page: Page) => page.getByRole('list', { name: 'Event streams' }).locator('> li');
const deliveries = (page: Page) => page.getByRole('list', { name: 'Deliveries' }).locator('> li');
const menuOf = (page: Page, name: string) => page.getByRole('button', { name: `Actions for ${name}` });

async function choose(page: Page, name: string, action: string): Promise<void> {
  await menuOf(page, name).click();
  await page.getByRole('menuitem', { name: action }).click();
}

/** Answers the question of an action, which is named like its button. */
async function answer(page: Page, title: string, button: string): Promise<void> {
  const question = page.getByRole('alertdialog', { name: title });
  await question.getByRole('button', { name: button, exact: true }).click();
  await question.waitFor({ state: 'hidden' });
}

const secretIn = (dialog: Locator) => dialog.getByRole('group', { name: 'Secret' }).locator('code');

/** An owner at the page, with a webhook named Shop, which nothing reaches but test events. */
async function openWithStream(
  account: SeededAccount,
  options?: object,
  path = PATH,
): Promise<{ page: Page; streamId: string }> {
  const { stream } = await createStream(await account.owner.login(), {
    url: receiver.url,
    description: 'Shop',
    eventTypes: ['session.ended'],
  });
  const { page } = await stories.openAs(account.owner, path.replace('ID', stream.id), options);
  return { page, streamId: stream.id };
}

test('an owner creates a webhook, sees its secret once, and a test event arrives', async () => {
  const account = await stories.app.seed.account();
  const { page } = await stories.openAs(account.owner, PATH);
  await page.getByText('No events are sent anywhere.').waitFor();
  await page.getByRole('button', { name: 'Create event stream' }).click();
  const dialog = page.getByRole('dialog');
  const send = dialog.getByRole('button', { name: 'Create event stream' });
  await send.click();
  await dialog.getByText('Enter the receiver’s address.').waitFor();
  await focused(dialog.getByLabel('Address'));
  await dialog.getByLabel('Address').fill('hooks.example.com');
  await dialog.getByLabel('Only these').check();
  await send.click();
  await dialog.getByText(/^Enter a whole address, such as/).waitFor();
  await dialog.getByLabel('Address').fill(receiver.url);
  await send.click();
  await dialog.getByText('Choose at least one event.').waitFor();
  await expectNoAxeFindings(page);
  await dialog.getByRole('checkbox', { name: 'session.ended' }).check();
  await dialog.getByLabel('Description').fill('Shop');
  await send.click();

  const secret = await secretIn(dialog).innerText();
  expect(secret).toMatch(/^whsec_[\w+/]+=*$/);
  await expectNoAxeFindings(page);
  await page.keyboard.press('Escape');
  await dialog.getByRole('button', { name: 'I have copied the secret' }).click();
  await dialog.waitFor({ state: 'hidden' });
  expect(await page.content()).not.toContain(secret);
  expect(await page.evaluate('JSON.stringify(sessionStorage)')).not.toContain('of-the-receiver');

  const row = streams(page).filter({ hasText: 'Shop' });
  await row.getByText(new URL(receiver.url).origin, { exact: true }).waitFor();
  await row.getByText('Nothing delivered yet').waitFor();
  await row.getByRole('button', { name: 'Send test event to Shop' }).click();
  await row.getByText('The test event has arrived.').waitFor();
  await row.getByText('Last delivered').waitFor();
  expect(isSignedWith(secret, receiver.received[0]!)).toBe(true);
  await expectNoAxeFindings(page);
});

test('a failing receiver is said in words, and its events are sent again', async () => {
  receiver.answer(500);
  const { page } = await openWithStream(await stories.app.seed.account());
  await page.getByRole('button', { name: 'Send test event to Shop' }).click();
  await page.getByText(/^Not delivered so far. The receiver answered 500. Curfew tries again at/).waitFor();
  await streams(page).getByText('Failing').waitFor();
  await expectNoAxeFindings(page);

  await page.getByRole('link', { name: 'Deliveries of Shop' }).click();
  await page.getByRole('heading', { level: 1, name: 'Deliveries' }).waitFor();
  const row = deliveries(page).first();
  await row.getByText('The receiver answered 500.').waitFor();
  await row.getByText('Next attempt at').waitFor();
  await expectNoAxeFindings(page);
  receiver.answer(410);
  await row.getByRole('button', { name: 'Try now test' }).click();
  await row.getByText('Given up').waitFor();
  await page.getByText('Reason: The receiver answered 410: it wants no more events, ever.').waitFor();

  await page.getByRole('link', { name: 'All event streams' }).click();
  await choose(page, 'Shop', 'Enable');
  await answer(page, 'Enable Shop?', 'Enable');
  await focused(menuOf(page, 'Shop'));
  await page.goBack();
  await page.getByLabel('Status').selectOption('Given up');
  expect(new URL(page.url()).searchParams.get('status')).toBe('dead');
  receiver.answer(204);
  await page.getByRole('button', { name: 'Send the failed one again' }).click();
  await page.getByText('No deliveries have this status.').waitFor();
  await page.getByLabel('Status').selectOption('Delivered');
  const attempts = receiver.received.length;
  await row.getByRole('button', { name: 'Send again test' }).click();
  await waitUntil(() => receiver.received.length > attempts);
  expect(new Set(receiver.received.map(({ id }) => id)).size).toBe(1);
});

test('two quick clicks on Show more show each delivery once', async () => {
  const account = await stories.app.seed.account();
  const { stream } = await createStream(await account.owner.login(), { kind: 'SSF_POLL' });
  for (let each = 0; each < 30; each += 1) {
    const { gql } = await account.owner.login();
    await gql('mutation { logout { ended } }');
  }
  const { page } = await stories.openAs(account.owner, `${PATH}?stream=${stream.id}`);
  await page.getByText('61 deliveries').waitFor();
  await page.getByRole('button', { name: 'Show more' }).dblclick();
  await deliveries(page).nth(60).waitFor();
  expect(await deliveries(page).count()).toBe(61);
  // Where the receiver fetches, no one can try now.
  expect(await page.getByRole('button', { name: /^Try now/ }).count()).toBe(0);
});

test('after a lost answer an owner is told to look at the list, where the stream is', async () => {
  const account = await stories.app.seed.account();
  const { page } = await stories.openAs(account.owner, PATH);
  stories.mayLog(LOST_REQUEST);
  await page.route('**/assets/stream-form-dialog-*.js', (route) => route.abort());
  const create = page.getByRole('button', { name: 'Create event stream' });
  await create.click();
  await page.getByText('Couldn’t reach Curfew. Reload the page and try again.').waitFor();
  await page.unroute('**/assets/stream-form-dialog-*.js');
  await page.reload();
  await create.click();
  const dialog = page.getByRole('dialog');
  await dialog.getByLabel('Address').fill(receiver.url);
  await page.route('**/graphql', async (route) => {
    if (!route.request().postData()?.includes('"operationName":"CreateEventStream"')) return route.fallback();
    await route.fetch();
    return route.abort();
  });
  await dialog.getByRole('button', { name: 'Create event stream' }).click();
  await dialog.getByText('the stream may have been created unseen').waitFor();
  await dialog.getByRole('button', { name: 'Cancel' }).click();
  await streams(page).getByText(new URL(receiver.url).origin).first().waitFor({ timeout: 10_000 });
  expect(await streams(page).count()).toBe(1);
});

test('a stream that another tab has deleted leaves the list when its form is closed', async () => {
  const account = await stories.app.seed.account();
  const { page, streamId } = await openWithStream(account);
  await choose(page, 'Shop', 'Edit');
  await (await account.owner.login()).gql(DELETE_STREAM, { streamId });
  const form = page.getByRole('dialog', { name: 'Edit Shop' });
  await form.getByRole('button', { name: 'Save' }).click();
  await form.getByText('Event stream not found.').waitFor();
  await form.getByRole('button', { name: 'Cancel' }).click();
  await page.getByText('No events are sent anywhere.').waitFor({ timeout: 10_000 });
});

test('a stream is edited, paused, resumed, gets a new secret and is deleted', async () => {
  const { page } = await openWithStream(await stories.app.seed.account());
  await choose(page, 'Shop', 'Edit');
  const form = page.getByRole('dialog', { name: 'Edit Shop' });
  await form.getByLabel('Description').fill('Portal');
  await form.getByRole('button', { name: 'Save' }).click();
  await form.waitFor({ state: 'hidden' });
  await focused(menuOf(page, 'Portal'));

  await choose(page, 'Portal', 'Pause');
  await answer(page, 'Pause Portal?', 'Pause');
  await streams(page).getByText('Paused', { exact: true }).waitFor();
  await page.getByRole('button', { name: 'Send test event to Portal' }).click();
  await page.getByText('The stream is paused. The test event is sent when you resume it.').waitFor();
  await choose(page, 'Portal', 'Resume');
  await answer(page, 'Resume Portal?', 'Resume');
  stories.app.clock.advance(LOOK_MS);
  await page.getByText('The test event has arrived.').waitFor();

  await choose(page, 'Portal', 'Rotate secret');
  const dialog = page.getByRole('dialog');
  await dialog.getByText('The old one signs beside it for 24 hours').waitFor();
  await dialog.getByRole('button', { name: 'Rotate secret' }).click();
  const secret = await secretIn(dialog).innerText();
  await expectNoAxeFindings(page);
  await dialog.getByRole('button', { name: 'I have copied the secret' }).click();
  await dialog.waitFor({ state: 'hidden' });
  await page.getByRole('button', { name: 'Send test event to Portal' }).click();
  await waitUntil(() => receiver.received.length === 2);
  expect(isSignedWith(secret, receiver.received[1]!)).toBe(true);

  await choose(page, 'Portal', 'Delete');
  await answer(page, 'Delete Portal?', 'Delete');
  await page.getByText('No events are sent anywhere.').waitFor();
  await focused(page.getByRole('button', { name: 'Create event stream' }));
});

test('all of it fits at 320 pixels', async () => {
  receiver.answer(503);
  const { page } = await openWithStream(await stories.app.seed.account(), NARROW);
  await page.getByRole('button', { name: 'Send test event to Shop' }).click();
  await page.getByText('Not delivered so far.').waitFor();
  expect(await overflowOf(page)).toBe(0);
  await expectNoAxeFindings(page);
  await page.getByRole('button', { name: 'Create event stream' }).click();
  await page.getByRole('dialog').getByLabel('Shared signals, pushed').check();
  await page.getByRole('dialog').getByLabel('Only these').check();
  expect(await overflowOf(page)).toBe(0);
  await expectNoAxeFindings(page);
  await page.keyboard.press('Escape');
  await page.getByRole('link', { name: 'Deliveries of Shop' }).click();
  await deliveries(page).first().waitFor();
  expect(await overflowOf(page)).toBe(0);
});

test('a member has no such page', async () => {
  const account = await stories.app.seed.account();
  const { page } = await stories.openAs(await account.addUser(), PATH);
  await page.getByRole('heading', { level: 1, name: 'Owners only' }).waitFor();
});

const SOURCE = { issuer: 'https://idp.example.com', audience: 'https://curfew.example.com' };

test('an owner accepts a source, copies its addresses and deletes it', async () => {
  const account = await stories.app.seed.account();
  const { page } = await stories.openAs(account.owner, PATH, NARROW);
  await page.getByText('No one else may end sessions here.').waitFor();
  await page.getByRole('button', { name: 'Create event source' }).click();
  const dialog = page.getByRole('dialog');
  const send = dialog.getByRole('button', { name: 'Create event source' });
  await dialog.getByLabel('Issuer').fill('idp.example.com');
  await send.click();
  await dialog.getByText(/^Enter the issuer as its tokens name it/).waitFor();
  await expectNoAxeFindings(page);
  await dialog.getByLabel('Issuer').fill(SOURCE.issuer);
  await dialog.getByLabel('Audience').fill(SOURCE.audience);
  await send.click();
  await dialog.waitFor({ state: 'hidden' });

  const row = page.getByRole('list', { name: 'Event sources' }).locator('> li');
  await row.getByRole('strong').getByText(SOURCE.issuer).waitFor();
  await row.getByText('Nothing received yet').waitFor();
  const [address] = await row.getByText(/\/ssf\/events\/[\w-]+$/).allInnerTexts();
  await row.getByText(/\/oauth\/global-token-revocation$/).waitFor();
  expect(await overflowOf(page)).toBe(0);
  // As from a transmitter that was given another audience, and from anyone else.
  const part = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');
  await fetch(address!, {
    method: 'POST',
    headers: { 'content-type': 'application/secevent+jwt' },
    body: `${part({ alg: 'RS256', typ: 'secevent+jwt' })}.${part({ iss: SOURCE.issuer, aud: 'another' })}.AAAA`,
  });
  await page.reload();
  await row
    .getByText('A token that anyone may have sent was refused. The audience is not the one of this source.')
    .waitFor();
  await expectNoAxeFindings(page);
  await row.getByRole('button', { name: `Delete ${SOURCE.issuer}` }).click();
  await answer(page, `Delete ${SOURCE.issuer}?`, 'Delete');
  await page.getByText('No one else may end sessions here.').waitFor();
});
