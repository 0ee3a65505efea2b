import { createServer, type AddressInfo, type Server } from 'node:net';
import { onPostgres } from '../databases.ts';
import { CALLBACK, PROVIDERS, refusal, refusedWith, setStage, type Stage } from './flows.ts';

const unavailable = { status: 200, code: 'UNAVAILABLE', reason: undefined };

describe('an unavailable provider', () => {
  let stage: Stage;
  beforeEach(async () => {
    stage = await setStage();
  });
  afterEach(() => stage.close());

  test('is offered when Curfew starts without it, and serves as soon as it is up', async () => {
    const user = await stage.invite();
    await stage.provider.fall();
    expect((await stage.app.gql(PROVIDERS)).data.authProviders).toHaveLength(1);
    expect(refusal(await stage.start())).toEqual(unavailable);
    await stage.provider.rise();
    expect((await stage.signIn(user.email)).data.completeOAuthLogin.user.id).toBe(user.id);
  });

  test('leaves the sign-in open to another try when it fails at the completion', async () => {
    const user = await stage.invite();
    const at = await stage.toCallback(user.email);
    await stage.provider.fall();
    expect(refusal(await stage.complete(at))).toEqual(unavailable);
    await stage.provider.rise();
    expect((await stage.complete(at)).data.completeOAuthLogin.user.id).toBe(user.id);
    expect(refusal(await stage.complete(at))).toEqual(refusedWith('OAUTH_FLOW_INVALID'));
  });

  test('leaves the sign-in open when it says that it is unavailable', async () => {
    const user = await stage.invite();
    for (const status of [500, 503, 429]) {
      const at = await stage.toCallback(user.email);
      stage.provider.misbehaviour = { tokenAnswer: { status, body: { error: 'server_error' } } };
      expect(refusal(await stage.complete(at))).toEqual(unavailable);
      stage.provider.misbehaviour = {};
      expect((await stage.complete(at)).errors).toBeUndefined();
    }
  });

  test('serves as soon as its metadata is valid', async () => {
    const useless = [
      { token_endpoint: undefined },
      { authorization_endpoint: 'javascript:alert(1)' },
      { issuer: 'https://another.test' },
      { jwks_uri: 7 },
    ];
    for (const metadata of useless) {
      stage.provider.misbehaviour = { metadata };
      expect(refusal(await stage.start())).toEqual(unavailable);
    }
    stage.provider.misbehaviour = {};
    expect((await stage.start()).errors).toBeUndefined();
  });
});

test('a provider that never answers times out', async () => {
  const silent: Server = createServer(() => {});
  await new Promise<void>((done) => silent.listen(0, '127.0.0.1', done));
  const issuer = `http://127.0.0.1:${(silent.address() as AddressInfo).port}`;
  const mute = { id: 'mute', name: 'Mute', issuer, clientId: 'x', clientSecret: 'y' };
  const stage = await setStage({ app: { env: { OIDC_PROVIDERS: JSON.stringify([mute]) } } });
  const both = [stage.start({ providerId: 'mute' }), stage.start({ providerId: 'mute' })];
  expect((await Promise.all(both)).map(refusal)).toEqual([unavailable, unavailable]);
  await stage.close();
  silent.close();
});

describe('a provider', () => {
  test.each(['client_secret_basic', 'client_secret_post'] as const)(
    'that accepts %s only is served, though discovery lists more',
    async (clientAuthentication) => {
      const stage = await setStage({ provider: { clientAuthentication } });
      const user = await stage.invite();
      for (let round = 0; round < 2; round += 1)
        expect((await stage.signIn(user.email)).data.completeOAuthLogin.user.id).toBe(user.id);
      await stage.close();
    },
  );

  test('that refuses the secret in a header gets it in the body, and at once the next time', async () => {
    const stage = await setStage();
    const user = await stage.invite();
    stage.provider.misbehaviour = { isBasicRefused: true };
    for (let round = 0; round < 2; round += 1)
      expect((await stage.signIn(user.email)).data.completeOAuthLogin.user.id).toBe(user.id);
    expect(stage.provider.requests.filter((request) => request === 'POST /token')).toHaveLength(3);
    await stage.close();
  });

  test('that has another secret for us is refused like any wrong answer', async () => {
    const stage = await setStage();
    const user = await stage.invite();
    const wrong = { ...stage.provider.settings('test'), clientSecret: 'not the one' };
    const misconfigured = await setStage({ app: { env: { OIDC_PROVIDERS: JSON.stringify([wrong]) } } });
    const { data } = await misconfigured.start();
    const { authorizationUrl, flowToken } = data.startOAuthLogin;
    const callbackUrl = await stage.provider.signIn(authorizationUrl, user.email);
    const answer = await misconfigured.complete({ callbackUrl, flowToken });
    expect(refusal(answer)).toEqual(refusedWith('PROVIDER_ANSWER_INVALID'));
    await misconfigured.close();
    await stage.close();
  });

  test('that gives the e-mail at its UserInfo endpoint is asked there once per person', async () => {
    const stage = await setStage({ provider: { isProfileAtUserInfo: true } });
    const user = await stage.invite();
    for (let round = 0; round < 2; round += 1)
      expect((await stage.signIn(user.email)).data.completeOAuthLogin.user.id).toBe(user.id);
    expect(stage.provider.requests.filter((request) => request === 'GET /me')).toHaveLength(1);
    stage.provider.accounts.unverified = { email: user.email, email_verified: false };
    expect(refusal(await stage.signIn('unverified'))).toEqual(refusedWith('NOT_INVITED'));
    await stage.close();
  });
});

onPostgres(() => {
  test('a sign-in during a database outage fails and can be completed afterwards', async () => {
    const stage = await setStage({ app: { database: 'postgresql' } });
    const user = await stage.invite();
    const at = await stage.toCallback(user.email);
    const { database } = stage.app;
    const original = database.statement;
    Object.assign(database, {
      statement: () => Promise.reject(Object.assign(new Error('gone'), { code: 'ECONNREFUSED' })),
    });
    expect(refusal(await stage.complete(at))).toEqual(unavailable);
    Object.assign(database, { statement: original });
    expect((await stage.complete(at)).errors).toBeUndefined();
    await stage.close();
  });
});

test("without configured callbacks the dashboard's callback is the allowed one", async () => {
  const stage = await setStage({ app: { env: { OIDC_REDIRECT_URIS: '' } } });
  const own = `${stage.app.url}/login/callback`;
  expect((await stage.start({ redirectUri: own })).errors).toBeUndefined();
  expect(refusal(await stage.start({ redirectUri: CALLBACK }))).toMatchObject({ reason: 'NOT_ALLOWED' });
  await stage.close();
});
