import { onEachDatabase } from '../databases.ts';
import { startApp, type TestApp } from '../harness.ts';
import { PASSWORD, REFRESH } from '../seed.ts';
import { auditRows, CURRENT_SESSION, LOGOUT, sessionEnd, VIEWER } from './account-calls.ts';

const cookieLogin = { transport: 'COOKIE' };

onEachDatabase((database) => {
  let app: TestApp;
  beforeAll(async () => {
    app = await startApp({ database });
  });
  afterAll(() => app.close());

  describe('login', () => {
    test('signs in with the e-mail in any letter case and with spaces around it', async () => {
      const { owner } = await app.seed.account();
      for (const email of [owner.email, owner.email.toUpperCase(), `  ${owner.email}\t`]) {
        const me = await owner.login({ email });
        expect((await me.gql(VIEWER)).data.viewer).toEqual({
          id: owner.id,
          email: owner.email,
          role: 'OWNER',
        });
      }
    });

    test('accepts the password in its composed and in its decomposed form', async () => {
      const account = await app.seed.account();
      const me = await account.owner.login();
      const change = (currentPassword: string, newPassword: string) =>
        me.gql(
          `mutation ($input: ChangePasswordInput!) { changePassword(input: $input) { endedSessions } }`,
          {
            input: { currentPassword, newPassword },
          },
        );
      const composed = 'caf\u00e9 au lait \ufb01ne';
      const decomposed = 'cafe\u0301 au lait fine';
      expect((await change(PASSWORD, composed)).errors).toBeUndefined();
      await account.owner.login({ password: decomposed });
      await account.owner.login({ password: composed });
    });

    test('creates a session with the kind of application, the address and the user agent', async () => {
      const { owner } = await app.seed.account();
      const { data } = await owner.tryLogin(
        { appType: 'TENANT_APP' },
        { headers: { 'user-agent': 'x'.repeat(600) } },
      );
      const me = await app.gql(
        `{ currentSession { appType ipAddress userAgent device isCurrent user { id } } }`,
        {},
        {
          token: data.login.accessToken,
        },
      );
      expect(me.data.currentSession).toEqual({
        appType: 'TENANT_APP',
        ipAddress: '127.0.0.1',
        userAgent: 'x'.repeat(500),
        device: null,
        isCurrent: true,
        user: { id: owner.id },
      });
    });

    test('records the time of the sign-in', async () => {
      const { owner } = await app.seed.account();
      app.clock.advance(1_000);
      const me = await owner.login();
      const { data } = await me.gql(`{ viewer { lastLoginAt } }`);
      expect(data.viewer.lastLoginAt).toBe(app.clock.now().toISOString());
    });

    test.each(['', 'curfew ', 'https://elsewhere.test'])('refuses the audience %j', async (audience) => {
      const { owner } = await app.seed.account();
      const answer = await owner.tryLogin({ audience });
      expect(answer.extensions).toMatchObject({ code: 'BAD_USER_INPUT', field: 'audience' });
    });

    test('works when the request carries an expired or ended token', async () => {
      const { owner } = await app.seed.account();
      const answer = await owner.tryLogin({}, { token: 'not.a.token' });
      expect(answer.errors).toBeUndefined();
    });
  });

  describe('viewer', () => {
    test('is null only without a token', async () => {
      expect(await app.gql(VIEWER)).toMatchObject({ status: 200, data: { viewer: null }, errors: undefined });
      for (const token of ['x', 'a.b.c', 'null', 'undefined'])
        expect(await app.gql(VIEWER, {}, { token })).toMatchObject({ status: 200, code: 'UNAUTHENTICATED' });
    });

    test('does not accept the refresh cookie as an access token', async () => {
      const { owner } = await app.seed.account();
      const { cookie } = await owner.tryLogin(cookieLogin);
      expect((await app.gql(VIEWER, {}, { cookie: cookie! })).data.viewer).toBeNull();
    });
  });

  test('currentSession says why and when an ended session ended', async () => {
    const { owner } = await app.seed.account();
    const [here, there] = [await owner.login(), await owner.login()];
    await there.gql(`mutation { revokeSessions { revokedCount } }`);
    expect((await here.gql(CURRENT_SESSION)).extensions).toEqual({
      code: 'UNAUTHENTICATED',
      endReason: 'REVOKED_BY_OWNER',
      endedAt: app.clock.now().toISOString(),
    });
  });

  describe('logout', () => {
    test('by access token ends that session once: a repeat is no error and changes nothing', async () => {
      const account = await app.seed.account();
      const [me, other] = [await account.owner.login(), await account.owner.login()];
      expect((await me.gql(LOGOUT)).data.logout).toEqual({ ended: true });
      const first = await sessionEnd(app, me.sessionId);
      expect(first).toEqual({ ended_at: app.clock.now(), end_reason: 'LOGOUT' });

      app.clock.advance(5_000);
      const again = await me.gql(LOGOUT);
      expect(again).toMatchObject({ errors: undefined, data: { logout: { ended: false } } });
      expect(await sessionEnd(app, me.sessionId)).toEqual(first);
      const ends = (await auditRows(app, account.id)).filter(({ action }) => action === 'session.ended');
      expect(ends).toEqual([
        expect.objectContaining({
          actor_id: account.owner.id,
          resource_id: me.sessionId,
          details: { reason: 'LOGOUT', user_id: account.owner.id },
        }),
      ]);
      expect((await other.gql(CURRENT_SESSION)).errors).toBeUndefined();
      expect((await me.refresh()).extensions).toMatchObject({
        code: 'INVALID_REFRESH_TOKEN',
        endReason: 'LOGOUT',
      });
    });

    test('by cookie when the access token is unusable, and clears the cookie', async () => {
      const { owner } = await app.seed.account();
      for (const token of [undefined, 'not.a.token']) {
        const signedIn = await owner.tryLogin(cookieLogin);
        const answer = await app.gql(LOGOUT, {}, { token, cookie: signedIn.cookie! });
        expect(answer.data.logout).toEqual({ ended: true });
        expect(answer.setCookie).toMatch(/^curfew_refresh=;/);
        expect(new Date(/Expires=([^;]+)/i.exec(answer.setCookie!)![1]!).getTime()).toBe(0);
        const sessionId = signedIn.data.login.session.id;
        expect((await sessionEnd(app, sessionId)).end_reason).toBe('LOGOUT');
        const again = await app.gql(LOGOUT, {}, { cookie: signedIn.cookie! });
        expect(again).toMatchObject({ errors: undefined, data: { logout: { ended: false } } });
      }
    });

    test('by cookie when the access token has expired', async () => {
      const { owner } = await app.seed.account();
      const signedIn = await owner.tryLogin(cookieLogin);
      app.clock.advance(301_000);
      const { accessToken: token, session } = signedIn.data.login;
      expect((await app.gql(CURRENT_SESSION, {}, { token })).code).toBe('UNAUTHENTICATED');
      expect((await app.gql(LOGOUT, {}, { token, cookie: signedIn.cookie! })).data.logout).toEqual({
        ended: true,
      });
      expect((await sessionEnd(app, session.id)).end_reason).toBe('LOGOUT');
    });

    test('prefers the access token: the session of the cookie stays alive', async () => {
      const account = await app.seed.account();
      const other = await account.addUser();
      const me = await account.owner.login();
      const { cookie, data } = await other.tryLogin(cookieLogin);
      expect((await me.gql(LOGOUT, {}, { cookie: cookie! })).data.logout).toEqual({ ended: true });
      expect((await sessionEnd(app, data.login.session.id)).ended_at).toBeNull();
    });

    test('with no session to end, or with an invalid token, is no error', async () => {
      for (const cookie of [undefined, 'curfew_refresh=rubbish', 'curfew_refresh=', 'curfew_refresh=%00'])
        expect(await app.gql(LOGOUT, {}, { cookie })).toMatchObject({
          errors: undefined,
          data: { logout: { ended: false } },
        });
    });
  });

  test('a refusal of a refresh cookie does not clear it', async () => {
    const answer = await app.gql(REFRESH, {}, { cookie: 'curfew_refresh=rubbish' });
    expect(answer).toMatchObject({ code: 'INVALID_REFRESH_TOKEN', setCookie: null });
  });
});
