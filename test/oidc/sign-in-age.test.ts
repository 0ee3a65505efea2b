import { createLocalBus } from '../../server/events/session-bus.ts';
import { startSweeper } from '../../server/maintenance/sweeper.ts';
import { createLogger } from '../../server/logger.ts';
import { createManualClock } from '../manual-clock.ts';
import { LOGIN } from '../seed.ts';
import { CALLBACK, count, linkedWith, refusal, refusedWith, setStage, type Stage } from './flows.ts';

const nowSeconds = () => Math.floor(Date.now() / 1000);
/** The default absolute limit. */
const LIMIT_SECONDS = 20_160 * 60;
/** The default of `SENSITIVE_ACTION_MAX_AGE_SECONDS`. */
const SENSITIVE_SECONDS = 900;

describe('the age of the sign-in at the provider', () => {
  let stage: Stage;
  beforeAll(async () => {
    stage = await setStage();
  });
  afterAll(() => stage.close());
  beforeEach(() => {
    stage.provider.misbehaviour = {};
  });

  const signedInAt = (auth_time: number) => ({ idTokenClaims: { auth_time } });

  test('does not matter within the absolute limit', async () => {
    const user = await stage.invite();
    stage.provider.misbehaviour = signedInAt(nowSeconds() - LIMIT_SECONDS + 60);
    expect((await stage.signIn(user.email)).errors).toBeUndefined();
  });

  test('beyond the absolute limit asks for a new one, by BODY', async () => {
    const user = await stage.invite();
    stage.provider.misbehaviour = signedInAt(nowSeconds() - LIMIT_SECONDS - 5);
    const at = await stage.toCallback(user.email);
    const refused = await stage.complete(at);
    expect(refusal(refused)).toEqual(refusedWith('REAUTHENTICATION_REQUIRED'));
    expect(await linkedWith(stage.app, user.email)).toEqual([]);
    expect(refusal(await stage.complete(at))).toEqual(refusedWith('OAUTH_FLOW_INVALID'));

    const { authorizationUrl, flowToken } = refused.extensions;
    const { searchParams } = new URL(authorizationUrl);
    expect(searchParams.get('max_age')).toBe(String(LIMIT_SECONDS));
    expect(searchParams.get('redirect_uri')).toBe(CALLBACK);
    stage.provider.misbehaviour = {};
    const callbackUrl = await stage.provider.signIn(authorizationUrl, user.email);
    const answer = await stage.complete({ callbackUrl, flowToken });
    expect(answer.data.completeOAuthLogin.user.id).toBe(user.id);
  });

  test('beyond the absolute limit asks for a new one, by COOKIE', async () => {
    const user = await stage.invite();
    stage.provider.misbehaviour = signedInAt(nowSeconds() - LIMIT_SECONDS - 5);
    const at = await stage.toCallback(user.email, { transport: 'COOKIE' });
    const refused = await stage.complete(at, { transport: 'COOKIE' });
    expect(refusal(refused)).toEqual(refusedWith('REAUTHENTICATION_REQUIRED'));
    expect(refused.extensions).not.toHaveProperty('flowToken');
    const state = new URL(refused.extensions.authorizationUrl).searchParams.get('state')!;
    const cookie = new RegExp(`curfew_flow_${state.slice(0, 8)}=[^;]+`).exec(refused.setCookie!)![0];
    stage.provider.misbehaviour = {};
    const callbackUrl = await stage.provider.signIn(refused.extensions.authorizationUrl, user.email);
    expect((await stage.complete({ callbackUrl, cookie })).errors).toBeUndefined();
  });

  test('counts for a sensitive operation, until the person has authenticated again', async () => {
    const user = await stage.invite();
    const signOutOthers = (token: string) =>
      stage.app.gql('mutation { revokeSessions(scope: OTHERS) { revokedCount } }', {}, { token });
    const age = async (auth_time: number) => {
      stage.provider.misbehaviour = signedInAt(auth_time);
      return (await stage.signIn(user.email)).data.completeOAuthLogin;
    };

    const recent = await age(nowSeconds() - SENSITIVE_SECONDS + 60);
    expect((await signOutOthers(recent.accessToken)).errors).toBeUndefined();

    const authTime = nowSeconds() - SENSITIVE_SECONDS - 60;
    const { accessToken, session } = await age(authTime);
    expect(Date.parse(session.authenticatedAt)).toBeGreaterThan(authTime * 1000);
    expect(await signOutOthers(accessToken)).toMatchObject({
      code: 'REAUTHENTICATION_REQUIRED',
      extensions: {
        maxAgeSeconds: SENSITIVE_SECONDS,
        authenticatedAt: new Date(authTime * 1000).toISOString(),
      },
    });

    stage.provider.misbehaviour = {};
    const { data } = await stage.start({ reauthenticate: true }, { token: accessToken });
    const { authorizationUrl, flowToken } = data.startOAuthLogin;
    const callbackUrl = await stage.provider.signIn(authorizationUrl, user.email);
    const again = await stage.complete({ callbackUrl, flowToken }, {}, { token: accessToken });
    expect(again.errors).toBeUndefined();
    expect((await signOutOthers(accessToken)).errors).toBeUndefined();
  });

  test('that is still too great the second time is refused', async () => {
    const user = await stage.invite();
    for (const auth_time of [nowSeconds() - LIMIT_SECONDS - 5, nowSeconds() - LIMIT_SECONDS - 100_000]) {
      stage.provider.misbehaviour = signedInAt(auth_time);
      const { authorizationUrl, flowToken } = (await stage.signIn(user.email)).extensions;
      const callbackUrl = await stage.provider.signIn(authorizationUrl, user.email);
      const again = await stage.complete({ callbackUrl, flowToken });
      expect(refusal(again)).toEqual(refusedWith('REAUTHENTICATION_REQUIRED'));
      expect(again.extensions).not.toHaveProperty('authorizationUrl');
      expect(again.extensions).not.toHaveProperty('flowToken');
    }
    expect(await linkedWith(stage.app, user.email)).toEqual([]);
  });

  test('may not be left out by a provider that was asked for it', async () => {
    const user = await stage.invite();
    stage.provider.misbehaviour = signedInAt(1);
    const { authorizationUrl, flowToken } = (await stage.signIn(user.email)).extensions;
    stage.provider.misbehaviour = { idTokenClaims: { auth_time: undefined } };
    const callbackUrl = await stage.provider.signIn(authorizationUrl, user.email);
    expect(refusal(await stage.complete({ callbackUrl, flowToken }))).toEqual(
      refusedWith('PROVIDER_ANSWER_INVALID'),
    );
  });

  test('is not checked for an unknown user', async () => {
    stage.provider.accounts.stranger = { email: 'stranger@example.test', email_verified: true };
    stage.provider.misbehaviour = signedInAt(1);
    const answer = await stage.signIn('stranger');
    expect(refusal(answer)).toEqual(refusedWith('NOT_INVITED'));
    expect(answer.extensions).not.toHaveProperty('authorizationUrl');
  });
});

