import { randomUUID } from 'node:crypto';
import jwt from 'jsonwebtoken';
import { auditRows, from, SET_ACTIVE } from '../accounts/account-calls.ts';
import { CALLBACK, count, linkedWith, refusal, refusedWith, setStage, type Stage } from './flows.ts';
import { startProvider } from './provider.ts';

let stage: Stage;
beforeAll(async () => {
  stage = await setStage();
});
afterAll(() => stage.close());
beforeEach(() => {
  stage.provider.misbehaviour = {};
});

const badInput = (reason?: string) => ({ status: 200, code: 'BAD_USER_INPUT', reason });

function withState(callbackUrl: string, state: string): string {
  const url = new URL(callbackUrl);
  url.searchParams.set('state', state);
  return url.href;
}

describe('a sign-in does not start', () => {
  test('at a provider that is not configured', async () => {
    for (const providerId of ['google', '', '__proto__', 'TEST', 'test\0'])
      expect((await stage.start({ providerId })).code).toBe('NOT_FOUND');
  });

  test.each([
    'http://127.0.0.1:4999/login/callback/',
    'http://127.0.0.1:4999/Login/callback',
    'HTTP://127.0.0.1:4999/login/callback',
    'http://127.0.0.1:4999/login/callback?next=1',
    'http://127.0.0.1:4999/login/callback#',
    'http://127.0.0.1:4999/login/../login/callback',
    'http://localhost:4999/login/callback',
    'https://127.0.0.1:4999/login/callback',
    'http://evil.test/login/callback',
    'javascript:alert(1)',
    '',
  ])('with the redirect URI %j', async (redirectUri) => {
    const answer = await stage.start({ redirectUri });
    expect(refusal(answer)).toEqual(badInput('NOT_ALLOWED'));
    expect(answer.extensions.field).toBe('redirectUri');
  });
});

describe('a callback is refused', () => {
  test('when it is not a URL with one state and one code or error, and the sign-in stays open', async () => {
    const user = await stage.invite();
    const at = await stage.toCallback(user.email);
    const { search, searchParams } = new URL(at.callbackUrl);
    const { code, state } = Object.fromEntries(searchParams);
    const mangled = [
      '',
      'x',
      search,
      '/login/callback' + search,
      'http://',
      CALLBACK,
      `${CALLBACK}?code=${code}`,
      `${CALLBACK}?state=${state}`,
      `${CALLBACK}?code=${code}&state=${state}&state=${state}`,
      `${CALLBACK}?code=${code}&code=${code}&state=${state}`,
      `${CALLBACK}?code=${code}&error=access_denied&state=${state}`,
      `${CALLBACK}#code=${code}&state=${state}`,
      '\0',
      'http://[::1',
    ];
    for (const callbackUrl of mangled) {
      const answer = await stage.complete({ ...at, callbackUrl });
      expect(refusal(answer)).toEqual(badInput('MALFORMED'));
      expect(answer.extensions.field).toBe('callbackUrl');
    }
    expect((await stage.complete(at)).errors).toBeUndefined();
  });

  test('with the state, address or browser of another sign-in, and this one stays open', async () => {
    const user = await stage.invite();
    const at = await stage.toCallback(user.email);
    const other = await stage.toCallback(user.email);
    const byCookie = await stage.toCallback(user.email, { transport: 'COOKIE' });
    const elsewhere = (url: string) => at.callbackUrl.replace(CALLBACK, url);
    const attempts = [
      { ...at, callbackUrl: other.callbackUrl },
      { ...at, callbackUrl: withState(at.callbackUrl, 'x') },
      { ...at, callbackUrl: withState(at.callbackUrl, '') },
      { ...at, callbackUrl: withState(at.callbackUrl, '../../__Host') },
      { ...at, callbackUrl: elsewhere('http://127.0.0.1:4999/login/callback/') },
      { ...at, callbackUrl: elsewhere('http://localhost:4999/login/callback') },
      { ...at, callbackUrl: elsewhere('http://user@127.0.0.1:4999/login/callback') },
      { ...at, flowToken: other.flowToken },
      { ...at, flowToken: null },
      { ...byCookie, cookie: null },
      { ...byCookie, cookie: byCookie.cookie!.replace(/=.*/, '=x') },
    ];
    for (const attempt of attempts)
      expect(refusal(await stage.complete(attempt))).toEqual(refusedWith('OAUTH_FLOW_INVALID'));
    for (const each of [at, other, byCookie]) expect((await stage.complete(each)).errors).toBeUndefined();
  });

  test('with an invalid flow token', async () => {
    const user = await stage.invite();
    const at = await stage.toCallback(user.email);
    const [header, payload, signature] = at.flowToken!.split('.') as [string, string, string];
    const encode = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');
    const claims = JSON.parse(Buffer.from(payload, 'base64url').toString());
    const { refreshToken, accessToken } = (await stage.signIn(user.email)).data.completeOAuthLogin;
    const forged = [
      '',
      'x',
      '\0',
      at.flowToken!.slice(0, -2),
      `${header}.${payload}`,
      `${header}.${payload}.`,
      `${encode({ alg: 'none', typ: 'curfew-flow+jwt' })}.${payload}.`,
      `${header}.${encode({ ...claims, provider: 'other' })}.${signature}`,
      jwt.sign(claims, 'another secret of thirty-two bytes', {
        header: { alg: 'HS256', ...JSON.parse(Buffer.from(header, 'base64url').toString()) },
      }),
      refreshToken,
      accessToken,
      'a'.repeat(50_000),
    ];
    for (const flowToken of forged)
      expect(refusal(await stage.complete({ ...at, flowToken }))).toEqual(refusedWith('OAUTH_FLOW_INVALID'));
    expect((await stage.complete(at)).errors).toBeUndefined();
  });

  test('and a flow token refreshes no session', async () => {
    const { data } = await stage.start();
    const refreshToken = data.startOAuthLogin.flowToken;
    const answer = await stage.app.gql(
      `mutation ($t: String) { refreshSession(input: { refreshToken: $t }) { accessToken } }`,
      {
        t: refreshToken,
      },
    );
    expect(answer.code).toBe('INVALID_REFRESH_TOKEN');
  });
});

