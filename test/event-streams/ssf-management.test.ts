import { sql } from 'kysely';
import { auditRows } from '../accounts/account-calls.ts';
import { startApp, type TestApp } from '../harness.ts';
import type { SeededAccount } from '../seed.ts';
import { call } from '../service-api/endpoint-calls.ts';
import {
  asReceiver,
  createSsfStream,
  POLL,
  PUSH,
  SESSION_ESTABLISHED,
  SESSION_REVOKED,
  type Ask,
} from './ssf-calls.ts';
import { createStream, CREATE_STREAM, readStream, updateStream } from './stream-calls.ts';

const UNKNOWN = '00000000-0000-4000-8000-000000000000';
const RECEIVER = 'https://receiver.example.com/events?token=of-the-receiver';
const HEADER = 'Bearer header-of-the-receiver';
const UNSUPPORTED = 'urn:example:secevent:events:type_4';
const SUPPORTED = expect.arrayContaining([SESSION_REVOKED, SESSION_ESTABLISHED]);

let app: TestApp;
let account: SeededAccount;
let key: string;
let keyId: string;
let ask: Ask;

beforeAll(async () => {
  app = await startApp();
});
beforeEach(async () => {
  account = await app.seed.account();
  ({ key, id: keyId } = await app.seed.serviceKey(account.id, { name: 'Receiver', scope: 'SSF' }));
  ask = asReceiver(app, key);
});
afterAll(() => app.close());

const list = async (): Promise<any[]> => (await ask('GET', '/ssf/streams')).body;
const read = (id: string) => ask('GET', `/ssf/streams?stream_id=${id}`);
const rowOf = async (id: string): Promise<any> =>
  (await sql<any>`select * from event_streams where id = ${id}`.execute(app.database.em().getKysely()))
    .rows[0];

test('the configuration of the transmitter is public and may be kept', async () => {
  const { status, headers, body } = await call(app, '/.well-known/ssf-configuration');
  expect([status, headers.get('cache-control')]).toEqual([200, 'public, max-age=300']);
  expect(body).toEqual({
    spec_version: '1_0',
    issuer: app.url,
    jwks_uri: `${app.url}/.well-known/jwks.json`,
    delivery_methods_supported: [PUSH, POLL],
    configuration_endpoint: `${app.url}/ssf/streams`,
    status_endpoint: `${app.url}/ssf/status`,
    verification_endpoint: `${app.url}/ssf/verify`,
    authorization_schemes: [{ spec_urn: 'urn:ietf:rfc:6750' }],
    default_subjects: 'ALL',
  });
});

test('a stream without a delivery is polled, and an owner sees it', async () => {
  const answer = await ask('POST', '/ssf/streams', {});
  expect([answer.status, answer.headers.get('cache-control')]).toEqual([201, 'no-store']);
  const { stream_id: id } = answer.body;
  expect(answer.body).toEqual({
    stream_id: expect.any(String),
    iss: app.url,
    aud: `urn:uuid:${id}`,
    events_supported: SUPPORTED,
    events_delivered: answer.body.events_supported,
    delivery: { method: POLL, endpoint_url: `${app.url}/ssf/streams/${id}/poll` },
    min_verification_interval: 30,
  });
  expect((await read(id)).body).toEqual(answer.body);
  expect(await list()).toEqual([answer.body]);
  const owner = await account.owner.login();
  expect(await readStream(owner, id)).toMatchObject({ kind: 'SSF_POLL', url: null, status: 'ENABLED' });
});

test('a push stream has the header sealed and gives it to no one', async () => {
  const stream = await createSsfStream(ask, {
    delivery: { method: PUSH, endpoint_url: RECEIVER, authorization_header: HEADER },
    events_requested: [SESSION_REVOKED, UNSUPPORTED],
    description: 'Shop',
  });
  expect(stream).toMatchObject({
    aud: 'https://receiver.example.com',
    events_requested: [SESSION_REVOKED, UNSUPPORTED],
    events_delivered: [SESSION_REVOKED],
    delivery: { method: PUSH, endpoint_url: RECEIVER },
    description: 'Shop',
  });
  expect(Object.keys(stream.delivery)).toEqual(['method', 'endpoint_url']);
  const trail = (await auditRows(app, account.id)).filter(({ action }) => action.startsWith('event_stream'));
  expect(trail).toMatchObject([
    {
      action: 'event_stream.created',
      actor_id: null,
      actor_name: 'Receiver',
      resource_id: stream.stream_id,
      details: { kind: 'SSF_PUSH', origin: 'https://receiver.example.com' },
    },
  ]);
  const row = await rowOf(stream.stream_id);
  expect(row.secret).toMatch(/^[\w-]+\.[\w-]+$/);
  expect(JSON.stringify([row, trail, await list()])).not.toContain('header-of-the-receiver');
  expect(JSON.stringify(trail)).not.toContain('token=of-the-receiver');
});

