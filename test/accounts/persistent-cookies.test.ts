import { sql } from 'kysely';
import { onUsualDatabase } from '../databases.ts';
import type { Answer } from '../graphql-client.ts';
import { startApp, type TestApp } from '../harness.ts';
import { setStage, type Stage } from '../oidc/flows.ts';
import { LOGIN, PASSWORD, REFRESH, type Person } from '../seed.ts';

const SET_POLICY = `mutation ($input: UpdateSessionPolicyInput!) { updateSessionPolicy(input: $input) { sessionPolicy { version } } }`;

/** The attributes of the refresh cookie that an answer sets. */
function attributesOf({ setCookie, errors }: Answer): string[] {
  expect(errors).toBeUndefined();
  const [pair, ...attributes] = setCookie!.split('; ');
  expect(pair).toMatch(/^(__Host-)?curfew_refresh=.+/);
  return attributes.sort();
}

const UNTIL_CLOSED = ['HttpOnly', 'Path=/', 'SameSite=Strict'];
const LASTING = [expect.stringMatching(/^Expires=/), 'HttpOnly', expect.stringMatching(/^Max-Age=\d+$/)];

onUsualDatabase((database) => {
  let app: TestApp;
  let owner: Person;
  beforeAll(async () => {
    app = await startApp({ database });
    owner = (await app.seed.account()).owner;
  });
  afterAll(() => app.close());

  const signIn = (input: object, cookie?: string) =>
    owner.tryLogin({ transport: 'COOKIE', ...input }, { cookie });
  const refresh = (cookie: string | null, input: object = {}) =>
    app.gql(REFRESH, { input }, { cookie: cookie! });
  const isPersistent = async (sessionId: string): Promise<boolean> => {
    const { rows } = await sql<{ is_persistent: boolean }>`
      select is_persistent from sessions where id = ${sessionId}`.execute(app.database.em().getKysely());
    return rows[0]!.is_persistent;
  };

  test('with persistent: false every refresh cookie of the session lasts until the browser is closed', async () => {
    const login = await signIn({ persistent: false });
    expect(attributesOf(login)).toEqual(UNTIL_CLOSED);
    const first = await refresh(login.cookie);
    const replayed = await refresh(login.cookie);
    expect(replayed.cookie).toBe(first.cookie);
    const second = await refresh(first.cookie, { userActive: false });
    // Rotates alone, under the row's lock.
    await app.gql(
      SET_POLICY,
      { input: { idleMinutes: 60, absoluteMinutes: 600, apply: 'ACTIVE_SESSIONS' } },
      { token: login.data.login.accessToken },
    );
    const third = await refresh(second.cookie);
    for (const answer of [first, replayed, second, third]) expect(attributesOf(answer)).toEqual(UNTIL_CLOSED);
  });

  test('with persistent: false the browser does not become a known one', async () => {
    expect((await signIn({ persistent: false })).deviceCookie).toBeNull();
    expect((await signIn({})).deviceCookie).toMatch(/^curfew_device=.+/);
  });

  test.each([{}, { persistent: true }, { persistent: null }])(
    'with %j the cookies last until the absolute deadline',
    async (input) => {
      const login = await signIn(input);
      for (const answer of [login, await refresh(login.cookie)])
        expect(attributesOf(answer)).toEqual(expect.arrayContaining(LASTING));
    },
  );

  test('the next sign-in of the browser chooses for its own session', async () => {
    const shared = await signIn({ persistent: false });
    const own = await signIn({}, shared.cookie!);
    expect(attributesOf(own)).toEqual(expect.arrayContaining(LASTING));
    const again = await signIn({ persistent: false }, own.cookie!);
    expect(attributesOf(again)).toEqual(UNTIL_CLOSED);
  });

  test('with BODY the choice is stored and changes no answer', async () => {
    const { data, setCookie } = await owner.tryLogin({ persistent: false });
    expect(setCookie).toBeNull();
    expect(data.login.refreshToken).toEqual(expect.any(String));
    expect(await isPersistent(data.login.session.id)).toBe(false);
    expect(await isPersistent((await owner.login()).sessionId)).toBe(true);
    // A token that its client puts into the cookie by itself.
    const answer = await refresh(`curfew_refresh=${data.login.refreshToken}`);
    expect(attributesOf(answer)).toEqual(UNTIL_CLOSED);
  });
});

test('a cookie until the browser is closed is Secure and has the __Host- name where cookies are Secure', async () => {
  const app = await startApp({ env: { COOKIE_SECURE: 'true' } });
  try {
    const { owner } = await app.seed.account();
    const input = { email: owner.email, password: PASSWORD, transport: 'COOKIE', persistent: false };
    const { setCookie } = await app.gql(LOGIN, { input });
    expect(setCookie).toMatch(/^__Host-curfew_refresh=/);
    expect(setCookie!.split('; ').slice(1).sort()).toEqual([...UNTIL_CLOSED, 'Secure']);
  } finally {
    await app.close();
  }
});

describe('a sign-in at an identity provider', () => {
  let stage: Stage;
  beforeAll(async () => {
    stage = await setStage();
  });
  afterAll(() => stage.close());
  beforeEach(() => {
    stage.provider.misbehaviour = {};
  });

  /** Started and completed with the same transport of the flow token; the refresh token travels by cookie. */
  async function signInAtProvider(input: Record<string, unknown>): Promise<Answer> {
    const user = await stage.invite();
    const { callbackUrl, flowToken, cookie } = await stage.toCallback(user.email, input);
    return stage.complete({ callbackUrl, flowToken, cookie }, { transport: 'COOKIE' });
  }
  /** The completion of a flow by cookie also clears the flow's own cookie. */
  const refreshCookieOf = (answer: Answer): Answer => ({
    ...answer,
    setCookie: answer.setCookie!.split(/, (?=curfew_)/).find((line) => line.startsWith('curfew_refresh='))!,
  });

  test.each(['BODY', 'COOKIE'])(
    'keeps the choice of its start, whose flow token travels by %s',
    async (transport) => {
      const answer = await signInAtProvider({ transport, persistent: false });
      expect(answer.errors).toBeUndefined();
      expect(attributesOf(refreshCookieOf(answer))).toEqual(UNTIL_CLOSED);
      expect(answer.deviceCookie).toBeNull();
      const cookie = refreshCookieOf(answer).setCookie!.split(';', 1)[0]!;
      expect(attributesOf(await stage.app.gql(REFRESH, {}, { cookie }))).toEqual(UNTIL_CLOSED);

      const lasting = await signInAtProvider({ transport });
      expect(attributesOf(refreshCookieOf(lasting))).toEqual(expect.arrayContaining(LASTING));
      expect(lasting.deviceCookie).toMatch(/^curfew_device=/);
    },
  );

  test('keeps the choice where the person has to sign in at the provider again', async () => {
    const user = await stage.invite();
    stage.provider.misbehaviour = { idTokenClaims: { auth_time: 1 } };
    const refused = await stage.complete(await stage.toCallback(user.email, { persistent: false }));
    const { authorizationUrl, flowToken } = refused.extensions;
    stage.provider.misbehaviour = {};
    const callbackUrl = await stage.provider.signIn(authorizationUrl, user.email);
    const answer = await stage.complete({ callbackUrl, flowToken }, { transport: 'COOKIE' });
    expect(attributesOf(answer)).toEqual(UNTIL_CLOSED);
  });
});