describe("the provider's answer is refused", () => {
  const started = (answer: { data: any }) => expect(answer.data).toBeNull();

  test.each([
    ['issuer', { idTokenClaims: { iss: 'https://another.test' } }],
    ['audience', { idTokenClaims: { aud: 'another client' } }],
    ['further audience', { idTokenClaims: { aud: ['curfew-test', 'another client'] } }],
    ['nonce', { idTokenClaims: { nonce: 'another' } }],
    ['missing nonce', { idTokenClaims: { nonce: undefined } }],
    ['signature', { wrongKey: true }],
    [
      'critical extension',
      { idTokenHeader: { crit: ['https://example.test/x'], 'https://example.test/x': 1 } },
    ],
    [
      'time ahead before which it is not good',
      { idTokenClaims: { nbf: Math.floor(Date.now() / 1000) + 3600 } },
    ],
    ['end in the past', { idTokenSeconds: -100 }],
    ['missing subject', { idTokenClaims: { sub: undefined } }],
    ['empty subject', { idTokenClaims: { sub: '' } }],
    ['subject that no database stores', { idTokenClaims: { sub: 'a\0b' } }],
    ['subject that is too long', { idTokenClaims: { sub: 'a'.repeat(256) } }],
    ['auth_time', { idTokenClaims: { auth_time: 'yesterday' } }],
    ['session_expiry', { idTokenClaims: { session_expiry: 'tomorrow' } }],
    ['endless session_expiry', { idTokenClaims: { session_expiry: 1e300 } }],
    ['token answer: no JSON', { tokenAnswer: { status: 200, body: 'hello' } }],
    ['token answer: empty', { tokenAnswer: { status: 200, body: {} } }],
    [
      'token answer: no ID token',
      { tokenAnswer: { status: 200, body: { access_token: 'x', token_type: 'bearer' } } },
    ],
    ['token answer: an error', { tokenAnswer: { status: 400, body: { error: 'invalid_grant' } } }],
  ])('for its %s', async (_, misbehaviour) => {
    const user = await stage.invite();
    stage.provider.misbehaviour = misbehaviour;
    const at = await stage.toCallback(user.email);
    const answer = await stage.complete(at);
    expect(refusal(answer)).toEqual(refusedWith('PROVIDER_ANSWER_INVALID'));
    started(answer);
    expect(await linkedWith(stage.app, user.email)).toEqual([]);
    stage.provider.misbehaviour = {};
    expect(refusal(await stage.complete(at))).toEqual(refusedWith('OAUTH_FLOW_INVALID'));
  });

  test('for a code that was used, changed, or belongs to another sign-in', async () => {
    const user = await stage.invite();
    const used = await stage.toCallback(user.email);
    expect((await stage.complete(used)).errors).toBeUndefined();
    const code = new URL(used.callbackUrl).searchParams.get('code')!;
    const injected = (await stage.toCallback(user.email)).callbackUrl;
    for (const replacement of [code, 'x', new URL(injected).searchParams.get('code')!]) {
      const at = await stage.toCallback(user.email);
      const url = new URL(at.callbackUrl);
      url.searchParams.set('code', replacement);
      const answer = await stage.complete({ ...at, callbackUrl: url.href });
      expect(refusal(answer)).toEqual(refusedWith('PROVIDER_ANSWER_INVALID'));
    }
  });

  test('for an iss parameter of another provider, or a promised one that is missing', async () => {
    const user = await stage.invite();
    for (const iss of ['https://another.test', null]) {
      const at = await stage.toCallback(user.email);
      const url = new URL(at.callbackUrl);
      if (iss === null) url.searchParams.delete('iss');
      else url.searchParams.set('iss', iss);
      const answer = await stage.complete({ ...at, callbackUrl: url.href });
      expect(refusal(answer)).toEqual(refusedWith('PROVIDER_ANSWER_INVALID'));
    }
  });
});

