import { Validator } from '@seriousme/openapi-schema-validator';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { sql } from 'kysely';
import { globSync, readFileSync } from 'node:fs';
import { startIssuer, type Issuer } from '../event-sources/issuer.ts';
import { createSource } from '../event-sources/source-calls.ts';
import { hangable, type HangingDatabase } from '../hanging-database.ts';
import { startApp, type TestApp } from '../harness.ts';
import { asReceiver, createSsfStream } from '../event-streams/ssf-calls.ts';
import { basic, openServiceSession } from '../service-api/endpoint-calls.ts';
import { waitUntil } from '../wait-until.ts';

const METRICS_TOKEN = 'metrics-token-of-this-test';
const FORM = { 'content-type': 'application/x-www-form-urlencoded' };
const JSON_TYPE = { 'content-type': 'application/json' };
const SET = { 'content-type': 'application/secevent+jwt' };
const AUDIENCE = 'of-this-test';
const REVOCATION = '/oauth/global-token-revocation';

let app: TestApp;
let hanging: HangingDatabase;
let document: any;
let key: string;
let sessionToken: string;
let accessToken: string;
let memberToken: string;
let keyOfAll: string;
let fullKey: string;
let streamId: string;
let issuer: Issuer;
let sourcePath: string;

beforeAll(async () => {
  app = await startApp({
    env: { METRICS_TOKEN, EVENT_ALLOW_PRIVATE_ADDRESSES: 'true' },
    wrapDatabase: (database) => (hanging = hangable(database)),
  });
  const account = await app.seed.account();
  ({ key, sessionToken } = await openServiceSession(app, account));
  const owner = await account.owner.login();
  ({ accessToken } = owner);
  issuer = await startIssuer();
  const source = await createSource(owner, { issuer: issuer.issuer, audience: AUDIENCE });
  sourcePath = new URL(source.endpointUrl).pathname;
  ({ accessToken: memberToken } = await (await account.addUser()).login());
  ({ key: keyOfAll } = await app.seed.serviceKey(null));
  const full = await app.seed.account();
  ({ key: fullKey } = await app.seed.serviceKey(full.id, { scope: 'SSF' }));
  for (let count = 0; count < 20; count += 1) await createSsfStream(asReceiver(app, fullKey));
  streamId = (await createSsfStream(asReceiver(app, key))).stream_id;
  document = await (await fetch(`${app.url}/openapi.json`)).json();
});
afterAll(async () => {
  await app.close();
  await issuer.close();
});

const bearer = (token: string) => ({ authorization: `Bearer ${token}` });
const oauth = (path: string) => ({
  '200': () => post(path, { ...FORM, ...bearer(key) }, `token=${sessionToken}x`),
  '400': () => post(path, { ...FORM, ...bearer(key) }, 'token=a&token=b'),
  '401': () => post(path, { ...FORM, ...bearer(`${key}x`) }, 'token=a'),
  '405': () => ask(path, { method: 'PUT' }),
  '413': () => post(path, { ...FORM, ...bearer(key) }, `token=${'x'.repeat(1_100_000)}`),
  '415': () => post(path, { ...JSON_TYPE, ...bearer(key) }, '{}'),
  '503': () => post(path, { ...FORM, ...bearer(key) }, 'token=a'),
});
const ask = (path: string, init: RequestInit = {}): Promise<Response> => fetch(`${app.url}${path}`, init);
const post = (path: string, headers: Record<string, string>, body: string) =>
  ask(path, { method: 'POST', headers, body });

const send = (method: string, path: string, body: unknown, by = key) =>
  ask(path, { method, headers: { ...JSON_TYPE, ...bearer(by) }, body: JSON.stringify(body) });
const pollPath = () => `/ssf/streams/${streamId}/poll`;
const ssfCallers = (method: string, path: string) => ({
  '401': () => ask(path, { method }),
  '403': () => ask(path, { method, headers: bearer(keyOfAll) }),
  '503': () => ask(path, { method, headers: bearer(key) }),
});
const ssfBodies = (method: string, path: string) => ({
  '400': () => send(method, path, []),
  '413': () => send(method, path, { description: 'x'.repeat(110_000) }),
  '415': () => ask(path, { method, headers: { ...bearer(key), 'content-type': 'text/csv' }, body: 'a,b' }),
});
const pushEvent = async () => post(sourcePath, SET, await issuer.securityEvent(AUDIENCE, app.clock.now()));
/** As after thousands of events of the source. */
async function whileSourceIsPaced(request: () => Promise<Response>): Promise<Response> {
  const pace = (until: Date | null) =>
    sql`update event_sources set paced_until = ${until}`.execute(app.database.em().getKysely());
  await pace(new Date(app.clock.now().getTime() + 100_000));
  try {
    return await request();
  } finally {
    await pace(null);
  }
}
async function revokeGlobally(body: string): Promise<Response> {
  const token = await issuer.revocationToken(AUDIENCE, app.clock.now());
  return post(REVOCATION, { ...JSON_TYPE, ...bearer(token) }, body);
}
const SOMEONE = '{"sub_id":{"format":"email","email":"someone@example.test"}}';

