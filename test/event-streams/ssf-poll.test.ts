import { sql } from 'kysely';
import { startApp, type TestApp } from '../harness.ts';
import type { SeededAccount, SignedIn } from '../seed.ts';
import { waitUntil } from '../wait-until.ts';
import {
  asReceiver,
  claimsOf,
  createSsfStream,
  eventOf,
  pollNow,
  PUSH,
  SESSION_ESTABLISHED,
  SESSION_REVOKED,
  STREAM_UPDATED,
  VERIFICATION,
  type Ask,
} from './ssf-calls.ts';
import { advanceUntil, listDeliveries, readStream, REDELIVER, updateStream } from './stream-calls.ts';

const LOGOUT = 'mutation { logout { ended } }';
const EMPTY = { sets: {}, moreAvailable: false };

let app: TestApp;
let account: SeededAccount;
let owner: SignedIn;
let key: string;
let keyId: string;
let ask: Ask;
let id: string;

beforeAll(async () => {
  app = await startApp();
});
beforeEach(async () => {
  account = await app.seed.account();
  owner = await account.owner.login();
  ({ key, id: keyId } = await app.seed.serviceKey(account.id, { name: 'Receiver', scope: 'SSF' }));
  ask = asReceiver(app, key);
  id = (await createSsfStream(ask)).stream_id;
});
afterAll(() => app.close());

const poll = (more?: Record<string, unknown>, streamId = id) => pollNow(ask, streamId, more);
const pathOf = (streamId: string): string => `/ssf/streams/${streamId}/poll`;

/** A session that starts and ends: two events. */
async function signInAndOut(): Promise<string> {
  const { sessionId, gql } = await account.owner.login();
  await gql(LOGOUT);
  return sessionId;
}

/** Four polls that wait: of five the stream refuses one. */
async function fillWithPolls(
  { url }: { url: string },
  [serviceKey, streamId]: [string, string],
  signal?: AbortSignal,
): Promise<{ refused: Response; open: Promise<Response>[] }> {
  const polls = Array.from({ length: 5 }, () =>
    fetch(`${url}${pathOf(streamId)}`, {
      method: 'POST',
      signal,
      headers: { authorization: `Bearer ${serviceKey}`, 'content-type': 'application/json' },
      body: '{}',
    }),
  );
  for (const each of polls) each.catch(() => {});
  const first = await Promise.race(polls.map(async (each, index) => ({ index, refused: await each })));
  return { refused: first.refused, open: polls.filter((_, index) => index !== first.index) };
}

test('what is not acknowledged comes again, and what is does not', async () => {
  const session = await signInAndOut();
  const first = await poll();
  expect(Object.values(first.sets).map(eventOf)).toEqual([SESSION_ESTABLISHED, SESSION_REVOKED]);
  const [started, ended] = Object.values(first.sets).map(claimsOf);
  expect(ended).toMatchObject({
    iss: app.url,
    aud: `urn:uuid:${id}`,
    sub_id: { format: 'complex', session: { format: 'opaque', id: session } },
  });
  app.clock.advance(1_000);
  const again = await poll();
  expect(Object.keys(again.sets)).toEqual([started.jti, ended.jti]);
  expect(await listDeliveries(owner, id)).toMatchObject([
    { id: ended.jti, status: 'PENDING', attempts: 2, lastAttemptAt: app.clock.now().toISOString() },
    { id: started.jti, status: 'PENDING', attempts: 2 },
  ]);
  const rest = await poll({ ack: [started.jti] });
  expect(Object.keys(rest.sets)).toEqual([ended.jti]);
  expect(await poll({ ack: [ended.jti] })).toEqual(EMPTY);
  expect((await listDeliveries(owner, id)).map(({ status }) => status)).toEqual(['DELIVERED', 'DELIVERED']);
  expect(await readStream(owner, id)).toMatchObject({
    pendingCount: 0,
    lastDeliveredAt: app.clock.now().toISOString(),
  });
});

test('an answer has as many as the receiver wants, in their order', async () => {
  const sessions = [await signInAndOut(), await signInAndOut()];
  const seen: [string, string][] = [];
  let ack: string[] = [];
  for (let more = true; more;) {
    const { sets, moreAvailable } = await poll({ maxEvents: 1, ack });
    ack = Object.keys(sets);
    const claims = claimsOf(sets[ack[0]!]!);
    seen.push([claims.sub_id.session.id, Object.keys(claims.events as object)[0]!]);
    more = moreAvailable;
  }
  expect(seen).toEqual(
    sessions.flatMap((session) => [
      [session, SESSION_ESTABLISHED],
      [session, SESSION_REVOKED],
    ]),
  );
  expect(await poll({ ack })).toEqual(EMPTY);
});

test('an answer has at most 100', async () => {
  for (let count = 0; count < 51; count += 1) await signInAndOut();
  const { sets, moreAvailable } = await poll({ maxEvents: 1_000_000 });
  expect([Object.keys(sets).length, moreAvailable]).toEqual([100, true]);
  const rest = await poll({ ack: Object.keys(sets) });
  expect([Object.keys(rest.sets).length, rest.moreAvailable]).toEqual([2, false]);
});

