import { onUsualDatabase } from '../databases.ts';
import type { Answer } from '../graphql-client.ts';
import { startApp, type TestApp } from '../harness.ts';
import { LOGIN, REFRESH, type SeededAccount, type SignedIn } from '../seed.ts';
import { saveRules, untilBegun } from '../policy/rules-calls.ts';
import { setStage, type Stage } from '../oidc/flows.ts';
import {
  auditRows,
  CURRENT_SESSION,
  RESET_PASSWORD,
  sessionEnd,
  SET_PASSWORD,
  tokenOf,
} from './account-calls.ts';

const COOKIE = 'COOKIE';
const PASSWORD = 'a much better password';

onUsualDatabase((database) => {
  let app: TestApp;
  let account: SeededAccount;
  let owner: SignedIn;

  beforeAll(async () => {
    app = await startApp({ database });
  });
  beforeEach(async () => {
    account = await app.seed.account();
    owner = await account.owner.login();
  });
  afterAll(() => app.close());

  /** A browser with a signed-in user. */
  async function browserOf(
    person = account.owner,
  ): Promise<{ cookie: string; sessionId: string; me: string }> {
    const { cookie, data } = await person.tryLogin({ transport: COOKIE });
    return { cookie: cookie!, sessionId: data.login.session.id, me: data.login.accessToken };
  }
  const endReasonOf = async (sessionId: string) => (await sessionEnd(app, sessionId)).end_reason;

  async function linkFor(userId: string): Promise<string> {
    const { data } = await owner.gql(RESET_PASSWORD, { userId });
    return tokenOf(data.resetUserPassword.setPasswordUrl);
  }

  const setPassword = (token: string, input: Record<string, unknown>, cookie: string): Promise<Answer> =>
    app.gql(SET_PASSWORD, { input: { token, newPassword: PASSWORD, ...input } }, { cookie });

  test('a sign-in by cookie ends the session of that cookie once, in the trail and on its socket', async () => {
    const browser = await browserOf();
    const events = owner.accountSessions();
    await events.connected;
    const feed = app.subscribe(`subscription { sessionExpiry { kind endReason } }`, {
      accessToken: browser.me,
    });
    await untilBegun([feed], (time) =>
      saveRules(owner, { idleMinutes: 600 - time, absoluteMinutes: 600, apply: 'ACTIVE_SESSIONS' }),
    );
    const again = await account.owner.tryLogin({ transport: COOKIE }, { cookie: browser.cookie });
    expect(again.errors).toBeUndefined();
    expect(again.cookie).toMatch(/^curfew_refresh=ey/);
    expect(await sessionEnd(app, browser.sessionId)).toEqual({
      ended_at: app.clock.now(),
      end_reason: 'REPLACED',
    });
    await feed.closed;
    expect(feed.events.at(-1)).toEqual({ kind: 'REVOKED', endReason: 'REPLACED' });
    expect(await feed.closed).toMatchObject({ code: 4401, reason: 'REPLACED' });
    expect((await app.gql(CURRENT_SESSION, {}, { token: browser.me })).extensions).toMatchObject({
      code: 'UNAUTHENTICATED',
      endReason: 'REPLACED',
    });
    const ended = (await auditRows(app, account.id)).filter(({ action }) => action === 'session.ended');
    expect(ended).toEqual([
      expect.objectContaining({
        actor_id: account.owner.id,
        resource_id: browser.sessionId,
        details: { reason: 'REPLACED', user_id: account.owner.id },
      }),
    ]);
    expect((await owner.gql(CURRENT_SESSION)).errors).toBeUndefined();
    await events.stop();
  });

  test("it also ends a colleague's session and one of another account, whose trail names no user of this account", async () => {
    const member = await account.addUser();
    const stranger = (await app.seed.account()).owner;
    for (const person of [member, stranger]) {
      const browser = await browserOf(person);
      const answer = await account.owner.tryLogin({ transport: COOKIE }, { cookie: browser.cookie });
      expect(answer.data.login.user.id).toBe(account.owner.id);
      expect(await endReasonOf(browser.sessionId)).toBe('REPLACED');
    }
    const endedBy = async (accountId: string) =>
      (await auditRows(app, accountId))
        .filter(({ action }) => action === 'session.ended')
        .map(({ actor_id }) => actor_id);
    expect(await endedBy(account.id)).toEqual([account.owner.id]);
    expect(await endedBy(stranger.accountId)).toEqual([stranger.id]);
  });

  test('setPassword by cookie ends it too, also for the same user', async () => {
    const member = await account.addUser();
    const [colleague, own, elsewhere] = [await browserOf(), await browserOf(member), await member.login()];
    expect(
      (await setPassword(await linkFor(member.id), { transport: COOKIE }, colleague.cookie)).errors,
    ).toBeUndefined();
    expect(await endReasonOf(colleague.sessionId)).toBe('REPLACED');
    expect(await endReasonOf(own.sessionId)).toBe('PASSWORD_CHANGED');
    expect(await endReasonOf(elsewhere.sessionId)).toBe('PASSWORD_CHANGED');

    const { cookie, data } = await member.tryLogin({ transport: COOKIE, password: PASSWORD });
    await setPassword(await linkFor(member.id), { transport: COOKIE }, cookie!);
    expect(await endReasonOf(data.login.session.id)).toBe('REPLACED');
  });

  test.each([
    ['login', (cookie: string) => account.owner.tryLogin({}, { cookie })],
    ['setPassword', async (cookie: string) => setPassword(await linkFor(account.owner.id), {}, cookie)],
  ])("%s with the tokens in the body leaves the browser's cookie alone", async (_, signIn) => {
    const browser = await browserOf(await account.addUser());
    expect((await signIn(browser.cookie)).errors).toBeUndefined();
    expect(await endReasonOf(browser.sessionId)).toBeNull();
  });

  test('a refused sign-in ends no session', async () => {
    const browser = await browserOf();
    const { cookie } = browser;
    for (const answer of [
      await account.owner.tryLogin({ transport: COOKIE, password: 'wrong password' }, { cookie }),
      await setPassword('not a token', { transport: COOKIE }, cookie),
      await setPassword(await linkFor(account.owner.id), { transport: COOKIE, newPassword: 'x' }, cookie),
    ])
      expect(answer.errors).toHaveLength(1);
    expect(await endReasonOf(browser.sessionId)).toBeNull();
  });

  test('a rotated, ended or forged cookie, or one of another kind, ends no session', async () => {
    const member = await account.addUser();
    const browser = await browserOf(member);
    const refreshed = await app.gql(REFRESH, {}, { cookie: browser.cookie });
    const gone = await browserOf(member);
    await app.gql('mutation { logout { ended } }', {}, { cookie: gone.cookie });
    const foreign = (await (await startedElsewhere()).owner.login()).refreshToken;
    for (const cookie of [
      browser.cookie,
      gone.cookie,
      `${refreshed.cookie!.slice(0, -3)}abc`,
      `curfew_refresh=${browser.me}`,
      `curfew_refresh=${foreign}`,
      'curfew_refresh=',
      'curfew_refresh=%00',
    ]) {
      const answer = await account.owner.tryLogin({ transport: COOKIE }, { cookie });
      expect(answer.errors).toBeUndefined();
    }
    expect(await endReasonOf(browser.sessionId)).toBeNull();
    expect(await endReasonOf(gone.sessionId)).toBe('LOGOUT');
    const live = await account.owner.tryLogin({ transport: COOKIE }, { cookie: refreshed.cookie! });
    expect(live.errors).toBeUndefined();
    expect(await endReasonOf(browser.sessionId)).toBe('REPLACED');
  });

  /** Signed with the right key, but for an unknown session. */
  async function startedElsewhere(): Promise<SeededAccount> {
    const other = await startApp({ database });
    const account = await other.seed.account();
    opened.push(other);
    return account;
  }
  const opened: TestApp[] = [];
  afterAll(() => Promise.all(opened.map((other) => other.close())));

  test('two simultaneous sign-ins of one browser leave at most one session each', async () => {
    const browser = await browserOf();
    const answers = await Promise.all(
      [1, 2].map(() =>
        app.gql(
          LOGIN,
          {
            input: {
              email: account.owner.email,
              password: 'correct horse battery staple',
              transport: COOKIE,
            },
          },
          { cookie: browser.cookie },
        ),
      ),
    );
    for (const { errors } of answers) expect(errors).toBeUndefined();
    const ended = (await auditRows(app, account.id)).filter(({ action }) => action === 'session.ended');
    expect(ended).toHaveLength(1);
  });

  describe('at an identity provider', () => {
    let stage: Stage;
    beforeAll(async () => {
      stage = await setStage({ app: { database } });
    });
    afterAll(() => stage.close());

    test('a successful sign-in by cookie ends the session of the browser, a refused one does not', async () => {
      const user = await stage.invite();
      const person = (await stage.app.seed.account()).owner;
      const { cookie, data } = await person.tryLogin({ transport: COOKIE });
      const reasonOf = async () => (await sessionEnd(stage.app, data.login.session.id)).end_reason;
      stage.provider.accounts['nobody@example.test'] = {
        email: 'nobody@example.test',
        email_verified: true,
      };
      const refused = await stage.complete(
        await stage.toCallback('nobody@example.test'),
        { transport: COOKIE },
        { cookie: cookie! },
      );
      expect(refused.extensions.reason).toBe('NOT_INVITED');
      expect(await reasonOf()).toBeNull();
      const inBody = await stage.complete(await stage.toCallback(user.email), {}, { cookie: cookie! });
      expect(inBody.errors).toBeUndefined();
      expect(await reasonOf()).toBeNull();
      const answer = await stage.complete(
        await stage.toCallback(user.email),
        { transport: COOKIE },
        { cookie: cookie! },
      );
      expect(answer.errors).toBeUndefined();
      expect(await reasonOf()).toBe('REPLACED');
    });
  });
});