/** Of a node that no longer sees sessions end, which it notices after a while. */
async function readinessOfStaleNode(): Promise<Response> {
  let itsDatabase: HangingDatabase;
  const node = await startApp({
    clock: 'real',
    staleAfterMs: 1_500,
    wrapDatabase: (database) => (itsDatabase = hangable(database)),
  });
  const call = () => fetch(`${node.url}/readyz`);
  try {
    itsDatabase!.hang();
    await waitUntil(async () => (await call()).status === 503);
    return await call();
  } finally {
    itsDatabase!.restore();
    await node.close();
  }
}

/** A request for each status of each endpoint. A status that is documented and missing here fails the test. */
const REQUESTS: Record<string, Record<string, () => Promise<Response>>> = {
  'post /graphql': {
    '200': () => post('/graphql', JSON_TYPE, '{"query":"{ serverTime }"}'),
    '400': () => post('/graphql', JSON_TYPE, '{"query":"{ nothing }"}'),
    '413': () => post('/graphql', JSON_TYPE, JSON.stringify({ query: ' '.repeat(110_000) })),
    '415': () => post('/graphql', { 'content-type': 'text/csv' }, 'a,b'),
  },
  'get /graphql': { '405': () => ask('/graphql') },
  'get /schema.graphql': { '200': () => ask('/schema.graphql') },
  'get /auth/verify': {
    '204': () => ask('/auth/verify', { headers: bearer(accessToken) }),
    '400': () => ask('/auth/verify?touch=perhaps', { headers: bearer(accessToken) }),
    '401': () => ask('/auth/verify'),
    '503': () => ask('/auth/verify', { headers: bearer(accessToken) }),
  },
  'get /auth/verify/{path}': {
    '200': () => ask('/auth/verify/orders/7', { headers: { 'x-session-token': sessionToken } }),
    '401': () => ask('/auth/verify/orders/7'),
    '503': () => ask('/auth/verify/orders/7', { headers: bearer(accessToken) }),
  },
  'post /oauth/introspect': oauth('/oauth/introspect'),
  'post /oauth/revoke': oauth('/oauth/revoke'),
  'get /.well-known/jwks.json': { '200': () => ask('/.well-known/jwks.json') },
  'post /ssf/events/{sourceId}': {
    '202': pushEvent,
    '400': () => post(sourcePath, SET, 'nonsense'),
    '405': () => ask(sourcePath),
    '413': () => post(sourcePath, SET, 'x'.repeat(70_000)),
    '429': () => whileSourceIsPaced(pushEvent),
    '503': pushEvent,
  },
  'post /oauth/global-token-revocation': {
    '204': () => revokeGlobally(SOMEONE),
    '400': () => revokeGlobally('{}'),
    '401': () => post(REVOCATION, JSON_TYPE, SOMEONE),
    '405': () => ask(REVOCATION),
    '413': () => revokeGlobally('x'.repeat(70_000)),
    '429': () => whileSourceIsPaced(() => revokeGlobally(SOMEONE)),
    '503': () => revokeGlobally(SOMEONE),
  },
  'get /export/audit': {
    '200': () => ask('/export/audit?format=csv', { headers: bearer(accessToken) }),
    '400': () => ask('/export/audit?format=xml', { headers: bearer(accessToken) }),
    '401': () => ask('/export/audit?format=csv', { headers: bearer(key) }),
    '403': () => ask('/export/audit?format=csv', { headers: bearer(memberToken) }),
    '503': () => ask('/export/audit?format=csv', { headers: bearer(accessToken) }),
  },
  'get /export/policy': {
    '200': () => ask('/export/policy?format=csv', { headers: bearer(accessToken) }),
    '400': () => ask('/export/policy?format=xml', { headers: bearer(accessToken) }),
    '401': () => ask('/export/policy?format=csv', { headers: bearer(key) }),
    '403': () => ask('/export/policy?format=csv', { headers: bearer(memberToken) }),
    '503': () => ask('/export/policy?format=csv', { headers: bearer(accessToken) }),
  },
  'get /.well-known/ssf-configuration': { '200': () => ask('/.well-known/ssf-configuration') },
  'get /ssf/streams': {
    '200': () => ask('/ssf/streams', { headers: bearer(key) }),
    '400': () => ask('/ssf/streams?stream_id=a&stream_id=b', { headers: bearer(key) }),
    ...ssfCallers('GET', '/ssf/streams'),
    '404': () => ask('/ssf/streams?stream_id=a', { headers: bearer(key) }),
  },
  'post /ssf/streams': {
    '201': () => send('POST', '/ssf/streams', {}),
    ...ssfBodies('POST', '/ssf/streams'),
    ...ssfCallers('POST', '/ssf/streams'),
    '409': () => send('POST', '/ssf/streams', {}, fullKey),
  },
  'patch /ssf/streams': {
    '200': () => send('PATCH', '/ssf/streams', { stream_id: streamId, description: 'Shop' }),
    ...ssfBodies('PATCH', '/ssf/streams'),
    ...ssfCallers('PATCH', '/ssf/streams'),
    '404': () => send('PATCH', '/ssf/streams', { stream_id: 'a' }),
  },
  'put /ssf/streams': {
    '200': () => send('PUT', '/ssf/streams', { stream_id: streamId }),
    ...ssfBodies('PUT', '/ssf/streams'),
    ...ssfCallers('PUT', '/ssf/streams'),
    '404': () => send('PUT', '/ssf/streams', { stream_id: 'a' }),
  },
  'delete /ssf/streams': {
    '204': async () => {
      const { stream_id } = await createSsfStream(asReceiver(app, key));
      return ask(`/ssf/streams?stream_id=${stream_id}`, { method: 'DELETE', headers: bearer(key) });
    },
    '400': () => ask('/ssf/streams', { method: 'DELETE', headers: bearer(key) }),
    ...ssfCallers('DELETE', '/ssf/streams?stream_id=a'),
    '404': () => ask('/ssf/streams?stream_id=a', { method: 'DELETE', headers: bearer(key) }),
  },
  'post /ssf/streams/{streamId}/poll': {
    '200': () => send('POST', pollPath(), { returnImmediately: true }),
    ...ssfBodies('POST', '/ssf/streams/a/poll'),
    ...ssfCallers('POST', '/ssf/streams/a/poll'),
    '404': () => send('POST', '/ssf/streams/a/poll', {}),
    '405': () => ask(pollPath()),
    '429': async () => {
      const leaving = new AbortController();
      const polls = Array.from({ length: 5 }, () =>
        fetch(`${app.url}${pollPath()}`, {
          method: 'POST',
          signal: leaving.signal,
          headers: { ...JSON_TYPE, ...bearer(key) },
          body: '{}',
        }),
      );
      for (const poll of polls) poll.catch(() => {});
      const refused = await Promise.race(polls);
      const copy = new Response(await refused.text(), refused);
      leaving.abort();
      return copy;
    },
  },
  'get /ssf/status': {
    '200': () => ask(`/ssf/status?stream_id=${streamId}`, { headers: bearer(key) }),
    '400': () => ask('/ssf/status', { headers: bearer(key) }),
    ...ssfCallers('GET', '/ssf/status'),
    '404': () => ask('/ssf/status?stream_id=a', { headers: bearer(key) }),
  },
  'post /ssf/status': {
    '200': () => send('POST', '/ssf/status', { stream_id: streamId, status: 'enabled', reason: 'Back' }),
    ...ssfBodies('POST', '/ssf/status'),
    ...ssfCallers('POST', '/ssf/status'),
    '404': () => send('POST', '/ssf/status', { stream_id: 'a', status: 'enabled' }),
  },
  'post /ssf/verify': {
    '204': () => send('POST', '/ssf/verify', { stream_id: streamId }),
    ...ssfBodies('POST', '/ssf/verify'),
    ...ssfCallers('POST', '/ssf/verify'),
    '404': () => send('POST', '/ssf/verify', { stream_id: 'a' }),
    '405': () => ask('/ssf/verify'),
    '429': () => send('POST', '/ssf/verify', { stream_id: streamId }),
  },
  'get /healthz': { '200': () => ask('/healthz') },
  'get /readyz': { '200': () => ask('/readyz'), '503': readinessOfStaleNode },
  'get /metrics': {
    '200': () => ask('/metrics', { headers: bearer(METRICS_TOKEN) }),
    '401': () => ask('/metrics'),
  },
  'get /openapi.json': { '200': () => ask('/openapi.json') },
};