test('a poll for no events acknowledges, and does not wait', async () => {
  await signInAndOut();
  const jtis = Object.keys((await poll()).sets);
  const answer = await ask('POST', pathOf(id), { maxEvents: 0, ack: jtis.slice(0, 1) });
  expect([answer.status, answer.body]).toEqual([200, { sets: {}, moreAvailable: true }]);
  expect(await poll({ maxEvents: 0, ack: jtis.slice(1) })).toEqual(EMPTY);
  expect(await listDeliveries(owner, id, { status: 'PENDING' })).toEqual([]);
});

test('what the receiver cannot take is dead, and can be made again', async () => {
  await signInAndOut();
  const [started, ended] = Object.keys((await poll()).sets);
  const text = 'a text of the receiver';
  const setErrs = {
    [started!]: { err: 'invalid_key', description: text },
    [ended!]: { err: text },
    unknown: { err: 'invalid_key' },
  };
  expect(await poll({ setErrs })).toEqual(EMPTY);
  const dead = await listDeliveries(owner, id, { status: 'DEAD' });
  expect(dead.map(({ lastError }) => lastError)).toEqual([
    'The receiver could not take the event.',
    'The receiver could not take the event (invalid_key).',
  ]);
  await owner.gql(REDELIVER, { deliveryId: ended });
  expect(Object.keys((await poll()).sets)).toEqual([ended]);
});

test('ids that are not of the stream are ignored', async () => {
  const other = (await createSsfStream(ask)).stream_id;
  await signInAndOut();
  const ofOther = Object.keys((await poll({}, other)).sets);
  const jtis = Object.keys((await poll()).sets);
  const ack = [...ofOther, '00000000-0000-4000-8000-000000000000', '__proto__', "' or '1"];
  const setErrs = { [ofOther[0]!]: { err: 'invalid_key' } };
  expect(Object.keys((await poll({ ack, setErrs })).sets)).toEqual(jtis);
  expect(Object.keys((await poll({}, other)).sets)).toEqual(ofOther);
});

test('two receivers at once do no harm', async () => {
  await signInAndOut();
  const [left, right] = await Promise.all([poll(), poll()]);
  expect(Object.keys(left.sets)).toEqual(Object.keys(right.sets));
  const ack = Object.keys(left.sets);
  expect(await Promise.all([poll({ ack }), poll({ ack })])).toEqual([EMPTY, EMPTY]);
});

test('a poll waits for events', async () => {
  const waiting = ask('POST', pathOf(id), {});
  const { sessionId } = await account.owner.login();
  const { status, headers, body } = await waiting;
  expect([status, headers.get('cache-control')]).toEqual([200, 'no-store']);
  expect(Object.values<string>(body.sets).map(claimsOf)).toMatchObject([
    { sub_id: { session: { id: sessionId } } },
  ]);
});

test('a poll without events is answered after 25 seconds', async () => {
  const before = app.clock.now().getTime();
  let answer: any = null;
  void ask('POST', pathOf(id), {}).then(({ body }) => (answer = body));
  await advanceUntil(app, () => answer !== null, 'the answer');
  expect(answer).toEqual(EMPTY);
  expect(app.clock.now().getTime() - before).toBeGreaterThanOrEqual(25_000);
});

test('a stream has four polls at a time, until a receiver leaves', async () => {
  const leaving = new AbortController();
  const { refused, open } = await fillWithPolls(app, [key, id], leaving.signal);
  expect([refused.status, refused.headers.get('retry-after'), await refused.json()]).toMatchObject([
    429,
    '1',
    { err: 'too_many_requests' },
  ]);
  const other = (await createSsfStream(ask)).stream_id;
  expect(await poll({}, other)).toEqual(EMPTY);
  leaving.abort();
  await Promise.allSettled(open);
  await waitUntil(async () => (await ask('POST', pathOf(id), { returnImmediately: true })).status === 200);
});

test('a key that is revoked gets nothing, also where it waits', async () => {
  const { open } = await fillWithPolls(app, [key, id]);
  await sql`update service_keys set revoked_at = ${app.clock.now()} where id = ${keyId}`.execute(
    app.database.em().getKysely(),
  );
  await account.owner.login();
  for (const answer of await Promise.all(open)) {
    expect([answer.status, await answer.json()]).toMatchObject([401, { err: 'authentication_failed' }]);
  }
});

test('a paused stream tells that it is paused, and holds the rest', async () => {
  await updateStream(owner, { streamId: id, status: 'PAUSED' });
  await signInAndOut();
  const paused = await poll();
  const [jti] = Object.keys(paused.sets);
  expect(Object.values(paused.sets).map(eventOf)).toEqual([STREAM_UPDATED]);
  expect(claimsOf(paused.sets[jti!]!)).toMatchObject({
    sub_id: { format: 'opaque', id },
    events: { [STREAM_UPDATED]: { status: 'paused' } },
  });
  expect(await poll({ ack: [jti] })).toEqual(EMPTY);

  await ask('POST', '/ssf/status', { stream_id: id, status: 'enabled', reason: 'Back' });
  const { sets } = await poll();
  expect(Object.values(sets).map(eventOf)).toEqual([STREAM_UPDATED, SESSION_ESTABLISHED, SESSION_REVOKED]);
  expect(claimsOf(Object.values(sets)[0]!).events[STREAM_UPDATED]).toEqual({
    status: 'enabled',
    reason: 'Back',
  });
});

