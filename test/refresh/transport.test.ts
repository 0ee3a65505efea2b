import { onUsualDatabase } from '../databases.ts';
import { startApp, type TestApp } from '../harness.ts';
import { LOGIN, PASSWORD, REFRESH, type Person } from '../seed.ts';
import { LIMITS, MINUTE, rowOf } from './session-rows.ts';

const LOGOUT = 'mutation { logout { ended } }';

onUsualDatabase((database) => {
  let app: TestApp;
  let owner: Person;
  beforeAll(async () => {
    app = await startApp({ database, env: LIMITS });
    owner = (await app.seed.account()).owner;
  });
  afterAll(() => app.close());

  const signInByCookie = () => owner.tryLogin({ transport: 'COOKIE' });
  const refresh = (cookie: string | undefined, input?: object) => app.gql(REFRESH, { input }, { cookie });
  const valueOf = (cookie: string): string => cookie.slice(cookie.indexOf('=') + 1);

  test('a refresh by cookie answers by cookie, and the body carries no refresh token', async () => {
    const login = await signInByCookie();
    expect(login.data.login.refreshToken).toBeNull();
    const answer = await refresh(login.cookie!);
    expect(answer.data.refreshSession.refreshToken).toBeNull();
    expect(answer.cookie).toMatch(/^curfew_refresh=.+/);
    expect(answer.cookie).not.toBe(login.cookie);

    const again = await refresh(login.cookie!);
    expect(again.cookie).toBe(answer.cookie);
    expect((await refresh(answer.cookie!)).code).toBeUndefined();
  });

  test('the cookie is HttpOnly, SameSite=Strict, for the whole site, and lasts until the absolute deadline', async () => {
    const login = await signInByCookie();
    app.clock.advance(MINUTE);
    const answer = await refresh(login.cookie!);
    const maxAgeOf = ({ setCookie }: { setCookie: string | null }) =>
      Number(/Max-Age=(\d+)/.exec(setCookie!)?.[1]);
    expect(maxAgeOf(login) - maxAgeOf(answer)).toBe(60);
    for (const { setCookie } of [login, answer]) {
      const [, ...attributes] = setCookie!.split('; ');
      const expires = new Date(Date.parse(answer.data.refreshSession.absoluteExpiresAt)).toUTCString();
      expect(attributes.sort()).toEqual([
        `Expires=${expires}`,
        'HttpOnly',
        // Max-Age also works on a computer with a wrong clock.
        expect.stringMatching(/^Max-Age=[1-9]\d*$/),
        'Path=/',
        'SameSite=Strict',
      ]);
    }
  });

  test('a refresh by argument answers in the body and sets no cookie', async () => {
    const session = await owner.login();
    const answer = await session.refresh();
    expect(answer.data.refreshSession.refreshToken).toEqual(expect.any(String));
    expect(answer.setCookie).toBeNull();
  });

  test('the argument wins over the cookie, and the cookie stays unchanged', async () => {
    const login = await signInByCookie();
    const session = await owner.login();
    const answer = await refresh(login.cookie!, { refreshToken: session.refreshToken });
    expect(answer.data.refreshSession.session.id).toBe(session.sessionId);
    expect(answer.setCookie).toBeNull();
    expect((await rowOf(app, login.data.login.session.id)).generation).toBe(0);
  });

  test.each(['', 'nonsense'])('an argument of "%s" wins over a good cookie', async (refreshToken) => {
    const login = await signInByCookie();
    expect((await refresh(login.cookie!, { refreshToken })).code).toBe('INVALID_REFRESH_TOKEN');
    expect((await rowOf(app, login.data.login.session.id)).generation).toBe(0);
  });

  test.each([
    ['no input', undefined],
    ['an empty input', {}],
    ['a null token', { refreshToken: null }],
  ])('with neither token nor cookie and %s the token is invalid', async (_, input) => {
    expect((await refresh(undefined, input)).code).toBe('INVALID_REFRESH_TOKEN');
    expect((await refresh('other=1', input)).code).toBe('INVALID_REFRESH_TOKEN');
    expect((await refresh('__Host-curfew_refresh=x', input)).code).toBe('INVALID_REFRESH_TOKEN');
  });

  test('input may be absent when the cookie is present', async () => {
    const login = await signInByCookie();
    const answer = await app.gql('mutation { refreshSession { serverTime } }', {}, { cookie: login.cookie! });
    expect(answer.code).toBeUndefined();
  });

  test('no refusal clears the cookie, so a late one cannot wipe a newer token', async () => {
    const first = await signInByCookie();
    const second = await refresh(first.cookie!);
    const third = await refresh(second.cookie!);
    const consumed = await refresh(first.cookie!);
    expect(consumed.code).toBe('INVALID_REFRESH_TOKEN');
    await app.gql(LOGOUT, {}, { token: third.data.refreshSession.accessToken });
    const ended = await refresh(third.cookie!);
    expect(ended.code).toBe('INVALID_REFRESH_TOKEN');
    const idle = await signInByCookie();
    app.clock.advance(30 * MINUTE);
    const expired = await refresh(idle.cookie!);
    expect(expired.code).toBe('SESSION_EXPIRED_IDLE');
    const forged = await refresh('curfew_refresh=nonsense');
    for (const { setCookie } of [consumed, ended, expired, forged]) expect(setCookie).toBeNull();
  });

  test('logout by cookie ends the session and clears the cookie; again, it is no error', async () => {
    const login = await signInByCookie();
    const answer = await app.gql(LOGOUT, {}, { cookie: login.cookie! });
    expect(answer.data.logout).toEqual({ ended: true });
    expect(valueOf(answer.cookie!)).toBe('');
    expect(answer.setCookie).toContain('Expires=Thu, 01 Jan 1970');
    expect(answer.setCookie).toContain('Path=/');
    expect(await refresh(login.cookie!)).toMatchObject({ extensions: { endReason: 'LOGOUT' } });

    const again = await app.gql(LOGOUT, {}, { cookie: login.cookie! });
    expect(again.data.logout).toEqual({ ended: false });
    expect(valueOf(again.cookie!)).toBe('');
  });

  test('logout takes the session of the access token, or that of the cookie when the token is unusable', async () => {
    const byCookie = await signInByCookie();
    const byToken = await owner.login();
    await app.gql(LOGOUT, {}, { cookie: byCookie.cookie!, token: byToken.accessToken });
    expect((await rowOf(app, byToken.sessionId)).end_reason).toBe('LOGOUT');
    expect((await rowOf(app, byCookie.data.login.session.id)).end_reason).toBeNull();
    const answer = await app.gql(LOGOUT, {}, { cookie: byCookie.cookie!, token: byToken.accessToken });
    expect(answer.data.logout).toEqual({ ended: true });
    expect((await rowOf(app, byCookie.data.login.session.id)).end_reason).toBe('LOGOUT');
  });
});

