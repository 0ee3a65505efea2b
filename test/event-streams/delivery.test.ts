import { sql } from 'kysely';
import { once } from 'node:events';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import type { ServerResponse } from 'node:http';
import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { LOGOUT } from '../accounts/account-calls.ts';
import { makeCertificates } from '../environments/certificates.ts';
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
  // At one moment, so that the wait is counted from the attempt.
  await waitUntil(async () => (await firstDelivery()).lastError !== null, { timeoutMs: 10_000 });
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
  [
    'closes before it answers',
    (response: any) => response.destroy(),
    'The receiver closed the connection without an answer.',
  ],
  [
    'answers what is no HTTP',
    (response: any) => response.socket.end('hello\r\n\r\n'),
    "The receiver's answer is not valid HTTP (HPE_INVALID_CONSTANT).",
  ],
  [
    'changes the protocol',
    (response: any) => response.socket.write('HTTP/1.1 101 X\r\nconnection: upgrade\r\nupgrade: x\r\n\r\n'),
    'The receiver answered 101.',
  ],
])('a receiver that %s has not taken it, and the list says why', async (_, respond, lastError) => {
  receiver.answer(respond);
  await sendTest(owner, streamId);
  await untilAttempts(1);
  expect(await firstDelivery()).toMatchObject({ status: 'PENDING', lastError });
  expect((await readStream(owner, streamId)).failingSince).not.toBeNull();
});

test('a receiver whose certificate is its own is not trusted, and the list says so', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'curfew-certificates-'));
  const { cert, key } = makeCertificates(folder, 'localhost', 'anyone').server;
  const requests: unknown[] = [];
  const server = createServer(
    { cert: await readFile(cert), key: await readFile(key) },
    (request, response) => {
      requests.push(request);
      response.end();
    },
  );
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  await updateStream(owner, {
    streamId,
    url: `https://localhost:${(server.address() as AddressInfo).port}/`,
  });
  await sendTest(owner, streamId);
  await untilAttempts(1);
  expect((await firstDelivery()).lastError).toBe(
    "The receiver's certificate is not trusted (UNABLE_TO_VERIFY_LEAF_SIGNATURE).",
  );
  expect(requests).toEqual([]);
  server.close();
  await rm(folder, { recursive: true });
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

test('what follows in a session waits for what has failed, and other sessions do not', async () => {
  const failing = await account.owner.login();
  await waitUntil(async () => (await listDeliveries(owner, streamId)).at(0).status === 'DELIVERED', {
    timeoutMs: 10_000,
  });
  receiver.received.length = 0;
  // A receiver that has forgotten this session's start, and takes everything else.
  const refused = await account.owner.login();
  receiver.answer((response, _, { data }) =>
    response.writeHead(data.session_id === refused.sessionId ? 400 : 204).end(),
  );
  const second = await account.owner.login();
  await refused.gql(LOGOUT);
  await second.gql(LOGOUT);
  await failing.gql(LOGOUT);
  const of = ({ sessionId }: SignedIn) =>
    receiver.received.filter(({ data }) => data.session_id === sessionId).map(({ type }) => type);
  await advanceUntil(app, () => of(second).length === 2 && of(failing).length === 1, 'the others');
  await advanceUntil(app, () => of(refused).length >= 3, 'three attempts');
  expect(new Set(of(refused).slice(1))).toEqual(new Set(['session.started']));
  receiver.answer(204);
  await advanceUntil(app, () => of(refused).includes('session.ended'), 'the end');
  expect(of(refused).slice(-2)).toEqual(['session.started', 'session.ended']);
});

