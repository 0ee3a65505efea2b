import { sql } from 'kysely';
import { startApp, type TestApp } from '../harness.ts';
import type { Person, SeededAccount } from '../seed.ts';
import { auditRows, from } from './account-calls.ts';

// Failures count for 15 minutes of real time, so each test has networks of its own.

const PER_PAIR = 3;
const PER_ADDRESS = 12;
let app: TestApp;
let account: SeededAccount;
let person: Person;

beforeAll(async () => {
  app = await startApp({
    env: {
      TRUST_PROXY: 'true',
      LOGIN_FAILURES_PER_PAIR: String(PER_PAIR),
      LOGIN_FAILURES_PER_ADDRESS: String(PER_ADDRESS),
    },
  });
});
beforeEach(async () => {
  account = await app.seed.account();
  person = await account.addUser();
});
afterAll(() => app.close());

const fail = (at: string, who = person) => who.tryLogin({ password: 'wrong password' }, from(at));

test.each([
  ['addresses of one /64', (n: number) => `2001:db8:1:1:${n}::${n}`, '2001:db8:1:2::1'],
  ['ports of one IPv4 address', (n: number) => `198.51.100.1:${1000 + n}`, '198.51.100.2'],
  ['ports of one IPv6 address', (n: number) => `[2001:db8:2:1::1]:${1000 + n}`, '2001:db8:2:2::1'],
  [
    'ways to write one IPv4 address',
    (n: number) =>
      ['198.51.100.5', '::ffff:198.51.100.5', '::FFFF:C633:6405', '[::ffff:198.51.100.5]:9'][n - 1]!,
    '198.51.100.6',
  ],
  ['texts that are no address', (n: number) => `garbage ${n}`, '198.51.100.7'],
])('%s are one client', async (_, at, elsewhere) => {
  for (let n = 1; n <= PER_PAIR; n += 1) expect((await fail(at(n))).code).toBe('INVALID_CREDENTIALS');
  expect((await person.tryLogin({}, from(at(PER_PAIR + 1)))).code).toBe('RATE_LIMITED');
  expect((await person.tryLogin({}, from(elsewhere))).errors).toBeUndefined();
});

test('the limit of an address covers its /64', async () => {
  for (let n = 1; n <= PER_ADDRESS; n += 1) {
    const { owner } = await app.seed.account();
    expect((await fail(`2001:db8:3:1::${n}`, owner)).code).toBe('INVALID_CREDENTIALS');
  }
  expect((await person.tryLogin({}, from('2001:db8:3:1:ffff::1'))).code).toBe('RATE_LIMITED');
});

test.each([
  ['unknown', '127.0.0.1'],
  ['<script>alert(1)</script>', '127.0.0.1'],
  ['203.0.113.9, not an address', '127.0.0.1'],
  ['not an address, 203.0.113.9', '203.0.113.9'],
  ['203.0.113.9:4711', '203.0.113.9'],
  ['::ffff:203.0.113.9', '203.0.113.9'],
  ['[2001:DB8:0:0::9]:443', '2001:db8::9'],
])('X-Forwarded-For: %s is kept as %s', async (header, address) => {
  expect((await fail(header)).code).toBe('INVALID_CREDENTIALS');
  const { sessionId } = await person.login({}, from(header));
  const { rows } = await sql<{ ip_address: string }>`
    select ip_address from sessions where id = ${sessionId}`.execute(app.database.em().getKysely());
  expect(rows).toEqual([{ ip_address: address }]);
  const trail = (await auditRows(app, account.id)).filter(({ ip_address }) => ip_address !== null);
  // Both at the same moment of the manual clock.
  expect(trail.map(({ action, ip_address }) => [action, ip_address]).toSorted()).toEqual([
    ['login.failed', address],
    ['session.started', address],
  ]);
});