test('PATCH changes what is given, PUT takes back what is not', async () => {
  const { stream_id } = await createSsfStream(ask, {
    delivery: { method: PUSH, endpoint_url: RECEIVER, authorization_header: HEADER },
    description: 'Shop',
  });
  const before = (await read(stream_id)).body;
  const patched = await ask('PATCH', '/ssf/streams', {
    stream_id,
    iss: app.url,
    events_requested: [SESSION_REVOKED],
  });
  expect([patched.status, patched.body]).toEqual([
    200,
    { ...before, events_requested: [SESSION_REVOKED], events_delivered: [SESSION_REVOKED] },
  ]);
  const { secret } = await rowOf(stream_id);
  expect(secret).not.toBeNull();

  const put = await ask('PUT', '/ssf/streams', { ...patched.body, description: undefined });
  expect([put.status, put.body.description, put.body.events_delivered]).toEqual([
    200,
    undefined,
    [SESSION_REVOKED],
  ]);
  expect((await rowOf(stream_id)).secret).toBeNull();
  const polled = await ask('PUT', '/ssf/streams', { stream_id });
  expect(polled.body).toEqual({
    ...before,
    description: undefined,
    delivery: { method: POLL, endpoint_url: `${app.url}/ssf/streams/${stream_id}/poll` },
  });
  expect((await read(stream_id)).body).toEqual(JSON.parse(JSON.stringify(polled.body)));
  expect(await rowOf(stream_id)).toMatchObject({ kind: 'SSF_POLL', url: null });
});

test('a header goes to no address but the one it was given for', async () => {
  const delivery = { method: PUSH, endpoint_url: RECEIVER, authorization_header: HEADER };
  const { stream_id } = await createSsfStream(ask, { delivery });
  const patch = (endpoint_url: string) =>
    ask('PATCH', '/ssf/streams', { stream_id, delivery: { method: PUSH, endpoint_url } });
  await patch(RECEIVER);
  expect((await rowOf(stream_id)).secret).not.toBeNull();
  await patch('https://elsewhere.example.com/events');
  expect((await rowOf(stream_id)).secret).toBeNull();
});

test('a header goes to no address that an owner chooses', async () => {
  const delivery = { method: PUSH, endpoint_url: RECEIVER, authorization_header: HEADER };
  const { stream_id } = await createSsfStream(ask, { delivery });
  const owner = await account.owner.login();
  await updateStream(owner, { streamId: stream_id, description: 'Shop', url: RECEIVER });
  expect((await rowOf(stream_id)).secret).not.toBeNull();
  const moved = await updateStream(owner, { streamId: stream_id, url: 'https://elsewhere.example.com/' });
  expect(moved.errors).toBeUndefined();
  expect((await rowOf(stream_id)).secret).toBeNull();
});

test('DELETE removes a stream, and what waits for it', async () => {
  const { stream_id } = await createSsfStream(ask);
  const deleted = await ask('DELETE', `/ssf/streams?stream_id=${stream_id}`);
  expect([deleted.status, deleted.body]).toEqual([204, '']);
  for (const again of [
    await ask('DELETE', `/ssf/streams?stream_id=${stream_id}`),
    await read(stream_id),
    await ask('GET', `/ssf/status?stream_id=${stream_id}`),
  ])
    expect([again.status, again.body.err]).toEqual([404, 'not_found']);
  expect(await list()).toEqual([]);
  const actions = (await auditRows(app, account.id)).map(({ action }) => action);
  expect(actions).toContain('event_stream.deleted');
});

