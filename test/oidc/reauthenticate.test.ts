import { type RawBuilder, sql } from 'kysely';
import { auditOf, rowOf } from '../refresh/session-rows.ts';
import { LOGOUT } from '../accounts/account-calls.ts';
import { reauthenticate } from '../accounts/reauthenticate-calls.ts';
import type { Answer } from '../graphql-client.ts';
import { claimsOf, LOGIN, PASSWORD, REFRESH } from '../seed.ts';
import { backEnd } from '../service-api/service-calls.ts';
import { CALLBACK, count, refusal, refusedWith, setStage, type Stage } from './flows.ts';
import type { Jar } from './provider.ts';

const nowSeconds = () => Math.floor(Date.now() / 1000);
const SESSION = `{ currentSession { id authenticatedAt canReauthenticate authenticationMethod authenticationProvider } }`;
const TIMELINE = 'query ($id: ID!) { explainSession(sessionId: $id) { timeline { text } } }';
const OPTIONS = '{ reauthenticationOptions { password providers { id name } } }';

describe('authenticating again at an identity provider', () => {
  let stage: Stage;
  beforeAll(async () => {
    stage = await setStage();
  });
  afterAll(() => stage.close());
  beforeEach(() => {
    stage.provider.misbehaviour = {};
  });

  interface SignedIn {
    user: { id: string; email: string; accountId: string };
    accessToken: string;
    refreshToken: string;
    sessionId: string;
  }

  /** Signed in at the provider. */
  async function signedIn(jar?: Jar): Promise<SignedIn> {
    const user = await stage.invite();
    const { data } = await stage.complete(await stage.toCallback(user.email, {}, jar));
    const { accessToken, refreshToken, session } = data.completeOAuthLogin;
    return { user, accessToken, refreshToken, sessionId: session.id };
  }

  const start = (token: string | undefined, input = {}, cookie?: string): Promise<Answer> =>
    stage.start({ reauthenticate: true, ...input }, { token, cookie });

  /** Starts it in this session, and signs in at the provider as `account`. */
  async function toCallback(who: SignedIn, account = who.user.email, input = {}, jar?: Jar) {
    const { data, cookie, errors } = await start(who.accessToken, input);
    expect(errors).toBeUndefined();
    const { authorizationUrl, flowToken } = data.startOAuthLogin;
    const callbackUrl = await stage.provider.signIn(authorizationUrl, account, jar);
    return { callbackUrl, flowToken, cookie };
  }

  const current = async (token: string) => (await stage.app.gql(SESSION, {}, { token })).data.currentSession;
  const refresh = (refreshToken: string) => stage.app.gql(REFRESH, { input: { refreshToken } });

  test('the provider is asked for a new sign-in, and the session gets it', async () => {
    const jar: Jar = new Map();
    const who = await signedIn(jar);
    const before = await rowOf(stage.app, who.sessionId);
    const sessions = await count(stage.app, 'sessions');
    const { data } = await start(who.accessToken);
    const { searchParams } = new URL(data.startOAuthLogin.authorizationUrl);
    expect([searchParams.get('prompt'), searchParams.get('max_age')]).toEqual(['login', '0']);

    // Still signed in at the provider: it asks again nevertheless.
    stage.provider.requests.length = 0;
    const at = await toCallback(who, who.user.email, {}, jar);
    expect(stage.provider.requests).toContainEqual(expect.stringMatching(/^GET \/auth\/./));
    const answer = await stage.complete(at, { refreshToken: who.refreshToken }, { token: who.accessToken });
    const payload = answer.data.completeOAuthLogin;
    expect(payload).toMatchObject({
      session: { id: who.sessionId, isCurrent: true },
      user: { id: who.user.id },
    });
    const { authenticatedAt, ...session } = await current(who.accessToken);
    expect(session).toEqual({
      id: who.sessionId,
      canReauthenticate: true,
      authenticationMethod: 'OIDC',
      authenticationProvider: 'The provider',
    });
    expect(new Date(authenticatedAt).getTime()).toBeGreaterThan(new Date(before.authenticated_at).getTime());
    expect(claimsOf(payload.accessToken).auth_time).toBe(Math.floor(Date.parse(authenticatedAt) / 1000));
    expect(await count(stage.app, 'sessions')).toBe(sessions);
    expect(await auditOf(stage.app, who.sessionId)).toEqual(['session.started', 'session.reauthenticated']);

    // What was presented has no grace; the successor is good, and the flow is used up.
    expect((await refresh(who.refreshToken)).code).toBe('INVALID_REFRESH_TOKEN');
    expect((await refresh(payload.refreshToken)).errors).toBeUndefined();
    expect(refusal(await stage.complete(at))).toEqual(refusedWith('OAUTH_FLOW_INVALID'));
  });

  test('a session that signed in with a password can do it too, and the other way round', async () => {
    const who = await signedIn();
    const login = await stage.app.gql(LOGIN, { input: { email: who.user.email, password: PASSWORD } });
    const { accessToken, refreshToken, session } = login.data.login;
    const one = { ...who, accessToken, refreshToken, sessionId: session.id };
    expect((await stage.complete(await toCallback(one))).errors).toBeUndefined();
    expect(await current(accessToken)).toMatchObject({ authenticationMethod: 'OIDC' });
    const [started] = (await stage.app.gql(TIMELINE, { id: session.id }, { token: accessToken })).data
      .explainSession.timeline;
    // The row has the method of the latest authentication only.
    expect(started.text).toMatch(/ signed in\. Limits: /);

    const gql = (query: string, variables?: Record<string, unknown>) =>
      stage.app.gql(query, variables, { token: who.accessToken });
    const answer = await reauthenticate({ ...who, gql } as never);
    expect(answer.errors).toBeUndefined();
    expect(await current(who.accessToken)).toMatchObject({
      authenticationMethod: 'PASSWORD',
      authenticationProvider: null,
    });
  });

  describe('the refresh token', () => {
    test('may be absent: the latest one is replaced', async () => {
      const who = await signedIn();
      const { data } = await refresh(who.refreshToken);
      const answer = await stage.complete(await toCallback(who));
      expect((await refresh(data.refreshSession.refreshToken)).code).toBe('INVALID_REFRESH_TOKEN');
      expect((await refresh(answer.data.completeOAuthLogin.refreshToken)).errors).toBeUndefined();
    });

    test('of another session is refused, and the flow stays open', async () => {
      const [who, other] = [await signedIn(), await signedIn()];
      const at = await toCallback(who);
      for (const refreshToken of [other.refreshToken, 'not.a.token', who.accessToken])
        expect((await stage.complete(at, { refreshToken })).code).toBe('INVALID_REFRESH_TOKEN');
      expect((await stage.complete(at, { refreshToken: who.refreshToken })).errors).toBeUndefined();
      expect((await refresh(other.refreshToken)).errors).toBeUndefined();
    });

    test('that was replaced long ago ends the session, as with a refresh', async () => {
      const who = await signedIn();
      await refresh(who.refreshToken);
      await sql`update sessions set rotated_at = rotated_at - interval '11 seconds' where id = ${who.sessionId}`.execute(
        stage.app.database.em().getKysely(),
      );
      const answer = await stage.complete(await toCallback(who), { refreshToken: who.refreshToken });
      expect(answer.extensions).toMatchObject({
        code: 'INVALID_REFRESH_TOKEN',
        endReason: 'REFRESH_TOKEN_REUSED',
      });
    });

    test('travels in the cookie when it came in one, and the browser keeps its session', async () => {
      const who = await signedIn();
      const login = await stage.app.gql(LOGIN, {
        input: { email: who.user.email, password: PASSWORD, transport: 'COOKIE' },
      });
      const { accessToken, session } = login.data.login;
      const one = { ...who, accessToken, sessionId: session.id };
      const at = await toCallback(one, who.user.email, { transport: 'COOKIE' });
      const answer = await stage.complete(
        { callbackUrl: at.callbackUrl },
        { transport: 'BODY' },
        { cookie: `${login.cookie}; ${at.cookie}` },
      );
      expect(answer.data.completeOAuthLogin).toMatchObject({
        refreshToken: null,
        session: { id: session.id },
      });
      expect(answer.setCookie).toMatch(/curfew_refresh=[^;]+/);
      expect((await rowOf(stage.app, session.id)).ended_at).toBeNull();
    });

    test('in the cookie of another session is not overwritten', async () => {
      const who = await signedIn();
      const other = await stage.app.gql(LOGIN, {
        input: { email: who.user.email, password: PASSWORD, transport: 'COOKIE' },
      });
      const at = await toCallback(who);
      const byCookie = await stage.complete(at, { transport: 'COOKIE' }, { cookie: other.cookie! });
      expect(byCookie.code).toBe('INVALID_REFRESH_TOKEN');
      const byBody = await stage.complete(at, { transport: 'BODY' }, { cookie: other.cookie! });
      expect(byBody.data.completeOAuthLogin).toMatchObject({
        refreshToken: expect.any(String),
        session: { id: who.sessionId },
      });
      expect(byBody.setCookie).toBeNull();
      expect((await rowOf(stage.app, other.data.login.session.id)).ended_at).toBeNull();
    });
  });

  describe('is refused', () => {
    /** Nothing about the session has changed. */
    async function unchanged(who: SignedIn, run: () => Promise<void>): Promise<void> {
      const before = await rowOf(stage.app, who.sessionId);
      await run();
      expect(await rowOf(stage.app, who.sessionId)).toEqual(before);
      expect((await refresh(who.refreshToken)).errors).toBeUndefined();
    }

    test('for another person, who is not signed in either, and the trail says so', async () => {
      const [who, other] = [await signedIn(), await signedIn()];
      const sessions = await count(stage.app, 'sessions');
      stage.provider.accounts.stranger = { email: 'stranger@example.test', email_verified: true };
      await unchanged(who, async () => {
        for (const account of [other.user.email, 'stranger']) {
          const answer = await stage.complete(await toCallback(who, account));
          expect(refusal(answer)).toEqual(refusedWith('ANOTHER_PERSON'));
        }
      });
      expect(await count(stage.app, 'sessions')).toBe(sessions);
      expect(await auditOf(stage.app, who.user.id)).toEqual(
        expect.arrayContaining(['login.failed', 'login.failed']),
      );
      expect(await auditOf(stage.app, who.sessionId)).toEqual(['session.started']);
    });

    test('where the sign-in at the provider is an older one', async () => {
      const who = await signedIn();
      await unchanged(who, async () => {
        stage.provider.misbehaviour = { idTokenClaims: { auth_time: nowSeconds() - 90 } };
        const answer = await stage.complete(await toCallback(who));
        expect(refusal(answer)).toEqual(refusedWith('REAUTHENTICATION_REQUIRED'));
        expect(answer.extensions).not.toHaveProperty('authorizationUrl');
      });
      // Within the difference of clocks it is a new one.
      stage.provider.misbehaviour = { idTokenClaims: { auth_time: nowSeconds() - 30 } };
      expect((await stage.complete(await toCallback(who))).errors).toBeUndefined();
    });

    test.each([undefined, 'now', -1])('where the provider says %j for when it was', async (auth_time) => {
      const who = await signedIn();
      await unchanged(who, async () => {
        stage.provider.misbehaviour = { idTokenClaims: { auth_time } };
        const answer = await stage.complete(await toCallback(who));
        expect(refusal(answer)).toEqual(refusedWith('PROVIDER_ANSWER_INVALID'));
      });
    });

    test('where the person cancels', async () => {
      const who = await signedIn();
      await unchanged(who, async () => {
        const { data } = await start(who.accessToken);
        const { authorizationUrl, flowToken } = data.startOAuthLogin;
        const callbackUrl = await stage.provider.signIn(authorizationUrl, null);
        const answer = await stage.complete({ callbackUrl, flowToken });
        expect(refusal(answer)).toEqual(refusedWith('PROVIDER_REFUSED'));
      });
    });

    test('for a caller of another session, of the same person too', async () => {
      const who = await signedIn();
      const login = await stage.app.gql(LOGIN, { input: { email: who.user.email, password: PASSWORD } });
      const at = await toCallback(who);
      const token = login.data.login.accessToken;
      await unchanged(who, async () => {
        expect(refusal(await stage.complete(at, {}, { token }))).toEqual(refusedWith('OAUTH_FLOW_INVALID'));
      });
      expect((await stage.complete(at, {}, { token: who.accessToken })).errors).toBeUndefined();
    });

    test('for a session that has ended, which answers like a refresh', async () => {
      for (const withToken of [true, false]) {
        const who = await signedIn();
        const at = await toCallback(who);
        await stage.app.gql(LOGOUT, {}, { token: who.accessToken });
        const answer = await stage.complete(at, withToken ? { refreshToken: who.refreshToken } : {});
        expect(answer.extensions).toMatchObject({ code: 'INVALID_REFRESH_TOKEN', endReason: 'LOGOUT' });
      }
    });

    test.each([
      ['idle', 'SESSION_EXPIRED_IDLE', sql`idle_expires_at = now()`],
      ['absolute', 'SESSION_EXPIRED_ABSOLUTE', sql`idle_expires_at = now(), absolute_expires_at = now()`],
    ])('past the %s deadline: %s', async (_, code, passed) => {
      for (const withToken of [true, false]) {
        const who = await signedIn();
        const at = await toCallback(who);
        await sql`update sessions set ${passed} where id = ${who.sessionId}`.execute(
          stage.app.database.em().getKysely(),
        );
        const answer = await stage.complete(at, withToken ? { refreshToken: who.refreshToken } : {});
        expect(answer.code).toBe(code);
      }
    });
  });

  describe('starting it', () => {
    test('needs a signed-in person', async () => {
      const who = await signedIn();
      const key = (await stage.app.seed.serviceKey(who.user.accountId)).key;
      const shop = backEnd(stage.app, key);
      const scoped = await shop.issue((await shop.create()).sessionToken);
      expect((await start(undefined)).code).toBe('UNAUTHENTICATED');
      expect((await start('not.a.token')).code).toBe('UNAUTHENTICATED');
      expect((await start(key)).code).toBe('FORBIDDEN');
      expect((await start(scoped)).code).toBe('FORBIDDEN');
      await stage.app.gql(LOGOUT, {}, { token: who.accessToken });
      expect((await start(who.accessToken)).code).toBe('UNAUTHENTICATED');
    });

    test('needs a provider with which the person has signed in', async () => {
      const user = await stage.invite();
      const login = await stage.app.gql(LOGIN, { input: { email: user.email, password: PASSWORD } });
      const token = login.data.login.accessToken;
      expect((await start(token)).code).toBe('NOT_FOUND');
      expect((await start(token, { providerId: 'other' })).code).toBe('NOT_FOUND');
      const elsewhere = await start((await signedIn()).accessToken, { redirectUri: `${CALLBACK}/other` });
      expect(elsewhere.extensions).toMatchObject({ code: 'BAD_USER_INPUT', field: 'redirectUri' });
    });

    test('after a sign-out in the same document is refused', async () => {
      const who = await signedIn();
      const document = `mutation Start($input: StartOAuthLoginInput!) { logout { ended }
        startOAuthLogin(input: $input) { flowToken } }`;
      const input = { providerId: 'test', redirectUri: CALLBACK, reauthenticate: true };
      const { code } = await stage.app.gql(document, { input }, { token: who.accessToken });
      expect(code).toBe('UNAUTHENTICATED');
    });
  });

  test('a session_expiry of the new sign-in is the latest end, in place of the one before', async () => {
    stage.provider.misbehaviour = { idTokenClaims: { session_expiry: nowSeconds() + 600 } };
    const who = await signedIn();
    const session_expiry = nowSeconds() + 1200;
    stage.provider.misbehaviour = { idTokenClaims: { session_expiry } };
    const first = await stage.complete(await toCallback(who));
    const end = new Date(session_expiry * 1000).toISOString();
    expect(first.data.completeOAuthLogin.session).toMatchObject({
      absoluteExpiresAt: end,
      idleExpiresAt: end,
    });
    // It holds for a password, too: the provider set it for this session.
    const gql = (query: string, variables?: Record<string, unknown>) =>
      stage.app.gql(query, variables, { token: who.accessToken });
    const { refreshToken } = first.data.completeOAuthLogin;
    const second = await reauthenticate({ ...who, gql } as never, { refreshToken });
    expect(second.data.reauthenticate.session).toMatchObject({ absoluteExpiresAt: end });

    stage.provider.misbehaviour = { idTokenClaims: { session_expiry: nowSeconds() - 1 } };
    expect(refusal(await stage.complete(await toCallback(who)))).toEqual(
      refusedWith('REAUTHENTICATION_REQUIRED'),
    );
  });

  test('a person without a password can, while their provider is configured', async () => {
    const who = await signedIn();
    const run = (statement: RawBuilder<unknown>) => statement.execute(stage.app.database.em().getKysely());
    const options = async (token: string) =>
      (await stage.app.gql(OPTIONS, {}, { token })).data.reauthenticationOptions;
    const atProvider = [{ id: 'test', name: 'The provider' }];
    expect(await options(who.accessToken)).toEqual({ password: true, providers: atProvider });
    await run(sql`update users set password_hash = null where id = ${who.user.id}`);
    expect((await current(who.accessToken)).canReauthenticate).toBe(true);
    expect(await options(who.accessToken)).toEqual({ password: false, providers: atProvider });
    await run(sql`update user_identities set issuer = 'https://gone.example' where user_id = ${who.user.id}`);
    expect((await current(who.accessToken)).canReauthenticate).toBe(false);
    expect(await options(who.accessToken)).toEqual({ password: false, providers: [] });
    expect((await start(who.accessToken)).code).toBe('NOT_FOUND');
  });

  test('someone who has never signed in at a provider is offered the password only', async () => {
    const { owner } = await stage.app.seed.account();
    const { gql } = await owner.login();
    const { data } = await gql(OPTIONS);
    expect(data.reauthenticationOptions).toEqual({ password: true, providers: [] });
    expect((await stage.app.gql(OPTIONS)).code).toBe('UNAUTHENTICATED');
  });
});
