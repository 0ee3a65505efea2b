import fc from 'fast-check';
import { startApp, type TestApp } from '../harness.ts';
import { ROOT_FIELDS } from './root-fields.ts';

// Invariant: no input without proof of identity, nor an owner's own, causes a fault or reveals internals.

const RUNS = 300;
let app: TestApp;
let token: string;
beforeAll(async () => {
  const limits = {
    LOGIN_FAILURES_PER_ADDRESS: '100000',
    LOGIN_FAILURES_PER_PAIR: '100000',
    LOGIN_FAILURES_PER_EMAIL: '100000',
  };
  app = await startApp({ env: limits });
  const account = await app.seed.account();
  token = (await account.owner.login()).accessToken;
});
afterAll(() => app.close());

const text = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 40 }),
  fc.constantFrom(
    '',
    '\0',
    '\ud800',
    '\u202e',
    "' or 1=1 --",
    '${7*7}',
    '../../etc/passwd',
    'x'.repeat(5_000),
    '__proto__',
  ),
  fc.uuid(),
  fc.emailAddress(),
);
const leaf = fc.oneof(
  text,
  fc.integer(),
  fc.double(),
  fc.boolean(),
  fc.constantFrom(null, 2 ** 31, -(2 ** 31), 2 ** 53, 'OWNER', 'ALL', 'COOKIE', 'ACTIVE_SESSIONS'),
);
const { value } = fc.letrec<{ value: unknown }>((tie) => ({
  value: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    leaf,
    fc.array(tie('value'), { maxLength: 3 }),
    fc.dictionary(fc.oneof(text, fc.constantFrom('$gt', 'email', 'password', 'toString')), tie('value'), {
      maxKeys: 3,
    }),
  ),
}));

/** The working variables of a call with some of them, at any depth, replaced. */
const mutated = (given: Record<string, unknown>): fc.Arbitrary<Record<string, unknown>> =>
  fc.array(fc.tuple(fc.nat(), value), { minLength: 0, maxLength: 3 }).map((changes) => {
    const copy = structuredClone(given);
    for (const [choice, replacement] of changes) {
      const places = placesIn(copy);
      const place = places[choice % places.length];
      if (place) place.owner[place.key] = replacement;
    }
    return copy;
  });

function placesIn(owner: Record<string, unknown>): { owner: Record<string, unknown>; key: string }[] {
  return Object.keys(owner).flatMap((key) => {
    const inner = owner[key];
    const isObject = typeof inner === 'object' && inner !== null && !Array.isArray(inner);
    return [{ owner, key }, ...(isObject ? placesIn(inner as Record<string, unknown>) : [])];
  });
}

const call = fc
  .constantFrom(...ROOT_FIELDS.filter(({ name }) => name !== 'revokeSessions' && name !== 'logout'))
  .chain((field) => fc.record({ query: fc.constant(field.document), variables: mutated(field.variables) }));
const rubbish = fc.record(
  { query: text, variables: value, operationName: value, extensions: value },
  { requiredKeys: [] },
);
/** Characters that a header may hold on the wire. */
const header = fc.string({
  unit: fc.integer({ min: 0x20, max: 0x7e }).map((code) => String.fromCharCode(code)),
  maxLength: 60,
});
const headers = fc.record(
  {
    authorization: fc.oneof(
      header,
      header.map((text) => `Bearer ${text}`),
      fc.constant('own'),
    ),
    cookie: header.map((text) => `curfew_refresh=${text}`),
    'user-agent': header,
    origin: header,
    'x-forwarded-for': header,
  },
  { requiredKeys: [] },
);

async function expectNoFault(body: unknown, given: Record<string, string | undefined>): Promise<void> {
  const own = given.authorization === 'own' ? { authorization: `Bearer ${token}` } : {};
  const response = await fetch(`${app.url}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...(given as Record<string, string>), ...own },
    body: JSON.stringify(body) ?? '',
  });
  const text = await response.text();
  expect(response.status).toBeLessThan(500);
  expect(text).not.toMatch(/INTERNAL_SERVER_ERROR|stacktrace|node_modules|\bat .*\.[jt]s:\d+|select .* from/);
}

test('mangled variables of every operation', async () => {
  await fc.assert(fc.asyncProperty(call, headers, expectNoFault), { numRuns: RUNS });
});

test('mangled variables of every operation, by an owner', async () => {
  await fc.assert(
    fc.asyncProperty(call, (body) => expectNoFault(body, { authorization: 'own' })),
    { numRuns: RUNS },
  );
});

test('bodies that are not an operation', async () => {
  await fc.assert(fc.asyncProperty(fc.oneof(rubbish, value), headers, expectNoFault), { numRuns: RUNS });
});

test('the owner is still served afterwards', async () => {
  const answer = await app.gql('{ viewer { id } }', {}, { token });
  expect(answer.status).toBe(200);
});