test('DELETE may name the type of the body that it does not have', async () => {
  const { stream_id } = await createSsfStream(ask);
  const headers = { authorization: `Bearer ${key}`, 'content-type': 'application/json' };
  const remove = (more: RequestInit = {}) =>
    call(app, `/ssf/streams?stream_id=${stream_id}`, { method: 'DELETE', headers, ...more });
  expect((await remove({ body: '{' })).status).toBe(400);
  expect((await remove()).status).toBe(204);
  expect((await remove()).status).toBe(404);
});

test('the status of a stream is read and changed, with a reason', async () => {
  const { stream_id } = await createSsfStream(ask);
  const status = () => ask('GET', `/ssf/status?stream_id=${stream_id}`);
  expect((await status()).body).toEqual({ stream_id, status: 'enabled' });
  const changed = await ask('POST', '/ssf/status', { stream_id, status: 'paused', reason: 'Maintenance' });
  expect([changed.status, changed.body]).toEqual([
    200,
    { stream_id, status: 'paused', reason: 'Maintenance' },
  ]);
  expect((await status()).body).toEqual(changed.body);
  const owner = await account.owner.login();
  expect(await readStream(owner, stream_id)).toMatchObject({
    status: 'PAUSED',
    statusReason: 'Maintenance',
  });
  await updateStream(owner, { streamId: stream_id, status: 'ENABLED' });
  expect((await status()).body).toEqual({ stream_id, status: 'enabled' });
  const [update] = (await auditRows(app, account.id)).filter(
    ({ action, actor_id }) => action === 'event_stream.updated' && actor_id === null,
  );
  expect(update!.details).toMatchObject({ old: { status: 'ENABLED' }, new: { status: 'PAUSED' } });
});

test('verifications are not asked for more often than every 30 seconds', async () => {
  const { stream_id } = await createSsfStream(ask);
  const verify = () => ask('POST', '/ssf/verify', { stream_id, state: 'VGhpcw==' });
  const first = await verify();
  expect([first.status, first.body]).toEqual([204, '']);
  app.clock.advance(29_999);
  const early = await verify();
  expect([early.status, early.headers.get('retry-after')]).toEqual([429, '30']);
  app.clock.advance(1);
  expect((await verify()).status).toBe(204);
  await ask('POST', '/ssf/status', { stream_id, status: 'disabled' });
  app.clock.advance(30_000);
  expect((await verify()).status).toBe(400);
});

test.each<[string, 'POST' | 'PATCH' | 'PUT', string, unknown]>([
  ['a body that is no JSON', 'POST', '/ssf/streams', '{"delivery":'],
  ['an empty body', 'POST', '/ssf/streams', ''],
  ['a list', 'POST', '/ssf/streams', []],
  ['null', 'POST', '/ssf/streams', 'null'],
  ['a prototype', 'POST', '/ssf/streams', '{"__proto__":{"x":1}}'],
  ['what the transmitter decides', 'POST', '/ssf/streams', { aud: 'https://receiver.example.com' }],
  ['an id of its own', 'POST', '/ssf/streams', { stream_id: UNKNOWN }],
  ['another issuer', 'POST', '/ssf/streams', { iss: 'https://evil.example.com' }],
  ['a text for a list', 'POST', '/ssf/streams', { events_requested: SESSION_REVOKED }],
  ['a number in the list', 'POST', '/ssf/streams', { events_requested: [1] }],
  ['a NUL in the list', 'POST', '/ssf/streams', { events_requested: ['a\u0000'] }],
  ['a list of 101', 'POST', '/ssf/streams', { events_requested: Array(101).fill('a') }],
  ['a long description', 'POST', '/ssf/streams', { description: 'x'.repeat(201) }],
  ['an object for a description', 'POST', '/ssf/streams', { description: {} }],
  ['an unknown method', 'POST', '/ssf/streams', { delivery: { method: 'urn:ietf:rfc:0' } }],
  ['no method', 'POST', '/ssf/streams', { delivery: {} }],
  ['null for a delivery', 'POST', '/ssf/streams', { delivery: null }],
  ['push without an address', 'POST', '/ssf/streams', { delivery: { method: PUSH } }],
  [
    'push to this machine',
    'POST',
    '/ssf/streams',
    { delivery: { method: PUSH, endpoint_url: 'https://127.0.0.1/' } },
  ],
  [
    'push over http',
    'POST',
    '/ssf/streams',
    { delivery: { method: PUSH, endpoint_url: 'http://receiver.example.com/' } },
  ],
  [
    'a header with a line break',
    'POST',
    '/ssf/streams',
    { delivery: { method: PUSH, endpoint_url: RECEIVER, authorization_header: 'a\r\nb' } },
  ],
  [
    'an address of its own for polls',
    'POST',
    '/ssf/streams',
    { delivery: { method: POLL, endpoint_url: RECEIVER } },
  ],
  ['a change of no stream', 'PATCH', '/ssf/streams', { description: 'x' }],
  ['a change of a number', 'PATCH', '/ssf/streams', { stream_id: 7 }],
  ['a replacement of no stream', 'PUT', '/ssf/streams', {}],
  ['a status of no stream', 'POST', '/ssf/status', { status: 'paused' }],
  ['a verification of no stream', 'POST', '/ssf/verify', { state: 'x' }],
])('%s is refused and changes nothing', async (_, method, path, body) => {
  const answer = await ask(method, path, body);
  expect([answer.status, answer.body]).toEqual([
    400,
    { err: 'invalid_request', description: expect.any(String) },
  ]);
  expect(await list()).toEqual([]);
});

