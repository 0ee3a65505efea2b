import { onEachDatabase } from '../databases.ts';
import { startApp, type TestApp } from '../harness.ts';
import type { Answer } from '../graphql-client.ts';
import type { Person, SeededAccount } from '../seed.ts';
import { PASSWORD } from '../seed.ts';
import { CHANGE_PASSWORD, from, INVITE, SET_PASSWORD, tokenOf } from './account-calls.ts';

// The counters of the embedded database live in the process; those of PostgreSQL are rows that all nodes share.

const PER_PAIR = 3;
const PER_EMAIL = 5;
const PER_ADDRESS = 6;
/** Password checks that run at the same time (passwords.ts): that many may be running when a limit is reached. */
const SLOTS = 4;

onEachDatabase((kind) => {
  let app: TestApp;
  let account: SeededAccount;
  let person: Person;
  let address: string;
  let addresses = 0;

  const newAddress = () => `198.51.100.${(addresses += 1)}`;

  beforeAll(async () => {
    app = await startApp({
      database: kind,
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

  test('an e-mail from one address is blocked there, even with the right password, and not elsewhere', async () => {
    await failTimes(PER_PAIR, () => fail(person, address));
    expectLimited(await login(person, address));
    expectLimited(await person.tryLogin({ email: ` ${person.email.toUpperCase()}` }, from(address)));
    expect((await login(person, newAddress())).errors).toBeUndefined();
    expect((await login(account.owner, address)).errors).toBeUndefined();
  });

  test('an e-mail is limited across all addresses', async () => {
    await failTimes(PER_EMAIL, () => fail(person, newAddress()));
    expectLimited(await login(person, newAddress()));
    expect((await login(account.owner, newAddress())).errors).toBeUndefined();
  });

  test('an address is limited across all e-mails', async () => {
    for (let n = 0; n < PER_ADDRESS; n += 1)
      expect((await app.seed.account().then(({ owner }) => fail(owner, address))).code).toBe(
        'INVALID_CREDENTIALS',
      );
    expectLimited(await login(person, address));
    expect((await login(person, newAddress())).errors).toBeUndefined();
  });

  test('an unknown e-mail is limited like a known one', async () => {
    const email = 'nobody@example.test';
    await failTimes(PER_PAIR, () => person.tryLogin({ email }, from(address)));
    expectLimited(await person.tryLogin({ email }, from(address)));
  });

  test('successful sign-ins do not count', async () => {
    for (let n = 0; n < PER_ADDRESS + 2; n += 1)
      expect((await login(person, address)).errors).toBeUndefined();
  });

  test('a success clears the pair, but not the e-mail', async () => {
    await failTimes(PER_PAIR - 1, () => fail(person, address));
    expect((await login(person, address)).errors).toBeUndefined();
    await failTimes(PER_PAIR - 1, () => fail(person, address));
    expect((await login(person, address)).errors).toBeUndefined();
    // The e-mail has four failures so far: one more, and an address without failures is refused too.
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

  test('simultaneous failures exceed a limit by at most the number of parallel password checks', async () => {
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

  test('a password that breaks the rules is not a failed attempt', async () => {
    const me = await person.login({}, from(newAddress()));
    for (let n = 0; n < PER_ADDRESS + 1; n += 1) {
      const input = { currentPassword: 'wrong password', newPassword: 'short' };
      expect((await me.gql(CHANGE_PASSWORD, { input }, from(address))).code).toBe('BAD_USER_INPUT');
    }
    expect((await login(person, address)).errors).toBeUndefined();
  });
});