describe('the session_expiry of the provider', () => {
  let stage: Stage;
  beforeAll(async () => {
    stage = await setStage();
  });
  afterAll(() => stage.close());

  test('caps both deadlines, and never prolongs them', async () => {
    const user = await stage.invite();
    const session_expiry = nowSeconds() + 1800;
    stage.provider.misbehaviour = { idTokenClaims: { session_expiry } };
    const capped = (await stage.signIn(user.email)).data.completeOAuthLogin;
    const end = new Date(session_expiry * 1000).toISOString();
    expect(capped).toMatchObject({
      idleExpiresAt: end,
      absoluteExpiresAt: end,
      session: { idleExpiresAt: end, absoluteExpiresAt: end },
    });
    stage.provider.misbehaviour = { idTokenClaims: { session_expiry: nowSeconds() + 10 * LIMIT_SECONDS } };
    const { session } = (await stage.signIn(user.email)).data.completeOAuthLogin;
    const life = Date.parse(session.absoluteExpiresAt) - Date.parse(session.authenticatedAt);
    expect(life).toBe(LIMIT_SECONDS * 1000);
  });

  test('in the past asks for a sign-in at this moment, once', async () => {
    const user = await stage.invite();
    stage.provider.misbehaviour = { idTokenClaims: { session_expiry: nowSeconds() - 1 } };
    const first = await stage.signIn(user.email);
    expect(refusal(first)).toEqual(refusedWith('REAUTHENTICATION_REQUIRED'));
    const { authorizationUrl, flowToken } = first.extensions;
    expect(new URL(authorizationUrl).searchParams.get('max_age')).toBe('0');
    const again = await stage.complete({
      callbackUrl: await stage.provider.signIn(authorizationUrl, user.email),
      flowToken,
    });
    expect(refusal(again)).toEqual(refusedWith('REAUTHENTICATION_REQUIRED'));
    expect(again.extensions).not.toHaveProperty('authorizationUrl');

    const third = (await stage.signIn(user.email)).extensions;
    stage.provider.misbehaviour = {};
    const callbackUrl = await stage.provider.signIn(third.authorizationUrl, user.email);
    const answer = await stage.complete({ callbackUrl, flowToken: third.flowToken });
    expect(answer.data.completeOAuthLogin.user.id).toBe(user.id);
  });
});