test('a disabled stream drops what waits and what happens', async () => {
  await signInAndOut();
  await ask('POST', '/ssf/status', { stream_id: id, status: 'disabled' });
  await signInAndOut();
  const { sets } = await poll();
  expect(Object.values(sets).map(eventOf)).toEqual([STREAM_UPDATED]);
  await ask('POST', '/ssf/status', { stream_id: id, status: 'enabled' });
  const later = await poll({ ack: Object.keys(sets) });
  expect(Object.values(later.sets).map(eventOf)).toEqual([STREAM_UPDATED]);
});

test('a verification has the state of the receiver', async () => {
  await ask('POST', '/ssf/verify', { stream_id: id, state: 'of the receiver' });
  const claims = Object.values((await poll()).sets).map(claimsOf);
  expect(claims).toMatchObject([
    { sub_id: { format: 'opaque', id }, events: { [VERIFICATION]: { state: 'of the receiver' } } },
  ]);
});

test('a stream has the events that were asked for, and none of another account', async () => {
  const ended = (await createSsfStream(ask, { events_requested: [SESSION_REVOKED] })).stream_id;
  const none = (await createSsfStream(ask, { events_requested: ['urn:example:unknown'] })).stream_id;
  const { owner: stranger } = await app.seed.account();
  await (await stranger.login()).gql(LOGOUT);
  await signInAndOut();
  expect(Object.values((await poll({}, ended)).sets).map(eventOf)).toEqual([SESSION_REVOKED]);
  expect(await poll({}, none)).toEqual(EMPTY);
  await updateStream(owner, { streamId: none, description: 'Nothing yet' });
  expect(await readStream(owner, none)).toMatchObject({ description: 'Nothing yet', eventTypes: [] });
});

test('a stream that is pushed is not polled', async () => {
  const delivery = { method: PUSH, endpoint_url: 'https://receiver.example.com/' };
  const { stream_id } = await createSsfStream(ask, { delivery });
  expect((await ask('POST', pathOf(stream_id), { returnImmediately: true })).status).toBe(404);
});

test.each([
  ['{'],
  ['[]'],
  ['{"maxEvents":-1}'],
  ['{"maxEvents":1.5}'],
  ['{"maxEvents":"1"}'],
  ['{"returnImmediately":"yes"}'],
  ['{"ack":"x"}'],
  ['{"ack":[1]}'],
  [JSON.stringify({ ack: Array(1_001).fill('x') })],
  ['{"setErrs":[]}'],
  ['{"setErrs":{"x":"invalid_key"}}'],
  ['{"setErrs":{"x":[]}}'],
  ['{"setErrs":7}'],
])('%s is refused and acknowledges nothing', async (body) => {
  await signInAndOut();
  const ack = Object.keys((await poll()).sets);
  const withAck = body.startsWith('{"') && !body.includes('"ack"');
  const text = withAck ? `{"ack":${JSON.stringify(ack)},${body.slice(1)}` : body;
  const answer = await ask('POST', pathOf(id), text);
  expect([answer.status, answer.body.err]).toEqual([400, 'invalid_request']);
  expect(Object.keys((await poll()).sets)).toEqual(ack);
});

test('deliveries are counted, by what became of them', async () => {
  const count = async (outcome: string): Promise<number> => {
    const text = await (await fetch(`${app.url}/metrics`)).text();
    const line = `curfew_event_deliveries_total{kind="ssf_poll",outcome="${outcome}"}`;
    return Number(
      text
        .split('\n')
        .find((each) => each.startsWith(line))
        ?.split(' ')[1] ?? 0,
    );
  };
  const before = [await count('delivered'), await count('dead')];
  await signInAndOut();
  const [started, ended] = Object.keys((await poll()).sets);
  await poll({ ack: [started, started], setErrs: { [ended!]: { err: 'invalid_key' } } });
  expect([await count('delivered'), await count('dead')]).toEqual(before.map((each) => each + 1));
  const metrics = await (await fetch(`${app.url}/metrics`)).text();
  expect(metrics).toContain('route="/ssf/streams/:streamId/poll"');
  expect(metrics).not.toContain(id);
});

test('a shutdown answers those that wait', async () => {
  const own = await startApp();
  const { id: accountId } = await own.seed.account();
  const { key: ownKey } = await own.seed.serviceKey(accountId, { scope: 'SSF' });
  const { stream_id } = await createSsfStream(asReceiver(own, ownKey));
  const { open } = await fillWithPolls(own, [ownKey, stream_id]);
  const closing = performance.now();
  await own.close();
  expect(performance.now() - closing).toBeLessThan(5_000);
  for (const answer of await Promise.all(open))
    expect([answer.status, await answer.json()]).toEqual([200, EMPTY]);
});