test('what follows in a session waits until what is in hand was taken, and other events do not', async () => {
  const held: ServerResponse[] = [];
  receiver.answer((response, _, { type }) =>
    type === 'session.started' ? held.push(response) : response.writeHead(204).end(),
  );
  const session = await account.owner.login();
  await waitUntil(() => held.length === 1, { timeoutMs: 10_000 });
  await session.gql(LOGOUT);
  const count = (type: string) => receiver.received.filter((event) => event.type === type).length;
  // Each is due later than the end.
  for (const tests of [1, 2]) {
    await sendTest(owner, streamId);
    await waitUntil(() => count('test') === tests, { timeoutMs: 10_000 });
  }
  expect(count('session.ended')).toBe(0);
  receiver.answer(204);
  for (const response of held) response.writeHead(204).end();
  await advanceUntil(app, () => count('session.ended') === 1, 'the end');
});

test('a receiver that was down for long is sent everything once it takes one again', async () => {
  receiver.answer(503);
  await updateStream(owner, { streamId, eventTypes: ['test'] });
  const { id } = await sendTest(owner, streamId);
  const waits = async () => {
    owner = await account.owner.login();
    const { attempts, nextAttemptAt } = (await listDeliveries(owner, streamId)).at(-1);
    return attempts >= 9 ? Date.parse(nextAttemptAt) - app.clock.now().getTime() : 0;
  };
  await waitUntil(
    async () => {
      if ((await waits()) > 3 * 60_000) return true;
      app.clock.advance(10_000);
      await pause(20);
      return false;
    },
    { what: 'a long wait', timeoutMs: 30_000 },
  );
  receiver.answer(204);
  const later = await sendTest(owner, streamId);
  await waitUntil(() => receiver.received.some((event) => event.id === later.id), { timeoutMs: 10_000 });
  await waitUntil(async () => (await firstDelivery()).status === 'DELIVERED', { timeoutMs: 10_000 });
  expect(receiver.received.at(-1)!.id).toBe(id);
});

test.each([
  ['has another address', (url: string) => [{ url }]],
  ['goes on after a pause', () => [{ status: 'PAUSED' }, { status: 'ENABLED' }]],
])('when a stream %s, what waits behind a failure comes at once, too', async (_, updates) => {
  receiver.answer(503);
  const session = await account.owner.login();
  await session.gql(LOGOUT);
  const waitOfEnd = async () => {
    const { rows } = await sql<{ dueAt: string }>`
      select due_at as "dueAt" from event_deliveries where stream_id = ${streamId} and lease_id is null
      order by sequence desc limit 1`.execute(app.database.em().getKysely());
    return rows[0] ? Date.parse(rows[0].dueAt) - app.clock.now().getTime() : 0;
  };
  await waitUntil(
    async () => {
      if ((await waitOfEnd()) > 2 * 60_000) return true;
      app.clock.advance(10_000);
      await pause(20);
      return false;
    },
    { what: 'a long wait', timeoutMs: 30_000 },
  );
  const other = await startReceiver();
  receiver.answer(204);
  receiver.received.length = 0;
  owner = await account.owner.login();
  for (const update of updates(other.url)) await updateStream(owner, { streamId, ...update });
  app.clock.advance(1_000);
  const typesOfSession = () =>
    [...receiver.received, ...other.received]
      .filter(({ data }) => data.session_id === session.sessionId)
      .map(({ type }) => type);
  await waitUntil(() => typesOfSession().length === 2, { what: 'both', timeoutMs: 10_000 });
  expect(typesOfSession()).toEqual(['session.started', 'session.ended']);
  await other.close();
});

test('what an address answers that is no longer the one of the stream does not count', async () => {
  const held: ServerResponse[] = [];
  receiver.answer((response) => held.push(response));
  const { id } = await sendTest(owner, streamId);
  await waitUntil(() => held.length === 1, { timeoutMs: 10_000 });
  const other = await startReceiver();
  await updateStream(owner, { streamId, url: other.url });
  held[0]!.writeHead(410).end();
  await advanceUntil(app, async () => (await firstDelivery()).status !== 'PENDING', 'an answer');
  expect(await readStream(owner, streamId)).toMatchObject({ status: 'ENABLED', failingSince: null });
  expect(await firstDelivery()).toMatchObject({ id, status: 'DELIVERED', attempts: 1 });
  expect(other.received.map((event) => event.id)).toEqual([id]);
  await other.close();
});