test('a stream stays as it is after a bad change', async () => {
  const stream = await createSsfStream(ask, { description: 'Shop' });
  const { stream_id } = stream;
  for (const change of [
    { iss: 'https://evil.example.com' },
    { aud: ['a', 'b'] },
    { events_delivered: [] },
    { min_verification_interval: 1 },
    { delivery: { method: POLL, endpoint_url: RECEIVER } },
    { delivery: { method: POLL, authorization_header: HEADER } },
  ])
    for (const method of ['PATCH', 'PUT'] as const)
      expect((await ask(method, '/ssf/streams', { stream_id, ...change })).status).toBe(400);
  for (const body of [
    { status: 'ENABLED' },
    { status: 'constructor' },
    { status: 'paused', subject: { format: 'email', email: 'a@example.test' } },
    { status: 'paused', reason: 7 },
    {},
  ])
    expect((await ask('POST', '/ssf/status', { stream_id, ...body })).status).toBe(400);
  for (const state of [7, 'x'.repeat(1_001), 'a\u0000'])
    expect((await ask('POST', '/ssf/verify', { stream_id, state })).status).toBe(400);
  for (const query of ['', '?stream_id=', `?stream_id=${stream_id}&stream_id=${stream_id}`]) {
    expect((await ask('DELETE', `/ssf/streams${query}`)).status).toBe(400);
    expect((await ask('GET', `/ssf/status${query}`)).status).toBe(400);
  }
  expect((await read(stream_id)).body).toEqual(stream);
  expect((await ask('GET', `/ssf/status?stream_id=${stream_id}`)).body.status).toBe('enabled');
});

test('other types, large bodies and other methods are refused', async () => {
  const headers = { authorization: `Bearer ${key}`, 'content-type': 'text/csv' };
  const answer = await call(app, '/ssf/streams', { method: 'POST', headers, body: 'a,b' });
  expect([answer.status, answer.body.err]).toEqual([415, 'invalid_request']);
  expect((await ask('POST', '/ssf/streams', { description: 'x'.repeat(110_000) })).status).toBe(413);
  const put = await ask('PUT', '/ssf/verify', {});
  expect([put.status, put.headers.get('allow')]).toEqual([405, 'POST']);
  expect((await ask('DELETE', '/ssf/status')).headers.get('allow')).toBe('GET, POST');
  expect(await list()).toEqual([]);
});

test('an account has at most 20 streams, however they were made', async () => {
  const owner = await account.owner.login();
  await createStream(owner, { url: 'https://hooks.example.com/' });
  for (let count = 0; count < 19; count += 1) await createSsfStream(ask);
  const answer = await ask('POST', '/ssf/streams', {});
  expect([answer.status, answer.body.err]).toEqual([409, 'conflict']);
  expect(await list()).toHaveLength(19);
});

test('a receiver has the streams that an owner made, but no webhook', async () => {
  const owner = await account.owner.login();
  const { stream: webhook } = await createStream(owner, { url: 'https://hooks.example.com/' });
  const { data } = await owner.gql(CREATE_STREAM, { input: { kind: 'SSF_PUSH', url: RECEIVER } });
  const { id } = data.createEventStream.stream;
  expect((await list()).map(({ stream_id }) => stream_id)).toEqual([id]);
  expect((await read(webhook.id)).status).toBe(404);
  expect((await ask('PATCH', '/ssf/streams', { stream_id: webhook.id })).status).toBe(404);
  expect((await ask('DELETE', `/ssf/streams?stream_id=${webhook.id}`)).status).toBe(404);
  expect(await readStream(owner, webhook.id)).toMatchObject({ id: webhook.id });
});

