import { Validator } from '@seriousme/openapi-schema-validator';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { globSync, readFileSync } from 'node:fs';
import { hangable, type HangingDatabase } from '../hanging-database.ts';
import { startApp, type TestApp } from '../harness.ts';
import { basic, openServiceSession } from '../service-api/endpoint-calls.ts';
import { waitUntil } from '../wait-until.ts';

const METRICS_TOKEN = 'metrics-token-of-this-test';
const FORM = { 'content-type': 'application/x-www-form-urlencoded' };
const JSON_TYPE = { 'content-type': 'application/json' };

let app: TestApp;
let hanging: HangingDatabase;
let document: any;
let key: string;
let sessionToken: string;
let accessToken: string;
let memberToken: string;

beforeAll(async () => {
  app = await startApp({
    env: { METRICS_TOKEN },
    wrapDatabase: (database) => (hanging = hangable(database)),
  });
  const account = await app.seed.account();
  ({ key, sessionToken } = await openServiceSession(app, account));
  ({ accessToken } = await account.owner.login());
  ({ accessToken: memberToken } = await (await account.addUser()).login());
  document = await (await fetch(`${app.url}/openapi.json`)).json();
});
afterAll(() => app.close());

const bearer = (token: string) => ({ authorization: `Bearer ${token}` });
const oauth = (path: string) => ({
  '200': () => post(path, { ...FORM, ...bearer(key) }, `token=${sessionToken}x`),
  '400': () => post(path, { ...FORM, ...bearer(key) }, 'token=a&token=b'),
  '401': () => post(path, { ...FORM, ...bearer(`${key}x`) }, 'token=a'),
  '405': () => ask(path, { method: 'PUT' }),
  '413': () => post(path, { ...FORM, ...bearer(key) }, `token=${'x'.repeat(1_100_000)}`),
  '415': () => post(path, { ...JSON_TYPE, ...bearer(key) }, '{}'),
  '503': () => whileHanging(() => post(path, { ...FORM, ...bearer(key) }, 'token=a')),
});
const ask = (path: string, init: RequestInit = {}): Promise<Response> => fetch(`${app.url}${path}`, init);
const post = (path: string, headers: Record<string, string>, body: string) =>
  ask(path, { method: 'POST', headers, body });

async function whileHanging(call: () => Promise<Response>): Promise<Response> {
  hanging.hang();
  try {
    return await call();
  } finally {
    hanging.restore();
  }
}

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
    '503': () => whileHanging(() => ask('/auth/verify', { headers: bearer(accessToken) })),
  },
  'get /auth/verify/{path}': {
    '200': () => ask('/auth/verify/orders/7', { headers: { 'x-session-token': sessionToken } }),
    '401': () => ask('/auth/verify/orders/7'),
    '503': () => whileHanging(() => ask('/auth/verify/orders/7', { headers: bearer(accessToken) })),
  },
  'post /oauth/introspect': oauth('/oauth/introspect'),
  'post /oauth/revoke': oauth('/oauth/revoke'),
  'get /.well-known/jwks.json': { '200': () => ask('/.well-known/jwks.json') },
  'get /export/audit': {
    '200': () => ask('/export/audit?format=csv', { headers: bearer(accessToken) }),
    '400': () => ask('/export/audit?format=xml', { headers: bearer(accessToken) }),
    '401': () => ask('/export/audit?format=csv', { headers: bearer(key) }),
    '403': () => ask('/export/audit?format=csv', { headers: bearer(memberToken) }),
    '503': () => whileHanging(() => ask('/export/audit?format=csv', { headers: bearer(accessToken) })),
  },
  'get /export/policy': {
    '200': () => ask('/export/policy?format=csv', { headers: bearer(accessToken) }),
    '400': () => ask('/export/policy?format=xml', { headers: bearer(accessToken) }),
    '401': () => ask('/export/policy?format=csv', { headers: bearer(key) }),
    '403': () => ask('/export/policy?format=csv', { headers: bearer(memberToken) }),
    '503': () => whileHanging(() => ask('/export/policy?format=csv', { headers: bearer(accessToken) })),
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
  const documented = operations().map(([name, { responses }]) => [name, Object.keys(responses)]);
  const asked = Object.entries(REQUESTS).map(([name, statuses]) => [name, Object.keys(statuses)]);
  expect(Object.fromEntries(documented)).toEqual(Object.fromEntries(asked));
});

test('no route of the server is missing, but for pages and what they load', () => {
  const routes = globSync('server/http/*.ts').flatMap((file) =>
    [...readFileSync(file, 'utf8').matchAll(/\.(?:get|post)(?:<.*>)?\(\s*'(\/.*?)'|url: '(\/.*?)'/g)].map(
      ([, called, named]) => (called ?? named)!,
    ),
  );
  expect(routes).toContain('/export/audit');
  const ofPages = ['/favicon.svg', '/favicon.ico', '/assets/*'];
  const documented = Object.keys(document.paths as object).map((path) => path.replace('{path}', '*'));
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

test.each(
  Object.entries(REQUESTS).flatMap(([name, statuses]) =>
    Object.keys(statuses).map((status) => [name, status]),
  ),
)('%s is answered with %s as the document says', async (name, status) => {
  const response = await REQUESTS[name!]![status!]!();
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
