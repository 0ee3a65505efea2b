import { randomUUID } from 'node:crypto';
import { startApp, type TestApp } from '../harness.ts';
import type { SeededAccount, SignedIn } from '../seed.ts';
import { CREATE_SOURCE, createSource, deleteSource, LIST_SOURCES } from './source-calls.ts';

const ISSUER = 'https://idp.example.com/realms/shop';
const AUDIENCE = 'https://curfew.example.com';
const AUDIT = `{ auditEvents(first: 100) { edges { node { action actorName resourceType resourceId details } } } }`;
const PROVIDER = {
  id: 'acme',
  name: 'Acme',
  issuer: 'https://login.acme.example',
  clientId: 'curfew',
  clientSecret: 'a secret',
};

let app: TestApp;
let account: SeededAccount;
let owner: SignedIn;

beforeAll(async () => {
  app = await startApp({ env: { OIDC_PROVIDERS: JSON.stringify([PROVIDER]) } });
});
beforeEach(async () => {
  account = await app.seed.account();
  owner = await account.owner.login();
});
afterAll(() => app.close());

const create = (input: Record<string, unknown>) =>
  owner.gql(CREATE_SOURCE, { input: { issuer: ISSUER, audience: AUDIENCE, ...input } });
const list = async (): Promise<any[]> => (await owner.gql(LIST_SOURCES)).data.eventSources;

test('a source is created, listed and deleted, and the trail says so', async () => {
  const source = await createSource(owner, { issuer: ISSUER, audience: AUDIENCE, provider: 'acme' });
  expect(source).toEqual({
    id: expect.any(String),
    issuer: ISSUER,
    audience: AUDIENCE,
    provider: 'acme',
    endpointUrl: `${app.url}/ssf/events/${source.id}`,
    createdAt: app.clock.now().toISOString(),
    lastReceivedAt: null,
    lastError: null,
    lastUnverifiedError: null,
  });
  app.clock.advance(1_000);
  const second = await createSource(owner, { issuer: ISSUER, audience: 'another' });
  expect(second.provider).toBeNull();
  expect(await list()).toEqual([source, second]);
  app.clock.advance(1_000);
  expect((await deleteSource(owner, source.id)).data.deleteEventSource).toBe(true);
  expect(await list()).toEqual([second]);
  expect((await deleteSource(owner, source.id)).code).toBe('NOT_FOUND');
  const trail = (await owner.gql(AUDIT)).data.auditEvents.edges
    .map(({ node }: any) => node)
    .filter(({ resourceId }: any) => resourceId === source.id);
  const row = {
    actorName: expect.stringMatching(/^Owner /),
    resourceType: 'event_source',
    resourceId: source.id,
    details: { issuer: ISSUER, audience: AUDIENCE, provider: 'acme' },
  };
  expect(trail).toEqual([
    { ...row, action: 'event_source.deleted' },
    { ...row, action: 'event_source.created' },
  ]);
});

test.each([
  ['a text that is no URL', { issuer: 'idp' }, 'issuer', 'MALFORMED'],
  ['another scheme', { issuer: 'ftp://idp.example.com' }, 'issuer', 'MALFORMED'],
  ['a password', { issuer: 'https://a:b@idp.example.com' }, 'issuer', 'MALFORMED'],
  ['a query', { issuer: 'https://idp.example.com/?a=b' }, 'issuer', 'MALFORMED'],
  ['a fragment', { issuer: 'https://idp.example.com/#a' }, 'issuer', 'MALFORMED'],
  ['a blank', { issuer: ' https://idp.example.com' }, 'issuer', 'MALFORMED'],
  ['a very long issuer', { issuer: `https://idp.example.com/${'a'.repeat(500)}` }, 'issuer', 'MALFORMED'],
  ['http', { issuer: 'http://idp.example.com' }, 'issuer', 'NOT_HTTPS'],
  ['this machine', { issuer: 'https://localhost' }, 'issuer', 'PRIVATE_ADDRESS'],
  ['a private address', { issuer: 'https://192.168.0.1' }, 'issuer', 'PRIVATE_ADDRESS'],
  ['an IPv4-mapped address', { issuer: 'https://[::ffff:169.254.169.254]' }, 'issuer', 'PRIVATE_ADDRESS'],
  ['an empty audience', { audience: '' }, 'audience', 'OUT_OF_BOUNDS'],
  ['an audience with a space', { audience: 'a b' }, 'audience', 'OUT_OF_BOUNDS'],
  ['a long audience', { audience: 'a'.repeat(501) }, 'audience', 'OUT_OF_BOUNDS'],
  ['an unknown provider', { provider: 'google' }, 'provider', 'UNKNOWN'],
])('%s is refused and changes nothing', async (_, input, field, reason) => {
  expect(await create(input)).toMatchObject({ code: 'BAD_USER_INPUT', extensions: { field, reason } });
  expect(await list()).toEqual([]);
});

test('an account has one source of an issuer and audience, and another account may have the same', async () => {
  await createSource(owner, { issuer: ISSUER, audience: AUDIENCE });
  expect(await create({ provider: 'acme' })).toMatchObject({
    code: 'BAD_USER_INPUT',
    extensions: { field: 'issuer', reason: 'TAKEN' },
  });
  const other = await (await app.seed.account()).owner.login();
  await createSource(other, { issuer: ISSUER, audience: AUDIENCE });
});

test('an account has at most 20 sources', async () => {
  for (let count = 0; count < 20; count += 1)
    expect((await create({ audience: `audience-${count}` })).errors).toBeUndefined();
  expect(await create({ audience: 'one-more' })).toMatchObject({
    code: 'BAD_USER_INPUT',
    extensions: { field: 'issuer', reason: 'TOO_MANY', max: 20 },
  });
});

test('a source of another account answers like one that does not exist', async () => {
  const { id } = await createSource(owner, { issuer: ISSUER, audience: AUDIENCE });
  const other = await (await app.seed.account()).owner.login();
  const answers = [await deleteSource(other, id), await deleteSource(other, randomUUID())];
  expect(answers.map(({ code, errors }) => [code, errors![0]!.message])).toEqual([
    ['NOT_FOUND', 'Event source not found.'],
    ['NOT_FOUND', 'Event source not found.'],
  ]);
  expect((await deleteSource(owner, 'no id')).code).toBe('NOT_FOUND');
  expect((await other.gql(LIST_SOURCES)).data.eventSources).toEqual([]);
  expect(await list()).toHaveLength(1);
});

test('a member, and an owner who signed in long ago, change nothing', async () => {
  const member = await (await account.addUser()).login();
  expect((await member.gql(LIST_SOURCES)).code).toBe('FORBIDDEN');
  const input = { issuer: ISSUER, audience: AUDIENCE };
  expect((await member.gql(CREATE_SOURCE, { input })).code).toBe('FORBIDDEN');
  const { id } = await createSource(owner, input);
  app.clock.advance(901_000);
  const fresh = await account.owner.login();
  const refreshed = (await owner.refresh()).data.refreshSession.accessToken;
  const asBefore = (query: string, variables: Record<string, unknown>) =>
    app.gql(query, variables, { token: refreshed });
  expect((await asBefore(CREATE_SOURCE, { input: { ...input, audience: 'b' } })).code).toBe(
    'REAUTHENTICATION_REQUIRED',
  );
  expect((await deleteSource({ gql: (query, variables = {}) => asBefore(query, variables) }, id)).code).toBe(
    'REAUTHENTICATION_REQUIRED',
  );
  expect((await fresh.gql(LIST_SOURCES)).data.eventSources).toHaveLength(1);
});