test('a key of another account finds nothing, and changes nothing', async () => {
  const stream = await createSsfStream(ask, { description: 'Shop' });
  const { stream_id } = stream;
  const other = await app.seed.account();
  const { key: strange } = await app.seed.serviceKey(other.id, { scope: 'SSF' });
  const stranger = asReceiver(app, strange);
  expect((await stranger('GET', '/ssf/streams')).body).toEqual([]);
  for (const id of [stream_id, UNKNOWN, "x' or '1"]) {
    const named = `?stream_id=${encodeURIComponent(id)}`;
    const answers = [
      await stranger('GET', `/ssf/streams${named}`),
      await stranger('PATCH', '/ssf/streams', { stream_id: id, description: 'x' }),
      await stranger('PUT', '/ssf/streams', { stream_id: id }),
      await stranger('DELETE', `/ssf/streams${named}`),
      await stranger('GET', `/ssf/status${named}`),
      await stranger('POST', '/ssf/status', { stream_id: id, status: 'disabled' }),
      await stranger('POST', '/ssf/verify', { stream_id: id }),
      await stranger('POST', `/ssf/streams/${encodeURIComponent(id)}/poll`, { returnImmediately: true }),
    ];
    for (const { status, body } of answers)
      expect([status, body]).toEqual([404, { err: 'not_found', description: 'Event stream not found.' }]);
  }
  expect((await read(stream_id)).body).toEqual(stream);
  expect((await ask('GET', `/ssf/status?stream_id=${stream_id}`)).body.status).toBe('enabled');
});

describe('callers', () => {
  const endpoints: [Parameters<Ask>[0], string][] = [
    ['GET', '/ssf/streams'],
    ['POST', '/ssf/streams'],
    ['PATCH', '/ssf/streams'],
    ['PUT', '/ssf/streams'],
    ['DELETE', '/ssf/streams?stream_id=x'],
    ['GET', '/ssf/status?stream_id=x'],
    ['POST', '/ssf/status'],
    ['POST', '/ssf/verify'],
    ['POST', `/ssf/streams/${UNKNOWN}/poll`],
  ];

  test.each(endpoints)('%s %s needs a key that is valid', async (method, path) => {
    const { accessToken } = await account.owner.login();
    const { key: gone, id } = await app.seed.serviceKey(account.id, { scope: 'SSF' });
    const expiresAt = new Date(app.clock.now().getTime() - 1);
    const { key: expired } = await app.seed.serviceKey(account.id, { scope: 'SSF', expiresAt });
    await sql`update service_keys set revoked_at = ${app.clock.now()} where id = ${id}`.execute(
      app.database.em().getKysely(),
    );
    const bare = await call(app, path, { method });
    expect([bare.status, bare.body.err, bare.headers.get('www-authenticate')]).toEqual([
      401,
      'authentication_failed',
      'Bearer realm="curfew"',
    ]);
    for (const token of [gone, expired, `${key}x`, 'cfk_ssf_', accessToken]) {
      const answer = await asReceiver(app, token)(method, path);
      expect([answer.status, answer.headers.get('www-authenticate')]).toEqual([
        401,
        'Bearer realm="curfew", error="invalid_token"',
      ]);
    }
    const { key: all } = await app.seed.serviceKey(null);
    const answer = await asReceiver(app, all)(method, path);
    expect([answer.status, answer.body.err]).toEqual([403, 'access_denied']);
  });

  test('a key of one account without a scope manages streams, too', async () => {
    const { key: full } = await app.seed.serviceKey(account.id);
    const { stream_id } = await createSsfStream(asReceiver(app, full));
    expect((await read(stream_id)).status).toBe(200);
  });

  test('a key in the address or as Basic is none', async () => {
    expect((await call(app, `/ssf/streams?access_token=${key}`)).status).toBe(401);
    const authorization = `Basic ${Buffer.from(`${keyId}:${key}`).toString('base64')}`;
    expect((await call(app, '/ssf/streams', { headers: { authorization } })).status).toBe(401);
  });
});
