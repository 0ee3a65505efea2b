import { startApp, type TestApp } from '../harness.ts';
import type { Answer } from '../graphql-client.ts';
import type { Person, SeededAccount } from '../seed.ts';
import { PASSWORD } from '../seed.ts';
import { CHANGE_PASSWORD, from, INVITE, SET_PASSWORD, tokenOf } from './operations.ts';

// The counters live in the process and know no database, so one is enough. Failures count for 15 minutes of real time.

const PER_PAIR = 3;
const PER_EMAIL = 5;
const PER_ADDRESS = 6;
/** Password checks that run at the same time, see passwords.ts: as many may be under way when a limit is reached. */
const SLOTS = 4;

let app: TestApp;
let account: SeededAccount;
let person: Person;
let address: string;
let addresses = 0;

const newAddress = () => `198.51.100.${(addresses += 1)}`;

beforeAll(async () => {
  app = await startApp({
    env: {
      TRUST_PROXY: 'true',
      LOGIN_FAILURES_PER_PAIR: String(PER_PAIR),
      LOGIN_FAILURES_PER_EMAIL: String(PER_EMAIL),
      LOGIN_FAILURES_PER_ADDRESS: String(PER_ADDRESS),
    },
  });
});
beforeEach(async () => {
  account = await app.seed.account();
  person = await account.addUser();
  address = newAddress();
});
afterAll(() => app.close());

const login = (who: Person, at: string, password = PASSWORD) => who.tryLogin({ password }, from(at));
const fail = (who: Person, at: string) => login(who, at, 'wrong password');

async function failTimes(times: number, once: () => Promise<Answer>): Promise<void> {
  for (let n = 0; n < times; n += 1) expect((await once()).code).toBe('INVALID_CREDENTIALS');
}

function expectLimited({ extensions, status }: Answer): void {
  expect(status).toBe(200);
  expect(extensions).toEqual({ code: 'RATE_LIMITED', retryAfterSeconds: expect.any(Number) });
  expect(extensions.retryAfterSeconds).toBeGreaterThan(800);
  expect(extensions.retryAfterSeconds).toBeLessThanOrEqual(900);
}

test('an e-mail from one address: the right password is refused too, from another address it is not', async () => {
  await failTimes(PER_PAIR, () => fail(person, address));
  expectLimited(await login(person, address));
  expectLimited(await person.tryLogin({ email: ` ${person.email.toUpperCase()}` }, from(address)));
  expect((await login(person, newAddress())).errors).toBeUndefined();
  expect((await login(account.owner, address)).errors).toBeUndefined();
});

test('an e-mail from anywhere', async () => {
  await failTimes(PER_EMAIL, () => fail(person, newAddress()));
  expectLimited(await login(person, newAddress()));
  expect((await login(account.owner, newAddress())).errors).toBeUndefined();
});

test('an address, whatever the e-mail', async () => {
  for (let n = 0; n < PER_ADDRESS; n += 1)
    expect((await app.seed.account().then(({ owner }) => fail(owner, address))).code).toBe(
      'INVALID_CREDENTIALS',
    );
  expectLimited(await login(person, address));
  expect((await login(person, newAddress())).errors).toBeUndefined();
});

test('an e-mail that nobody has is limited like one that somebody has', async () => {
  const email = 'nobody@example.test';
  await failTimes(PER_PAIR, () => person.tryLogin({ email }, from(address)));
  expectLimited(await person.tryLogin({ email }, from(address)));
});

test('sign-ins that succeed count for nothing', async () => {
  for (let n = 0; n < PER_ADDRESS + 2; n += 1) expect((await login(person, address)).errors).toBeUndefined();
});

test('a success clears the pair, but not the e-mail', async () => {
  await failTimes(PER_PAIR - 1, () => fail(person, address));
  expect((await login(person, address)).errors).toBeUndefined();
  await failTimes(PER_PAIR - 1, () => fail(person, address));
  expect((await login(person, address)).errors).toBeUndefined();
  // Four failures of the e-mail so far: one more, and the address that never failed is refused too.
  await failTimes(PER_EMAIL - 2 * (PER_PAIR - 1), () => fail(person, newAddress()));
  expectLimited(await login(person, newAddress()));
});

test('a success clears the pair, but not the address', async () => {
  for (let n = 0; n < PER_ADDRESS / 2; n += 1) {
    const { owner } = await app.seed.account();
    await failTimes(2, () => fail(owner, address));
    if (n < PER_ADDRESS / 2 - 1) expect((await login(owner, address)).errors).toBeUndefined();
  }
  expectLimited(await login(person, address));
});

test('failures that arrive together overrun a limit by no more than the password checks that run at once', async () => {
  const answers = await Promise.all(Array.from({ length: 40 }, () => fail(person, address)));
  const checked = answers.filter(({ code }) => code === 'INVALID_CREDENTIALS').length;
  expect(checked).toBeGreaterThanOrEqual(PER_PAIR);
  expect(checked).toBeLessThan(PER_PAIR + SLOTS);
  expect(answers.filter(({ code }) => code === 'RATE_LIMITED')).toHaveLength(40 - checked);
});

test('changePassword counts against the e-mail of the caller', async () => {
  const me = await person.login({}, from(newAddress()));
  const change = (currentPassword: string) =>
    me.gql(
      CHANGE_PASSWORD,
      { input: { currentPassword, newPassword: 'a much better password' } },
      from(address),
    );
  await failTimes(PER_PAIR, () => change('wrong password'));
  expectLimited(await change(PASSWORD));
  expectLimited(await login(person, address));
  expect((await login(person, newAddress())).errors).toBeUndefined();
});

test('setPassword counts against the address', async () => {
  const owner = await account.owner.login({}, from(newAddress()));
  const input = { email: `guest-${addresses}@example.test`, name: 'Gus Guest' };
  const { data } = await owner.gql(INVITE, { input });
  const set = (token: string, at: string, newPassword = 'a much better password') =>
    app.gql(SET_PASSWORD, { input: { token, newPassword } }, from(at));
  const token = tokenOf(data.inviteUser.setPasswordUrl);
  await failTimes(PER_ADDRESS, () => set('no such token', address));
  expectLimited(await set(token, address));
  expectLimited(await login(person, address));
  expect((await set(token, newAddress())).errors).toBeUndefined();
});

test('a password that the rules refuse is no failed attempt', async () => {
  const me = await person.login({}, from(newAddress()));
  for (let n = 0; n < PER_ADDRESS + 1; n += 1) {
    const input = { currentPassword: 'wrong password', newPassword: 'short' };
    expect((await me.gql(CHANGE_PASSWORD, { input }, from(address))).code).toBe('BAD_USER_INPUT');
  }
  expect((await login(person, address)).errors).toBeUndefined();
});