test('many that wait behind a failure cost nothing, and do not hide one that is due', async () => {
  // More than a claim looks at.
  await sql`
    with heads as (
      insert into event_deliveries (stream_id, event_id, type, order_key, due_at, attempts)
      select ${streamId}::uuid, gen_random_uuid(), 'session.started', 'session ' || n, now() + interval '1 hour', 1
      from generate_series(1, 120) n)
    insert into event_deliveries (stream_id, event_id, type, order_key, due_at)
    select ${streamId}::uuid, gen_random_uuid(), 'session.ended', 'session ' || n, now() - interval '1 hour'
    from generate_series(1, 120) n`.execute(app.database.em().getKysely());
  const { id } = await sendTest(owner, streamId);
  await advanceUntil(app, () => receiver.received.some((event) => event.id === id), 'the test');
  const { rows } = await sql<{ due: number }>`
    select count(*)::int as due from event_deliveries
    where stream_id = ${streamId} and status = 'PENDING' and due_at < now()`.execute(
    app.database.em().getKysely(),
  );
  expect(rows[0]!.due).toBe(0);
});

test('it is given up 24 hours after the first attempt, and can be made once more', async () => {
  receiver.answer(503);
  await updateStream(owner, { streamId, eventTypes: ['test'] });
  const { id } = await sendTest(owner, streamId);
  await untilAttempts(1);
  const firstAt = app.clock.now().getTime();
  // The owner's own session does not last as long.
  const ofOwner = async () =>
    (await listDeliveries((owner = await account.owner.login()), streamId)).find(
      (delivery) => delivery.id === id,
    );
  for (let now = await ofOwner(); now.status === 'PENDING';) {
    const { attempts } = now;
    // Longer than the longest wait.
    app.clock.advance(2 * HOUR);
    await waitUntil(async () => (now = await ofOwner()).attempts > attempts && now.lastAttemptAt !== null, {
      timeoutMs: 10_000,
    });
    await waitUntil(
      async () => (now = await ofOwner()).status === 'DEAD' || now.nextAttemptAt > now.lastAttemptAt,
      { timeoutMs: 10_000 },
    );
  }
  expect(app.clock.now().getTime() - firstAt).toBeGreaterThanOrEqual(24 * HOUR);
  expect(app.clock.now().getTime() - firstAt).toBeLessThanOrEqual(27 * HOUR);
  expect(await ofOwner()).toMatchObject({ lastError: 'The receiver answered 503.', nextAttemptAt: null });
  receiver.answer(204);
  const again = await owner.gql(REDELIVER, { deliveryId: id });
  expect(again.data.redeliver).toMatchObject({ id, status: 'PENDING', attempts: 0 });
  await advanceUntil(app, async () => (await ofOwner()).status === 'DELIVERED', 'the delivery');
});

test('both secrets sign for 24 hours after a rotation, then the new one alone', async () => {
  const rotated = (await owner.gql(ROTATE_SECRET, { streamId })).data.rotateEventStreamSecret.secret;
  expect(rotated).not.toBe(secret);
  await sendTest(owner, streamId);
  await waitUntil(() => receiver.received.length === 1, { timeoutMs: 10_000 });
  expect([secret, rotated].map((each) => isSignedWith(each, receiver.received[0]!))).toEqual([true, true]);
  app.clock.advance(24 * HOUR);
  await sendTest(await account.owner.login(), streamId);
  await advanceUntil(
    app,
    () => receiver.received.some(({ type }) => type === 'session.started'),
    'the second',
  );
  const last = receiver.received.at(-1)!;
  expect(last.headers['webhook-signature']!.split(' ')).toHaveLength(1);
  expect([secret, rotated].map((each) => isSignedWith(each, last))).toEqual([false, true]);
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
