import { onUsualDatabase } from '../databases.ts';
import { startApp, type TestApp } from '../harness.ts';
import type { Answer } from '../graphql-client.ts';
import { PASSWORD, type SeededAccount, type SignedIn } from '../seed.ts';
import {
  auditRows,
  CHANGE_PASSWORD,
  CURRENT_SESSION,
  INVITE,
  RESET_PASSWORD,
  sessionEnd,
  SET_ACTIVE,
  SET_PASSWORD,
  SET_ROLE,
  tokenOf,
} from './account-calls.ts';

const HOUR = 3_600_000;
const GOOD = 'a much better password';
const CHANGE = { currentPassword: PASSWORD, newPassword: GOOD };

onUsualDatabase((database) => {
  let app: TestApp;
  let account: SeededAccount;
  let owner: SignedIn;
  let invited = 0;

  beforeAll(async () => {
    app = await startApp({ database, env: { ACCESS_TOKEN_TTL_SECONDS: '1000000000' } });
  });
  beforeEach(async () => {
    account = await app.seed.account();
    owner = await account.owner.login();
  });
  afterAll(() => app.close());

  const use = (token: string, newPassword = GOOD): Promise<Answer> =>
    app.gql(SET_PASSWORD, { input: { token, newPassword } });

  async function invite(): Promise<{ id: string; email: string; token: string }> {
    const email = `new-${(invited += 1)}@${database}.example.test`;
    const { data } = await owner.gql(INVITE, { input: { email, name: 'Nia New' } });
    return { id: data.inviteUser.user.id, email, token: tokenOf(data.inviteUser.setPasswordUrl) };
  }

  async function reset(userId: string): Promise<string> {
    const { data } = await owner.gql(RESET_PASSWORD, { userId });
    return tokenOf(data.resetUserPassword.setPasswordUrl);
  }

  test('a link signs the user in, and works once', async () => {
    const { id, email, token } = await invite();
    const answer = await use(token);
    expect(answer.data.setPassword).toMatchObject({
      session: { appType: 'CONTROL_PANEL' },
      user: { id, email },
    });
    const me = { token: answer.data.setPassword.accessToken };
    expect((await app.gql(CURRENT_SESSION, {}, me)).data.currentSession.id).toBe(
      answer.data.setPassword.session.id,
    );

    expect((await use(token, 'yet another password')).code).toBe('INVALID_CREDENTIALS');
    const login = (password: string) =>
      app.gql(`mutation ($input: LoginInput!) { login(input: $input) { user { id } } }`, {
        input: { email, password },
      });
    expect((await login(GOOD)).data.login.user.id).toBe(id);
    expect((await login('yet another password')).code).toBe('INVALID_CREDENTIALS');
  });

  test('one of two simultaneous uses of a link wins', async () => {
    const { token } = await invite();
    const answers = await Promise.all(
      ['first good password', 'second good password'].map((p) => use(token, p)),
    );
    expect(answers.map(({ code }) => code).toSorted()).toEqual(['INVALID_CREDENTIALS', undefined]);
  });

  test('a link works for 24 hours', async () => {
    const [early, late] = [await invite(), await invite()];
    app.clock.advance(24 * HOUR - 1);
    expect((await use(early.token)).errors).toBeUndefined();
    app.clock.advance(1);
    expect((await use(late.token)).code).toBe('INVALID_CREDENTIALS');
  });

  test.each([
    ['too short', 'fourteen chars'],
    ['too long', 'x'.repeat(129)],
    ['the e-mail', null],
    ['common', 'passwordpassword'],
  ])('a refused password (%s) leaves the link usable and the session untouched', async (_, password) => {
    const { token, email } = await invite();
    const answer = await use(token, password ?? email.toUpperCase());
    expect(answer.extensions).toMatchObject({ code: 'BAD_USER_INPUT', field: 'newPassword' });
    expect((await use(token)).errors).toBeUndefined();
  });

  test('a new link cancels the older one', async () => {
    const { id, token } = await invite();
    const newer = await reset(id);
    expect((await use(token)).code).toBe('INVALID_CREDENTIALS');
    expect((await use(newer)).errors).toBeUndefined();
  });

  test("a reset ends no session until it is used; then the user's sessions end, with one audit row", async () => {
    const member = await account.addUser();
    const [one, two] = [await member.login(), await member.login()];
    const token = await reset(member.id);
    expect((await one.gql(CURRENT_SESSION)).errors).toBeUndefined();

    const answer = await use(token);
    for (const { sessionId } of [one, two])
      expect(await sessionEnd(app, sessionId)).toEqual({
        ended_at: app.clock.now(),
        end_reason: 'PASSWORD_CHANGED',
      });
    expect((await one.gql(CURRENT_SESSION)).extensions.endReason).toBe('PASSWORD_CHANGED');
    expect((await sessionEnd(app, answer.data.setPassword.session.id)).ended_at).toBeNull();
    expect((await owner.gql(CURRENT_SESSION)).errors).toBeUndefined();
    const rows = (await auditRows(app, account.id)).filter(
      ({ action }) => action === 'user.password_changed',
    );
    expect(rows).toEqual([
      expect.objectContaining({
        actor_id: member.id,
        resource_id: member.id,
        details: { ended_sessions: 2 },
      }),
    ]);
  });

  test.each([
    ['changePassword', (me: SignedIn) => me.gql(CHANGE_PASSWORD, { input: CHANGE })],
    ['setUserRole', (me: SignedIn) => owner.gql(SET_ROLE, { userId: me.payload.user.id, role: 'OWNER' })],
    [
      'setUserRole that changes nothing',
      (me: SignedIn) => owner.gql(SET_ROLE, { userId: me.payload.user.id, role: 'MEMBER' }),
    ],
    [
      'a deactivation, and stays dead after the reactivation',
      async (me: SignedIn) => {
        await owner.gql(SET_ACTIVE, { userId: me.payload.user.id, isActive: false });
        return owner.gql(SET_ACTIVE, { userId: me.payload.user.id, isActive: true });
      },
    ],
  ])('a link stops working with %s', async (_, change) => {
    const member = await account.addUser();
    const me = await member.login();
    const token = await reset(member.id);
    expect((await change(me)).errors).toBeUndefined();
    expect((await use(token)).code).toBe('INVALID_CREDENTIALS');
    expect((await use(await reset(member.id), 'another good password')).errors).toBeUndefined();
  });

  test('an inactive user cannot use a link', async () => {
    const { id, token } = await invite();
    await owner.gql(SET_ACTIVE, { userId: id, isActive: false });
    expect((await use(token)).code).toBe('INVALID_CREDENTIALS');
  });

  test('an invented link is refused like a used one', async () => {
    const used = await invite();
    await use(used.token);
    const { message } = (await use(used.token)).errors![0]!;
    for (const token of ['', 'x', '\0', 'x'.repeat(10_000), '\ud800', 'A'.repeat(43)]) {
      const answer = await use(token);
      expect(answer.extensions).toEqual({ code: 'INVALID_CREDENTIALS' });
      expect(answer.errors![0]!.message).toBe(message);
    }
  });

  test('the refresh token travels in the cookie when the caller asks for it', async () => {
    const { token } = await invite();
    const answer = await app.gql(SET_PASSWORD, { input: { token, newPassword: GOOD, transport: 'COOKIE' } });
    expect(answer.data.setPassword.refreshToken).toBeNull();
    expect(answer.cookie).toMatch(/^curfew_refresh=ey/);
  });
});