describe('when the provider refuses', () => {
  test('its error is passed on without its description and is not counted', async () => {
    const answer = await stage.signIn(null);
    expect(refusal(answer)).toEqual(refusedWith('PROVIDER_REFUSED'));
    expect(answer.extensions.providerError).toBe('access_denied');
    expect(JSON.stringify(answer)).not.toContain('Cancel');
  });

  test('its error is counted without its name, and under no other name', async () => {
    for (const [iss, reason] of [
      [null, 'PROVIDER_REFUSED'],
      ['https://another.test', 'PROVIDER_ANSWER_INVALID'],
    ] as const) {
      const at = await stage.toCallback(null);
      const url = new URL(at.callbackUrl);
      if (iss === null) url.searchParams.delete('iss');
      else url.searchParams.set('iss', iss);
      expect(refusal(await stage.complete({ ...at, callbackUrl: url.href }))).toEqual(refusedWith(reason));
    }
  });

  test('an unknown error is not passed on', async () => {
    const at = await stage.toCallback(null);
    const callbackUrl = at.callbackUrl.replace('access_denied', 'my_own%3Cscript%3E');
    const answer = await stage.complete({ ...at, callbackUrl });
    expect(refusal(answer)).toEqual(refusedWith('PROVIDER_REFUSED'));
    expect(answer.extensions).not.toHaveProperty('providerError');
  });
});

describe('a sign-in is refused', () => {
  test('for an unknown user, an unverified e-mail or an inactive user: all alike, and no user is created', async () => {
    const account = await stage.app.seed.account();
    const inactive = await account.addUser();
    const owner = await account.owner.login();
    await owner.gql(SET_ACTIVE, { userId: inactive.id, isActive: false });
    const invited = await account.addUser();
    const { accounts } = stage.provider;
    accounts.stranger = { email: 'stranger@example.test', email_verified: true };
    accounts.unverified = { email: invited.email, email_verified: false };
    accounts.unsaid = { email: invited.email };
    accounts.nameless = {};
    accounts.inactive = { email: inactive.email, email_verified: true };
    const users = await count(stage.app, 'users');
    const messages = new Set<string>();
    for (const name of ['stranger', 'unverified', 'unsaid', 'nameless', 'inactive']) {
      const answer = await stage.signIn(name);
      expect(refusal(answer)).toEqual(refusedWith('NOT_INVITED'));
      messages.add(
        JSON.stringify(answer.errors!.map(({ message, extensions }) => ({ message, extensions }))),
      );
      expect(await linkedWith(stage.app, name)).toEqual([]);
    }
    expect(messages.size).toBe(1);
    expect(await count(stage.app, 'users')).toBe(users);
    const failures = (await auditRows(stage.app, account.id)).filter(
      ({ action }) => action === 'login.failed',
    );
    expect(failures).toMatchObject([
      { resource_id: inactive.id, actor_id: null, details: { provider: 'test' } },
    ]);
  });

  test.each([
    { email_verified: 'true' },
    { email_verified: 1 },
    { email_verified: undefined, xms_edov: true },
    { email_verified: undefined, verified_email: true },
  ])('for an e-mail verified with %j', async (claims) => {
    const user = await stage.invite();
    // UserInfo, which is asked when the ID token lacks `email_verified`, does not know it either.
    stage.provider.misbehaviour = { idTokenClaims: claims, userInfoClaims: claims };
    expect(refusal(await stage.signIn(user.email))).toEqual(refusedWith('NOT_INVITED'));
  });

  test.each(['preferred_username', 'upn', 'unique_name', 'name'])('for an e-mail in %s', async (claim) => {
    const user = await stage.invite();
    stage.provider.accounts[user.email] = {};
    stage.provider.misbehaviour = { idTokenClaims: { [claim]: user.email, email_verified: true } };
    expect(refusal(await stage.signIn(user.email))).toEqual(refusedWith('NOT_INVITED'));
  });

  test('for an e-mail that a database cannot store', async () => {
    const user = await stage.invite();
    for (const email of ['a\0@b.test', 7, null, ['a@b.test'], { $ne: '' }, '\ud800@b.test']) {
      stage.provider.misbehaviour = { idTokenClaims: { email, email_verified: true } };
      expect(refusal(await stage.signIn(user.email))).toEqual(refusedWith('NOT_INVITED'));
    }
  });

  test('for a linked user who is inactive, with any address', async () => {
    const account = await stage.app.seed.account();
    const member = await account.addUser();
    const owner = await account.owner.login();
    stage.provider.accounts[member.email] = { email: member.email, email_verified: true };
    expect((await stage.signIn(member.email)).errors).toBeUndefined();
    await owner.gql(SET_ACTIVE, { userId: member.id, isActive: false });
    expect(refusal(await stage.signIn(member.email))).toEqual(refusedWith('NOT_INVITED'));
    stage.provider.accounts[member.email] = { email: account.owner.email, email_verified: true };
    expect(refusal(await stage.signIn(member.email))).toEqual(refusedWith('NOT_INVITED'));
    expect(await linkedWith(stage.app, member.email)).toEqual([member.id]);
  });
});

