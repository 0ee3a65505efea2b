import { onUsualDatabase } from '../databases.ts';
import { startApp, type TestApp } from '../harness.ts';
import { backEnd } from '../service-api/service-calls.ts';
import { LOGIN, PASSWORD, type Person, type SeededAccount } from '../seed.ts';
import { DELETE_USER } from '../deletion/deletion-calls.ts';
import { CHANGE_PASSWORD, from, INVITE, SET_PASSWORD, tokenOf } from './account-calls.ts';

// Anyone can use up the limit of another user's e-mail. Failures count for 15 minutes of real time, days do not
// matter.

const PER_PAIR = 3;
const PER_EMAIL = 4;
const DAY_MS = 24 * 60 * 60 * 1000;

onUsualDatabase((database) => {
  let app: TestApp;
  let account: SeededAccount;
  let person: Person;
  let addresses = 0;
  beforeAll(async () => {
    app = await startApp({
      database,
      env: {
        TRUST_PROXY: 'true',
        LOGIN_FAILURES_PER_PAIR: String(PER_PAIR),
        LOGIN_FAILURES_PER_EMAIL: String(PER_EMAIL),
      },
    });
  });
  beforeEach(async () => {
    account = await app.seed.account();
    person = await account.addUser();
  });
  afterAll(() => app.close());

  const newAddress = () => `198.51.100.${(addresses += 1)}`;
  const login = (at: string, cookie?: string, input = {}) => person.tryLogin(input, { ...from(at), cookie });
  const fail = (at: string, cookie?: string) => login(at, cookie, { password: 'wrong password' });

  /** Signs in and returns the cookie as the browser would send it back. */
  async function signInWithBrowser(at: string, who = person, cookie?: string): Promise<string> {
    const answer = await who.tryLogin({ transport: 'COOKIE' }, { ...from(at), cookie });
    expect(answer.errors).toBeUndefined();
    const [, kept, attributes] = /(curfew_device=[^;]+)(; .*)/.exec(answer.deviceCookie!)!;
    expect(attributes).toBe('; Max-Age=2592000; Path=/; HttpOnly; SameSite=Strict');
    return kept!;
  }

  async function useUpEmail(): Promise<void> {
    for (let n = 0; n < PER_EMAIL; n += 1)
      expect((await fail(newAddress())).code).toBe('INVALID_CREDENTIALS');
    expect((await login(newAddress())).code).toBe('RATE_LIMITED');
  }

  test('a browser that signed in before is let in from any address', async () => {
    const cookie = await signInWithBrowser(newAddress());
    await useUpEmail();
    expect((await login(newAddress(), cookie)).errors).toBeUndefined();
    expect((await login(newAddress())).code).toBe('RATE_LIMITED');
  });

  test('a known browser has a separate allowance, wherever it goes', async () => {
    const cookie = await signInWithBrowser(newAddress());
    await useUpEmail();
    for (let n = 0; n < PER_PAIR; n += 1)
      expect((await fail(newAddress(), cookie)).code).toBe('INVALID_CREDENTIALS');
    expect((await login(newAddress(), cookie)).code).toBe('RATE_LIMITED');
  });

  test('a success clears the allowance of the browser', async () => {
    const cookie = await signInWithBrowser(newAddress());
    await useUpEmail();
    for (let n = 0; n < PER_PAIR + 1; n += 1) {
      expect((await fail(newAddress(), cookie)).code).toBe('INVALID_CREDENTIALS');
      expect((await login(newAddress(), cookie)).errors).toBeUndefined();
    }
  });

  test('a browser is known to every user who signed in there', async () => {
    const others = await signInWithBrowser(newAddress(), account.owner);
    const both = await signInWithBrowser(newAddress(), person, others);
    await useUpEmail();
    expect((await login(newAddress(), others)).code).toBe('RATE_LIMITED');
    expect((await login(newAddress(), both)).errors).toBeUndefined();
  });

  test('a browser that a deleted user signed in with is not known to the next user with that e-mail', async () => {
    const cookie = await signInWithBrowser(newAddress());
    app.clock.advance(DAY_MS);
    const owner = await account.owner.login();
    expect((await owner.gql(DELETE_USER, { userId: person.id })).data).toEqual({ deleteUser: true });
    const input = { email: person.email, name: 'Someone else' };
    const { setPasswordUrl } = (await owner.gql(INVITE, { input })).data.inviteUser;
    const answer = await app.gql(SET_PASSWORD, {
      input: { token: tokenOf(setPasswordUrl), newPassword: 'a much better password' },
    });
    expect(answer.errors).toBeUndefined();
    await useUpEmail();
    expect((await login(newAddress(), cookie, { password: 'a much better password' })).code).toBe(
      'RATE_LIMITED',
    );
  });

  test('a forged cookie or one of another kind makes no browser known', async () => {
    const answer = await person.tryLogin({ transport: 'COOKIE' }, from(newAddress()));
    const [, refreshToken] = /curfew_refresh=([^;]+)/.exec(answer.setCookie!)!;
    const [, token] = /curfew_device=([^;]+)/.exec(answer.deviceCookie!)!;
    const [header, payload, signature] = token!.split('.');
    await useUpEmail();
    for (const forged of [refreshToken, `${header}.${payload}.`, `${header}.x.${signature}`, 'x', '%00', ''])
      expect((await login(newAddress(), `curfew_device=${forged}`)).code).toBe('RATE_LIMITED');
    expect((await login(newAddress(), `curfew_device=${token}`)).errors).toBeUndefined();
    const refresh = 'mutation { refreshSession { serverTime } }';
    const asRefreshToken = await app.gql(refresh, {}, { cookie: `curfew_refresh=${token}` });
    expect(asRefreshToken.code).toBe('INVALID_REFRESH_TOKEN');
  });

  test.each([
    ['IPv4 address', '203.0.113.1', '203.0.113.1:99', '203.0.113.2'],
    ['/64', '2001:db8:9:9::1', '2001:db8:9:9:8:7:6:5', '2001:db8:9:8::1'],
  ])('a network known by a sign-in lets in an unknown browser: %s', async (_, known, same, other) => {
    await person.login({}, from(known));
    await useUpEmail();
    expect((await login(same)).errors).toBeUndefined();
    expect((await login(other)).code).toBe('RATE_LIMITED');
    for (let n = 0; n < PER_PAIR; n += 1) expect((await fail(same)).code).toBe('INVALID_CREDENTIALS');
    expect((await login(same)).code).toBe('RATE_LIMITED');
  });

  test('a network is known only to the user who signed in there', async () => {
    const address = newAddress();
    await account.owner.login({}, from(address));
    await useUpEmail();
    expect((await login(address)).code).toBe('RATE_LIMITED');
  });

  test('an address that an application stated is not a known network', async () => {
    const { key } = await app.seed.serviceKey(account.id);
    await backEnd(app, key).create({ userId: person.id, ipAddress: '203.0.113.77' });
    await useUpEmail();
    expect((await login('203.0.113.77')).code).toBe('RATE_LIMITED');
  });

  test('after 30 days browser and network are unknown again', async () => {
    const address = newAddress();
    const cookie = await signInWithBrowser(address);
    app.clock.advance(30 * DAY_MS - 1000);
    await useUpEmail();
    const before = await app.gql(
      LOGIN,
      { input: { email: person.email, password: 'wrong password' } },
      { ...from(address), cookie },
    );
    expect(before.code).toBe('INVALID_CREDENTIALS');
    app.clock.advance(1000);
    expect((await login(address)).code).toBe('RATE_LIMITED');
    expect((await login(newAddress(), cookie)).code).toBe('RATE_LIMITED');
  });

  test('changePassword works from a known browser while the e-mail is blocked', async () => {
    const address = newAddress();
    const me = await person.login({}, from(address));
    await useUpEmail();
    const change = (at: string) =>
      me.gql(
        CHANGE_PASSWORD,
        { input: { currentPassword: PASSWORD, newPassword: 'a much better password' } },
        from(at),
      );
    expect((await change(newAddress())).code).toBe('RATE_LIMITED');
    expect((await change(address)).errors).toBeUndefined();
  });

  test('an unknown e-mail is refused in the same words', async () => {
    const email = `nobody-${addresses}@example.test`;
    const attempt = (at: string) => person.tryLogin({ email, password: 'wrong password' }, from(at));
    for (let n = 0; n < PER_EMAIL; n += 1)
      expect((await attempt(newAddress())).code).toBe('INVALID_CREDENTIALS');
    expect((await attempt(newAddress())).extensions).toEqual({
      code: 'RATE_LIMITED',
      retryAfterSeconds: expect.any(Number),
    });
  });
});
