import { auditRows, VIEWER } from '../accounts/account-calls.ts';
import { onEachDatabase } from '../databases.ts';
import { claimsOf, REFRESH } from '../seed.ts';
import {
  CALLBACK,
  count,
  linkedWith,
  PROVIDERS,
  refusal,
  refusedWith,
  setStage,
  type Stage,
} from './flows.ts';

onEachDatabase((database) => {
  let stage: Stage;
  beforeAll(async () => {
    stage = await setStage({ app: { database } });
  });
  afterAll(() => stage.close());
  beforeEach(() => {
    stage.provider.misbehaviour = {};
  });

  describe('a sign-in at the provider', () => {
    test('is offered to everyone, by id and name', async () => {
      expect((await stage.app.gql(PROVIDERS)).data.authProviders).toEqual([
        { id: 'test', name: 'The provider' },
      ]);
      expect((await stage.app.gql(PROVIDERS, {}, { token: 'not.a.token' })).code).toBe('UNAUTHENTICATED');
    });

    test('starts with code, PKCE, state and nonce, and writes no row', async () => {
      const before = await count(stage.app, 'used_oauth_flows');
      const { data } = await stage.start();
      const url = new URL(data.startOAuthLogin.authorizationUrl);
      expect(url.origin).toBe(stage.provider.issuer);
      expect(Object.fromEntries(url.searchParams)).toEqual({
        client_id: stage.provider.clientId,
        response_type: 'code',
        scope: 'openid email profile',
        redirect_uri: CALLBACK,
        state: expect.stringMatching(/^[\w-]{43}$/),
        nonce: expect.stringMatching(/^[\w-]{43}$/),
        code_challenge: expect.stringMatching(/^[\w-]{43}$/),
        code_challenge_method: 'S256',
      });
      expect(await count(stage.app, 'used_oauth_flows')).toBe(before);
    });

    test('creates a session under the policy, links the subject once, and adds an audit row', async () => {
      const user = await stage.invite();
      const answer = await stage.signIn(user.email);
      expect(answer.errors).toBeUndefined();
      const { session, ...payload } = answer.data.completeOAuthLogin;
      expect(payload).toMatchObject({
        user: { id: user.id },
        idleExpiresAt: session.idleExpiresAt,
        absoluteExpiresAt: session.absoluteExpiresAt,
      });
      expect(session).toMatchObject({
        appType: 'CONTROL_PANEL',
        isCurrent: true,
        idleMinutes: 4320,
        absoluteMinutes: 20160,
      });
      const from = Date.parse(session.authenticatedAt);
      expect(Date.parse(session.idleExpiresAt) - from).toBe(4320 * 60_000);
      expect(Date.parse(session.absoluteExpiresAt) - from).toBe(20160 * 60_000);
      expect(claimsOf(payload.refreshToken)).toMatchObject({ idle_max: 4320 * 60, abs_max: 20160 * 60 });
      expect(await linkedWith(stage.app, user.email)).toEqual([user.id]);

      expect((await stage.signIn(user.email)).data.completeOAuthLogin.user.id).toBe(user.id);
      const rows = await auditRows(stage.app, user.accountId);
      const trail = rows.map(({ action, details }) => ({
        action,
        provider: details.provider,
        issuer: details.issuer,
      }));
      expect(trail.filter(({ action }) => action === 'user.identity_linked')).toEqual([
        { action: 'user.identity_linked', provider: 'test', issuer: stage.provider.issuer },
      ]);
      expect(trail.filter(({ action }) => action === 'session.started')).toMatchObject([
        { provider: 'test' },
        { provider: 'test' },
      ]);
      const token = payload.accessToken;
      expect((await stage.app.gql(VIEWER, {}, { token })).data.viewer.id).toBe(user.id);
    });

    test('gives a refresh token that refreshes', async () => {
      const user = await stage.invite();
      const { refreshToken } = (await stage.signIn(user.email)).data.completeOAuthLogin;
      const refreshed = await stage.app.gql(REFRESH, { input: { refreshToken } });
      expect(refreshed.data.refreshSession.user.id).toBe(user.id);
    });

    test('with COOKIE keeps both tokens out of the answers', async () => {
      const user = await stage.invite();
      const { data, setCookie } = await stage.start({ transport: 'COOKIE' });
      const { authorizationUrl, flowToken } = data.startOAuthLogin;
      const state = new URL(authorizationUrl).searchParams.get('state')!;
      expect(flowToken).toBeNull();
      expect(setCookie).toMatch(
        new RegExp(
          `^curfew_flow_${state.slice(0, 8)}=[^;]+; Max-Age=600; Path=/; HttpOnly; SameSite=Strict$`,
        ),
      );
      const callbackUrl = await stage.provider.signIn(authorizationUrl, user.email);
      const answer = await stage.complete(
        { callbackUrl, cookie: setCookie!.split(';', 1)[0]! },
        { transport: 'COOKIE' },
      );
      expect(answer.data.completeOAuthLogin).toMatchObject({ refreshToken: null, user: { id: user.id } });
      expect(answer.setCookie).toMatch(new RegExp(`curfew_flow_${state.slice(0, 8)}=;`));
      const refreshCookie = /curfew_refresh=[^;]+/.exec(answer.setCookie!)![0];
      expect((await stage.app.gql(REFRESH, {}, { cookie: refreshCookie })).errors).toBeUndefined();
    });

    test('may run in two tabs of one browser at once', async () => {
      const user = await stage.invite();
      const jar = new Map();
      const one = await stage.toCallback(user.email, { transport: 'COOKIE' }, jar);
      const other = await stage.toCallback(user.email, { transport: 'COOKIE' }, jar);
      const cookie = `${one.cookie}; ${other.cookie}`;
      for (const { callbackUrl } of [other, one])
        expect((await stage.complete({ callbackUrl, cookie })).data.completeOAuthLogin.user.id).toBe(user.id);
    });

    test('drops abandoned sign-ins before their cookies fill the header', async () => {
      const names = Array.from({ length: 9 }, (_, number) => `curfew_flow_0000000${number}`);
      const cookie = names.map((name) => `${name}=x`).join('; ');
      const { setCookie } = await stage.start({ transport: 'COOKIE' }, { cookie });
      expect(names.filter((name) => setCookie!.includes(`${name}=;`))).toEqual(names.slice(0, 2));
    });

    test('prefers the flow token of the argument to the cookie', async () => {
      const user = await stage.invite();
      const at = await stage.toCallback(user.email, { transport: 'COOKIE' });
      const other = (await stage.start()).data.startOAuthLogin.flowToken;
      expect(refusal(await stage.complete({ ...at, flowToken: other }))).toEqual(
        refusedWith('OAUTH_FLOW_INVALID'),
      );
      expect((await stage.complete(at)).errors).toBeUndefined();
    });

    test('ignores an unusable token of the caller', async () => {
      const user = await stage.invite();
      const token = 'not.a.token';
      const { data } = await stage.start({}, { token });
      const { authorizationUrl, flowToken } = data.startOAuthLogin;
      const callbackUrl = await stage.provider.signIn(authorizationUrl, user.email);
      expect((await stage.complete({ callbackUrl, flowToken }, {}, { token })).errors).toBeUndefined();
    });
  });

  describe('of two completions of one sign-in', () => {
    test('one wins when they are simultaneous', async () => {
      const user = await stage.invite();
      const at = await stage.toCallback(user.email);
      const answers = await Promise.all([stage.complete(at), stage.complete(at), stage.complete(at)]);
      expect(answers.filter(({ errors }) => errors === undefined)).toHaveLength(1);
      const refused = answers.filter(({ errors }) => errors !== undefined).map(refusal);
      expect(refused).toEqual([refusedWith('OAUTH_FLOW_INVALID'), refusedWith('OAUTH_FLOW_INVALID')]);
      expect(stage.provider.requests.filter((request) => request === 'POST /token').length).toBeGreaterThan(
        0,
      );
    });

    test('the second is refused when they follow each other', async () => {
      const user = await stage.invite();
      const at = await stage.toCallback(user.email);
      expect((await stage.complete(at)).errors).toBeUndefined();
      expect(refusal(await stage.complete(at))).toEqual(refusedWith('OAUTH_FLOW_INVALID'));
    });

    test('of different sign-ins of one person, both first ones succeed and link once', async () => {
      const user = await stage.invite();
      const both = [await stage.toCallback(user.email), await stage.toCallback(user.email)];
      const answers = await Promise.all(both.map((at) => stage.complete(at)));
      expect(answers.map(({ errors }) => errors)).toEqual([undefined, undefined]);
      expect(await linkedWith(stage.app, user.email)).toEqual([user.id]);
      const rows = await auditRows(stage.app, user.accountId);
      expect(rows.filter(({ action }) => action === 'user.identity_linked')).toHaveLength(1);
    });
  });
});