describe('a subject', () => {
  test("stays the same user when its e-mail changes, even to a colleague's", async () => {
    const user = await stage.invite();
    const colleague = await stage.invite();
    expect((await stage.signIn(user.email)).data.completeOAuthLogin.user.id).toBe(user.id);
    for (const email of [colleague.email, 'married@example.test', undefined]) {
      stage.provider.accounts[user.email] = { email, email_verified: true };
      expect((await stage.signIn(user.email)).data.completeOAuthLogin.user.id).toBe(user.id);
    }
    expect(await linkedWith(stage.app, user.email)).toEqual([user.id]);
  });

  test('of one provider is another user than the same subject of another provider', async () => {
    const other = await startProvider({ redirectUris: [CALLBACK] });
    const two = await setStage({
      app: {
        env: {
          OIDC_PROVIDERS: JSON.stringify([other.settings('other'), stage.provider.settings('test')]),
        },
      },
    });
    const [ana, ben] = [await two.invite(), await two.invite()];
    const signInAt = async (provider: typeof other, id: string, name: string) => {
      const { data } = await two.start({ providerId: id });
      const { authorizationUrl, flowToken } = data.startOAuthLogin;
      return two.complete({ callbackUrl: await provider.signIn(authorizationUrl, name), flowToken });
    };
    const sub = randomUUID();
    stage.provider.accounts.ana = { sub, email: ana.email, email_verified: true };
    other.accounts.ben = { sub, email: ben.email, email_verified: true };
    other.accounts.liar = { sub: 'liar', email: ana.email, email_verified: false };
    expect((await signInAt(stage.provider, 'test', 'ana')).data.completeOAuthLogin.user.id).toBe(ana.id);
    expect((await signInAt(other, 'other', 'ben')).data.completeOAuthLogin.user.id).toBe(ben.id);
    expect(refusal(await signInAt(other, 'other', 'liar'))).toEqual(refusedWith('NOT_INVITED'));
    expect((await linkedWith(two.app, sub)).sort()).toEqual([ana.id, ben.id].sort());
    await two.close();
    await other.close();
  });
});

describe('failures', () => {
  test('are throttled per address, and cancelling does not count', async () => {
    const limited = await setStage({
      app: { env: { LOGIN_FAILURES_PER_ADDRESS: '3', TRUST_PROXY: 'true' } },
    });
    const [here, there] = [from('198.51.100.1'), from('198.51.100.2')];
    const attempt = async (name: string | null, where = here) =>
      refusal(await limited.complete(await limited.toCallback(name), {}, where));
    limited.provider.accounts.stranger = {};
    for (let round = 0; round < 4; round += 1)
      expect(await attempt(null)).toEqual(refusedWith('PROVIDER_REFUSED'));
    for (let round = 0; round < 3; round += 1)
      expect(await attempt('stranger')).toEqual(refusedWith('NOT_INVITED'));
    expect(await attempt('stranger')).toMatchObject({ code: 'RATE_LIMITED' });
    expect(await attempt('stranger', there)).toEqual(refusedWith('NOT_INVITED'));
    await limited.close();
  });
});
