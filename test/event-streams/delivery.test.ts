import { setTimeout as pause } from 'node:timers/promises';
import { startApp, type TestApp } from '../harness.ts';
import type { SeededAccount, SignedIn } from '../seed.ts';
import { waitUntil } from '../wait-until.ts';
import { isSignedWith, startReceiver, type Receiver } from './receiver.ts';
import {
  advanceUntil,
  createStream,
  listDeliveries,
  PRIVATE,
  readStream,
  REDELIVER,
  REDELIVER_DEAD,
  ROTATE_SECRET,
  sendTest,
  updateStream,
} from './stream-calls.ts';

const HOUR = 3_600_000;

let app: TestApp;
let receiver: Receiver;
let account: SeededAccount;
let owner: SignedIn;
let secret: string;
let streamId: string;

beforeAll(async () => {
  app = await startApp({ env: PRIVATE });
});
beforeEach(async () => {
  receiver = await startReceiver();
  account = await app.seed.account();
  owner = await account.owner.login();
  const created = await createStream(owner, { url: receiver.url });
  secret = created.secret;
  streamId = created.stream.id;
});
afterEach(() => receiver.close());
afterAll(() => app.close());

const firstDelivery = async () => (await listDeliveries(owner, streamId)).at(-1);
const untilStatus = (status: string) =>
  advanceUntil(app, async () => (await firstDelivery())?.status === status, status);
const untilAttempts = (attempts: number) =>
  advanceUntil(
    app,
    async () => (await firstDelivery())?.lastError !== null && (await firstDelivery()).attempts >= attempts,
    `${attempts} attempts`,
  );

test('a test event arrives at once, and the list says so', async () => {
  const sent = await sendTest(owner, streamId);
  await waitUntil(() => receiver.received.length === 1, { timeoutMs: 10_000 });
  expect(receiver.received[0]).toMatchObject({ type: 'test', id: sent.id, data: { account_id: account.id } });
  expect(isSignedWith(secret, receiver.received[0]!)).toBe(true);
  await waitUntil(async () => (await firstDelivery()).status === 'DELIVERED', { timeoutMs: 10_000 });
  expect(await firstDelivery()).toMatchObject({ attempts: 1, lastError: null, nextAttemptAt: null });
  expect(await readStream(owner, streamId)).toMatchObject({ pendingCount: 0, failingSince: null });
});

test.each([
  ['500', 500, 'The receiver answered 500.'],
  ['400', 400, 'The receiver answered 400.'],
  ['a redirect', 302, 'The receiver redirected (302); redirects are not followed.'],
  ['429', 429, 'The receiver answered 429.'],
])('after %s it is tried again, with the same id', async (_, status, lastError) => {
  receiver.answer((response) => response.writeHead(status, { location: receiver.url }).end());
  const { id } = await sendTest(owner, streamId);
  await untilAttempts(1);
  const failed = await firstDelivery();
  expect(failed).toMatchObject({ status: 'PENDING', attempts: 1, lastError });
  const waits = Date.parse(failed.nextAttemptAt) - Date.parse(failed.lastAttemptAt);
  expect(waits).toBeGreaterThanOrEqual(1_600);
  expect(waits).toBeLessThanOrEqual(2_400);
  expect((await readStream(owner, streamId)).failingSince).not.toBeNull();
  receiver.answer(204);
  await untilStatus('DELIVERED');
  expect(receiver.received.map((event) => event.id)).toEqual([id, id]);
  expect((await readStream(owner, streamId)).failingSince).toBeNull();
});

test('a receiver that is down is said to be, and gets it when it is back', async () => {
  const port = Number(new URL(receiver.url).port);
  await updateStream(owner, { streamId, url: 'http://127.0.0.1:1/' });
  await sendTest(owner, streamId);
  await untilAttempts(2);
  expect((await firstDelivery()).lastError).toBe('The receiver could not be reached (ECONNREFUSED).');
  await updateStream(owner, { streamId, url: `http://127.0.0.1:${port}/` });
  await untilStatus('DELIVERED');
});

test.each([
  ['closes before it answers', (response: any) => response.destroy()],
  ['answers what is no HTTP', (response: any) => response.socket.end('hello\r\n\r\n')],
])('a receiver that %s has not taken it', async (_, respond) => {
  receiver.answer(respond);
  await sendTest(owner, streamId);
  await untilAttempts(1);
  expect(await firstDelivery()).toMatchObject({ status: 'PENDING', attempts: 1 });
});

test('a huge answer is read to 64 KB, and one that breaks off has taken it', async () => {
  let written = 0;
  receiver.answer(async (response) => {
    response.writeHead(200);
    while (!response.destroyed && written < 200_000_000) {
      written += 65_536;
      if (!response.write(Buffer.alloc(65_536))) await pause(1);
    }
  });
  await sendTest(owner, streamId);
  await untilStatus('DELIVERED');
  await waitUntil(() => receiver.openRequests === 0, { timeoutMs: 10_000 });
  expect(written).toBeLessThan(50_000_000);
});

