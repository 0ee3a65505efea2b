import { sql } from 'kysely';
import { onEachDatabase } from '../databases.ts';
import type { Answer } from '../graphql-client.ts';
import { startApp, type TestApp } from '../harness.ts';
import { present, rotate } from '../refresh/refresh-calls.ts';
import { auditOf, LIMITS, MINUTE, rowOf, SECOND, sweepUntilEnded } from '../refresh/session-rows.ts';
import { claimsOf, PASSWORD, REFRESH, type SeededAccount, type SignedIn } from '../seed.ts';
import { from } from './account-calls.ts';
import { reauthenticate, REAUTHENTICATE, reauthenticated, withTokens } from './reauthenticate-calls.ts';

const REQUEST_ID = 'a request id of this one call';
const SET_POLICY = `mutation ($input: UpdateSessionPolicyInput!) {
  updateSessionPolicy(input: $input) { sessionPolicy { version } } }`;

onEachDatabase((database) => {
  let app: TestApp;
  let account: SeededAccount;
  let who: SignedIn;
  beforeAll(async () => {
    app = await startApp({
      database,
      env: {
        ...LIMITS,
        ACCESS_TOKEN_TTL_SECONDS: '1000000',
        TRUST_PROXY: 'true',
        LOGIN_FAILURES_PER_PAIR: '3',
      },
    });
  });
  afterAll(() => app.close());
  beforeEach(async () => {
    account = await app.seed.account();
    who = await (await account.addUser()).login();
    // The rows of the trail have an order.
    app.clock.advance(1);
  });

  const later = (milliseconds: number): string =>
    new Date(app.clock.now().getTime() + milliseconds).toISOString();
  const audited = (id = who.sessionId): Promise<string[]> => auditOf(app, id);
  const refusal = ({ code, extensions, data }: Answer) => ({
    code,
    endReason: extensions.endReason,
    data: data && Object.values(data)[0],
  });
  const refused = (code: string, endReason?: string) => ({ code, endReason, data: null });

  test('starts both deadlines again under the policy of this moment, and the session keeps its id', async () => {
    await (await account.owner.login()).gql(SET_POLICY, { input: { idleMinutes: 20, absoluteMinutes: 45 } });
    app.clock.advance(25 * MINUTE);
    const now = app.clock.now().toISOString();
    const payload = await reauthenticated(who);
    expect(payload).toMatchObject({
      idleExpiresAt: later(20 * MINUTE),
      absoluteExpiresAt: later(45 * MINUTE),
      serverTime: now,
      session: {
        id: who.sessionId,
        authenticatedAt: now,
        lastActivityAt: now,
        idleMinutes: 20,
        absoluteMinutes: 45,
        isCurrent: true,
        canReauthenticate: true,
        authenticationMethod: 'PASSWORD',
        authenticationProvider: null,
      },
    });
    const seconds = Math.floor(app.clock.now().getTime() / 1000);
    expect(claimsOf(payload.accessToken)).toMatchObject({ sid: who.sessionId, auth_time: seconds });
    expect(claimsOf(payload.refreshToken)).toMatchObject({
      sid: who.sessionId,
      gen: 1,
      auth_time: seconds,
      idle_max: 20 * 60,
      abs_max: 45 * 60,
    });
    expect(await audited()).toEqual(['session.started', 'session.reauthenticated']);

    // The access token of before is good, and so is the new refresh token.
    expect((await who.gql('{ currentSession { authenticatedAt } }')).data.currentSession).toEqual({
      authenticatedAt: now,
    });
    expect((await present(app, payload.refreshToken)).errors).toBeUndefined();
  });

  test('carries the session past both of the deadlines that it had', async () => {
    app.clock.advance(29 * MINUTE);
    const next = withTokens(app, who, await reauthenticated(who));
    app.clock.advance(29 * MINUTE);
    const refreshToken = await rotate(app, next.refreshToken);
    app.clock.advance(29 * MINUTE);
    // 87 minutes after the sign-in, 58 after the new authentication.
    const last = await rotate(app, refreshToken);
    app.clock.advance(2 * MINUTE);
    expect((await present(app, last)).code).toBe('SESSION_EXPIRED_ABSOLUTE');
  });

  test('a shorter policy is kept by the sweep, too', async () => {
    await (await account.owner.login()).gql(SET_POLICY, { input: { idleMinutes: 2, absoluteMinutes: 4 } });
    await reauthenticated(who);
    const deadline = later(2 * MINUTE);
    app.clock.advance(2 * MINUTE);
    const { ended_at, end_reason } = await sweepUntilEnded(app, who.sessionId);
    expect([new Date(ended_at).toISOString(), end_reason]).toEqual([deadline, 'IDLE_TIMEOUT']);
  });

  describe('the token that was presented', () => {
    test('is refused at once and changes nothing, also with the id of the request', async () => {
      const payload = await reauthenticated(who, { requestId: REQUEST_ID });
      for (const input of [{}, { requestId: REQUEST_ID }, { userActive: false }]) {
        app.clock.advance(3 * SECOND);
        expect(refusal(await who.refresh(input))).toEqual(refused('INVALID_REFRESH_TOKEN'));
      }
      expect(refusal(await reauthenticate(who))).toEqual(refused('INVALID_REFRESH_TOKEN'));
      expect((await present(app, payload.refreshToken)).errors).toBeUndefined();
    });

    test('ends the session when it comes back after the grace', async () => {
      const payload = await reauthenticated(who);
      app.clock.advance(10 * SECOND);
      expect(refusal(await who.refresh())).toEqual(refused('INVALID_REFRESH_TOKEN', 'REFRESH_TOKEN_REUSED'));
      expect((await present(app, payload.refreshToken)).extensions.endReason).toBe('REFRESH_TOKEN_REUSED');
    });

    test('may be the parent within the grace: another tab refreshed at that moment', async () => {
      const other = await rotate(app, who.refreshToken);
      app.clock.advance(9_999);
      const payload = await reauthenticated(who);
      expect(claimsOf(payload.refreshToken).gen).toBe(2);
      // That tab's token is replaced as well.
      expect(refusal(await present(app, other))).toEqual(refused('INVALID_REFRESH_TOKEN'));
      expect((await present(app, payload.refreshToken)).errors).toBeUndefined();
    });

    test('ends the session when it was replaced longer ago, as with a refresh', async () => {
      await rotate(app, who.refreshToken);
      app.clock.advance(10 * SECOND);
      expect(refusal(await reauthenticate(who))).toEqual(
        refused('INVALID_REFRESH_TOKEN', 'REFRESH_TOKEN_REUSED'),
      );
      expect(await audited()).toEqual(['session.started', 'session.refresh_reuse_detected']);
    });

    test('is refused and nothing more where tabs raced: replaced twice within the grace', async () => {
      const latest = await rotate(app, await rotate(app, who.refreshToken));
      expect(refusal(await reauthenticate(who))).toEqual(refused('INVALID_REFRESH_TOKEN'));
      expect((await present(app, latest)).errors).toBeUndefined();
    });
  });

  describe('a repeat with the same requestId', () => {
    test('returns the identical successor and the same times, and is no second authentication', async () => {
      const first = await reauthenticated(who, { requestId: REQUEST_ID });
      app.clock.advance(5 * MINUTE);
      const again = await reauthenticated(who, { requestId: REQUEST_ID });
      expect(again).toMatchObject({
        refreshToken: first.refreshToken,
        idleExpiresAt: first.idleExpiresAt,
        absoluteExpiresAt: first.absoluteExpiresAt,
        session: first.session,
      });
      expect(await audited()).toEqual(['session.started', 'session.reauthenticated']);
      expect((await present(app, first.refreshToken)).errors).toBeUndefined();
    });

    test('judges the password again', async () => {
      await reauthenticated(who, { requestId: REQUEST_ID });
      const again = await reauthenticate(who, { requestId: REQUEST_ID, password: 'wrong password' });
      expect(refusal(again)).toEqual(refused('INVALID_CREDENTIALS'));
    });

    test('works for the parent that another tab had replaced', async () => {
      await rotate(app, who.refreshToken);
      const first = await reauthenticated(who, { requestId: REQUEST_ID });
      app.clock.advance(MINUTE);
      expect((await reauthenticated(who, { requestId: REQUEST_ID })).refreshToken).toBe(first.refreshToken);
    });

    test('works for the successor too: a browser keeps the cookie of an answer whose body was lost', async () => {
      const first = await reauthenticated(who, { requestId: REQUEST_ID });
      app.clock.advance(5 * MINUTE);
      const { refreshToken } = first;
      const again = await reauthenticated(who, { requestId: REQUEST_ID, refreshToken });
      expect(again).toMatchObject({ refreshToken, session: first.session });
      expect(await audited()).toEqual(['session.started', 'session.reauthenticated']);
    });

    test('is over once the successor is used, and for another id', async () => {
      const first = await reauthenticated(who, { requestId: REQUEST_ID });
      const other = await reauthenticate(who, { requestId: 'the id of another request' });
      expect(refusal(other)).toEqual(refused('INVALID_REFRESH_TOKEN'));
      await rotate(app, first.refreshToken);
      expect(refusal(await reauthenticate(who, { requestId: REQUEST_ID }))).toEqual(
        refused('INVALID_REFRESH_TOKEN'),
      );
    });

    test('gets nothing of a refresh with that id', async () => {
      const latest = await rotate(app, who.refreshToken, { requestId: REQUEST_ID });
      app.clock.advance(MINUTE);
      expect(refusal(await reauthenticate(who, { requestId: REQUEST_ID }))).toEqual(
        refused('INVALID_REFRESH_TOKEN', 'REFRESH_TOKEN_REUSED'),
      );
      expect((await present(app, latest)).code).toBe('INVALID_REFRESH_TOKEN');
    });

    test.each([15, 129])('an id of %d characters is refused', async (length) => {
      const answer = await reauthenticate(who, { requestId: 'x'.repeat(length) });
      expect(answer.extensions).toMatchObject({ code: 'BAD_USER_INPUT', field: 'requestId' });
    });
  });

  describe('a wrong password', () => {
    test('changes nothing but the trail and the count of failures', async () => {
      const before = await rowOf(app, who.sessionId);
      app.clock.advance(MINUTE);
      const answer = await reauthenticate(who, { password: 'wrong password' });
      expect(refusal(answer)).toEqual(refused('INVALID_CREDENTIALS'));
      expect(await rowOf(app, who.sessionId)).toEqual(before);
      expect(await auditOf(app, who.payload.user.id)).toEqual(['login.failed']);
      expect((await who.refresh()).errors).toBeUndefined();
    });

    test('is counted with those of sign-ins, and a right one clears the pair', async () => {
      const wrong = () => reauthenticate(who, { password: 'wrong password' });
      const { email } = who.payload.user;
      for (let n = 0; n < 2; n += 1) expect((await wrong()).code).toBe('INVALID_CREDENTIALS');
      who = withTokens(app, who, await reauthenticated(who));
      for (let n = 0; n < 3; n += 1) expect((await wrong()).code).toBe('INVALID_CREDENTIALS');
      const before = await rowOf(app, who.sessionId);
      const throttled = await reauthenticate(who);
      expect(throttled.extensions).toMatchObject({
        code: 'RATE_LIMITED',
        retryAfterSeconds: expect.any(Number),
      });
      expect(await rowOf(app, who.sessionId)).toEqual(before);
      const signIn = await app.gql(`mutation ($input: LoginInput!) { login(input: $input) { serverTime } }`, {
        input: { email, password: PASSWORD },
      });
      expect(signIn.code).toBe('RATE_LIMITED');
      expect((await reauthenticate(who, {}, from('203.0.113.9'))).errors).toBeUndefined();
    });

    test('is what a user without a password has', async () => {
      await sql`update users set password_hash = null where id = ${who.payload.user.id}`.execute(
        app.database.em().getKysely(),
      );
      expect(refusal(await reauthenticate(who))).toEqual(refused('INVALID_CREDENTIALS'));
      expect(await audited()).toEqual(['session.started']);
    });
  });

  describe('the refresh token', () => {
    test('has to be one of the session that the access token names', async () => {
      const elsewhere = await (await account.addUser()).login();
      for (const refreshToken of ['', 'not.a.token', who.accessToken, elsewhere.refreshToken, null]) {
        const answer = await reauthenticate(who, { refreshToken, password: 'wrong password' });
        expect(refusal(answer)).toEqual(refused('INVALID_REFRESH_TOKEN'));
      }
      // Refused before the password was looked at.
      expect(await auditOf(app, who.payload.user.id)).toEqual([]);
      expect((await elsewhere.refresh()).errors).toBeUndefined();
    });

    test('travels in the cookie when it came in one', async () => {
      const login = await account.owner.tryLogin({ transport: 'COOKIE' });
      const { accessToken, session } = login.data.login;
      const call = (cookie: string, input = {}) =>
        app.gql(REAUTHENTICATE, { input: { password: PASSWORD, ...input } }, { token: accessToken, cookie });
      const answer = await call(login.cookie!, { requestId: REQUEST_ID });
      expect(answer.data.reauthenticate).toMatchObject({ refreshToken: null, session: { id: session.id } });
      expect(answer.cookie).toMatch(/^curfew_refresh=.+/);
      expect(answer.cookie).not.toBe(login.cookie);
      expect(answer.deviceCookie).not.toBeNull();
      expect((await call(login.cookie!, { requestId: REQUEST_ID })).cookie).toBe(answer.cookie);
      const refreshed = await app.gql(REFRESH, {}, { cookie: answer.cookie! });
      expect(refreshed.data.refreshSession.session.id).toBe(session.id);

      // The argument wins over the cookie.
      const body = await call(refreshed.cookie!, { refreshToken: who.refreshToken });
      expect(refusal(body)).toEqual(refused('INVALID_REFRESH_TOKEN'));
      expect(body.setCookie).toBeNull();
    });
  });
});