describe('clocks', () => {
  test.each([-300, 300])(
    'of the provider may be %i seconds off, also with a not-before time',
    async (off) => {
      const stage = await setStage();
      const user = await stage.invite();
      const nbf = nowSeconds() + off;
      stage.provider.misbehaviour = { clockAheadSeconds: off, idTokenClaims: { nbf } };
      expect((await stage.signIn(user.email)).data.completeOAuthLogin.user.id).toBe(user.id);
      stage.provider.misbehaviour = { clockAheadSeconds: off, idTokenSeconds: -off - 90 };
      expect(refusal(await stage.signIn(user.email))).toEqual(refusedWith('PROVIDER_ANSWER_INVALID'));
      await stage.close();
    },
  );

  test("Curfew's clock decides about the ID token, not the system's", async () => {
    for (const hours of [-12, 12]) {
      const clock = createManualClock(new Date(Date.now() + hours * 3_600_000));
      const stage = await setStage({ app: { clock } });
      const user = await stage.invite();
      const ahead = hours * 3600;
      stage.provider.misbehaviour = { clockAheadSeconds: ahead, idTokenSeconds: 100 };
      expect((await stage.signIn(user.email)).errors).toBeUndefined();
      stage.provider.misbehaviour = { clockAheadSeconds: ahead, idTokenSeconds: -200 };
      expect(refusal(await stage.signIn(user.email))).toEqual(refusedWith('PROVIDER_ANSWER_INVALID'));
      await stage.close();
    }
  });

  test('a sign-in can be completed for ten minutes', async () => {
    const clock = createManualClock();
    const stage = await setStage({ app: { clock } });
    const user = await stage.invite();
    const [inTime, late] = [await stage.toCallback(user.email), await stage.toCallback(user.email)];
    clock.advance(598_000);
    expect((await stage.complete(inTime)).errors).toBeUndefined();
    clock.advance(3_000);
    expect(refusal(await stage.complete(late))).toEqual(refusedWith('OAUTH_FLOW_INVALID'));
    expect(refusal(await stage.complete(inTime))).toEqual(refusedWith('OAUTH_FLOW_INVALID'));
    await stage.close();
  });

  test('a completed sign-in is remembered for as long as its token lives, and then purged', async () => {
    const clock = createManualClock();
    const stage = await setStage({ app: { clock } });
    const user = await stage.invite();
    expect((await stage.signIn(user.email)).errors).toBeUndefined();
    const sweeper = startSweeper({
      database: stage.app.database,
      bus: createLocalBus(),
      clock,
      logger: createLogger('silent'),
      sweepSeconds: 15,
      sessionRetentionDays: 90,
      writePendingChanges: () => {},
      erasePending: () => {},
      events: [],
    });
    clock.advance(598_000);
    await sweeper.sweep();
    expect(await count(stage.app, 'used_oauth_flows')).toBe(1);
    clock.advance(3_000);
    await sweeper.sweep();
    expect(await count(stage.app, 'used_oauth_flows')).toBe(0);
    await sweeper.stop();
    await stage.close();
  });
});

test('a user who signs in at a provider can also sign in with their password', async () => {
  const stage = await setStage();
  const user = await stage.invite();
  expect((await stage.signIn(user.email)).errors).toBeUndefined();
  const input = { email: user.email, password: 'correct horse battery staple' };
  expect((await stage.app.gql(LOGIN, { input })).errors).toBeUndefined();
  await stage.close();
});