onUsualDatabase((database) => {
  test('where the cookie is Secure it has the __Host- name, and the plain name is not read', async () => {
    const app = await startApp({ database, env: { ...LIMITS, COOKIE_SECURE: 'true' } });
    try {
      const { owner } = await app.seed.account();
      const input = { email: owner.email, password: PASSWORD, transport: 'COOKIE' };
      const login = await app.gql(LOGIN, { input });
      const [pair, ...attributes] = login.setCookie!.split('; ');
      expect(pair).toMatch(/^__Host-curfew_refresh=.+/);
      expect(attributes).toEqual(expect.arrayContaining(['Secure', 'HttpOnly', 'SameSite=Strict', 'Path=/']));
      expect(login.setCookie).not.toContain('Domain');
      const plain = await app.gql(REFRESH, {}, { cookie: pair!.replace('__Host-', '') });
      expect(plain.code).toBe('INVALID_REFRESH_TOKEN');
      const answer = await app.gql(REFRESH, {}, { cookie: pair! });
      expect(answer.setCookie).toMatch(/^__Host-curfew_refresh=.+; Secure/);
      const logout = await app.gql(LOGOUT, {}, { cookie: answer.cookie! });
      expect(logout.setCookie).toMatch(/^__Host-curfew_refresh=;.*Secure/);
    } finally {
      await app.close();
    }
  });
});