test('410 disables the stream, drops what waits, and says why', async () => {
  receiver.answer(410);
  await sendTest(owner, streamId);
  await untilStatus('DEAD');
  const statusReason = 'The receiver answered 410 (gone).';
  expect(await readStream(owner, streamId)).toMatchObject({
    status: 'DISABLED',
    statusReason,
    pendingCount: 0,
  });
  const { data } = await owner.gql(
    '{ auditEvents(action: "event_stream.updated") { edges { node { actorName details } } } }',
  );
  expect(data.auditEvents.edges[0].node).toMatchObject({
    actorName: 'system',
    details: { new: { status: 'DISABLED' }, status_reason: statusReason },
  });
  receiver.answer(204);
  const enabled = await updateStream(owner, { streamId, status: 'ENABLED' });
  expect(enabled.data.updateEventStream).toMatchObject({ status: 'ENABLED', statusReason: null });
  expect((await owner.gql(REDELIVER_DEAD, { streamId })).data.redeliverDead).toBe(1);
  await untilStatus('DELIVERED');
});

test('a paused stream holds its events, and they come when it goes on', async () => {
  await updateStream(owner, { streamId, status: 'PAUSED' });
  await sendTest(owner, streamId);
  await account.owner.login();
  for (let count = 0; count < 5; count += 1) {
    app.clock.advance(1_000);
    await pause(20);
  }
  expect(receiver.received).toEqual([]);
  expect((await readStream(owner, streamId)).pendingCount).toBe(2);
  await updateStream(owner, { streamId, status: 'ENABLED' });
  await advanceUntil(app, () => receiver.received.length === 2, 'both');
});

test('it is given up 24 hours after the first attempt, and can be made once more', async () => {
  receiver.answer(503);
  const { id } = await sendTest(owner, streamId);
  await untilAttempts(1);
  for (let hour = 0; hour < 25; hour += 1) {
    const { length } = receiver.received;
    app.clock.advance(HOUR);
    await waitUntil(
      async () => receiver.received.length > length || (await firstDeliveryOf()).status === 'DEAD',
      { timeoutMs: 10_000 },
    );
    await waitUntil(async () => (await firstDeliveryOf()).lastError !== null, { timeoutMs: 10_000 });
    if ((await firstDeliveryOf()).status === 'DEAD') break;
  }
  expect(await firstDeliveryOf()).toMatchObject({ status: 'DEAD', lastError: 'The receiver answered 503.' });
  receiver.answer(204);
  const again = await owner.gql(REDELIVER, { deliveryId: id });
  expect(again.data.redeliver).toMatchObject({ id, status: 'PENDING', attempts: 0 });
  await waitUntil(async () => (await firstDeliveryOf()).status === 'DELIVERED', { timeoutMs: 10_000 });

  async function firstDeliveryOf() {
    return (await listDeliveries(owner, streamId)).find((delivery) => delivery.id === id);
  }
});

test('both secrets sign for 24 hours after a rotation, then the new one alone', async () => {
  const rotated = (await owner.gql(ROTATE_SECRET, { streamId })).data.rotateEventStreamSecret.secret;
  expect(rotated).not.toBe(secret);
  await sendTest(owner, streamId);
  await waitUntil(() => receiver.received.length === 1, { timeoutMs: 10_000 });
  expect([secret, rotated].map((each) => isSignedWith(each, receiver.received[0]!))).toEqual([true, true]);
  app.clock.advance(24 * HOUR);
  await sendTest(owner, streamId);
  await advanceUntil(app, () => receiver.received.length === 2, 'the second');
  const signatures = receiver.received[1]!.headers['webhook-signature']!.split(' ');
  expect(signatures).toHaveLength(1);
});

test('one receiver that does not answer delays no other', async () => {
  receiver.answer(() => {});
  const other = await startReceiver();
  const { stream } = await createStream(owner, { url: other.url });
  for (let count = 0; count < 10; count += 1) await sendTest(owner, streamId);
  await waitUntil(() => receiver.openRequests > 0, { timeoutMs: 10_000 });
  expect(receiver.openRequests).toBeLessThanOrEqual(8);
  await sendTest(owner, stream.id);
  await waitUntil(() => other.received.length === 1, { timeoutMs: 5_000 });
  await other.close();
});

test('a name that leads to this machine is refused when it is connected to', async () => {
  const strict = await startApp();
  const user = await (await strict.seed.account()).owner.login();
  const { stream } = await createStream(user, { url: 'https://hooks.example.com/' });
  const { sql } = await import('kysely');
  // As a resolver that has changed its mind: `localhost` is in every hosts file.
  await sql`update event_streams set url = 'https://localhost:4433/' where id = ${stream.id}`.execute(
    strict.database.em().getKysely(),
  );
  await sendTest(user, stream.id);
  const lastError = async () => (await listDeliveries(user, stream.id))[0].lastError;
  await waitUntil(async () => (await lastError()) !== null, { timeoutMs: 10_000 });
  expect(await lastError()).toBe('The address is not public.');
  await strict.close();
});