const operations = (): [string, any][] =>
  Object.entries(document.paths as Record<string, any>).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]): [string, any] => [`${method} ${path}`, operation]),
  );

test('the document is valid OpenAPI 3.1, of this server', async () => {
  const validator = new Validator();
  expect(await validator.validate(structuredClone(document))).toEqual({ valid: true });
  expect(validator.version).toBe('3.1');
  expect(document.servers).toEqual([{ url: app.url }]);
  const { version } = JSON.parse(readFileSync('package.json', 'utf8'));
  expect(document.info.version).toBe(version);
});

test('it has the endpoints that the contract names, and a request for every status', () => {
  const documented = operations().map(([name, { responses }]) => [
    name,
    Object.keys(responses as object).toSorted(),
  ]);
  const asked = Object.entries(REQUESTS).map(([name, statuses]) => [name, Object.keys(statuses).toSorted()]);
  expect(Object.fromEntries(documented)).toEqual(Object.fromEntries(asked));
});

test('no route of the server is missing, but for pages and what they load', () => {
  const routes = globSync('server/http/*.ts').flatMap((file) =>
    [...readFileSync(file, 'utf8').matchAll(/\.(?:get|post)(?:<.*>)?\(\s*'(\/.*?)'|url: '(\/.*?)'/g)].map(
      ([, called, named]) => (called ?? named)!,
    ),
  );
  expect(routes).toContain('/export/audit');
  const ofPages = ['/favicon.svg', '/favicon.ico', '/notice.js', '/notice/*', '/assets/*'];
  const documented = Object.keys(document.paths as object).map((path) =>
    path.replace('{path}', '*').replace('{streamId}', ':streamId'),
  );
  expect(routes.filter((route) => ![...ofPages, ...documented].includes(route))).toEqual([]);
});

test('a file of each documented type', async () => {
  const { content } = document.paths['/export/audit'].get.responses['200'];
  for (const [format, type] of [
    ['csv', 'text/csv'],
    ['jsonl', 'application/jsonl'],
  ]) {
    const response = await ask(`/export/audit?format=${format}`, { headers: bearer(accessToken) });
    expect(response.headers.get('content-type')).toContain(type);
    expect(Object.keys(content)).toContain(type);
    await response.text();
  }
});

/** What is asked for 503, by the name of the endpoint: all at once while the database hangs, since each waits for its timeout. */
let hungAnswers: Promise<Map<string, Response>> | null = null;

async function askWhileHanging(): Promise<Map<string, Response>> {
  const requests = Object.entries(REQUESTS).flatMap(([name, { '503': request }]) =>
    request ? [[name, request] as const] : [],
  );
  hanging.hang();
  try {
    return new Map(
      await Promise.all(requests.map(async ([name, request]) => [name, await request()] as const)),
    );
  } finally {
    hanging.restore();
  }
}

async function answerOf(name: string, status: string): Promise<Response> {
  if (status !== '503') return REQUESTS[name]![status]!();
  hungAnswers ??= askWhileHanging();
  return (await hungAnswers).get(name)!;
}

test.each(
  Object.entries(REQUESTS).flatMap(([name, statuses]) =>
    Object.keys(statuses).map((status) => [name, status]),
  ),
)('%s is answered with %s as the document says', async (name, status) => {
  const response = await answerOf(name!, status!);
  expect(response.status).toBe(Number(status));
  expect(response.headers.get('x-request-id')).toBeTruthy();
  const { responses } = operations().find(([known]) => known === name)![1];
  const { headers = {}, content } = responses[status!];
  for (const header of Object.keys(headers))
    expect([header, response.headers.has(header)]).toEqual([header, true]);
  const body = await response.text();
  if (!content) return expect(body).toBe('');
  const [type, { schema }] = Object.entries<any>(content)[0]!;
  // GraphQL over HTTP has a type of its own for clients that ask for it.
  expect(response.headers.get('content-type')).toMatch(new RegExp(`^${type.replace('/', '\\/')}(;|$)`));
  if (type !== 'application/json') return expect(body).not.toBe('');
  const ajv = new Ajv2020({ strict: false });
  const isValid = ajv.compile({ ...schema, components: document.components });
  expect([isValid(JSON.parse(body)), isValid.errors]).toEqual([true, null]);
});

test('introspection takes HTTP Basic and answers with the documented fields', async () => {
  const unknown = await post(
    '/oauth/introspect',
    { ...FORM, authorization: basic('no-such-id', key) },
    'token=a',
  );
  expect(unknown.status).toBe(401);
  for (const token of [accessToken, sessionToken]) {
    const answer = await post('/oauth/introspect', { ...FORM, ...bearer(key) }, `token=${token}`);
    const fields = Object.keys((await answer.json()) as object);
    expect(fields).toContain('session_expires_at');
    const known = Object.keys(document.components.schemas.Introspection.properties);
    expect(fields.filter((field) => !known.includes(field))).toEqual([]);
  }
});

test('the schema is served as text, as it stands', async () => {
  const response = await ask('/schema.graphql');
  expect(response.headers.get('content-type')).toBe('text/plain; charset=utf-8');
  expect(await response.text()).toBe(readFileSync('schema.graphql', 'utf8'));
});
