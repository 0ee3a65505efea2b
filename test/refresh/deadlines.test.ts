import { onUsualDatabase } from '../databases.ts';
import { startApp, type TestApp } from '../harness.ts';
import { type SignedIn } from '../seed.ts';
import { present, signIn } from './refresh-calls.ts';
import { auditOf, instantOf, LIMITS, MINUTE, rowOf, SECOND, sweepUntilEnded } from './session-rows.ts';

const UPDATE = `mutation ($input: UpdateSessionPolicyInput!) { updateSessionPolicy(input: $input) { sessionPolicy { version } } }`;

onUsualDatabase((database) => {
  let app: TestApp;
  beforeAll(async () => {
    app = await startApp({ database, env: LIMITS });
  });
  afterAll(() => app.close());

  const after = (session: SignedIn, milliseconds: number): string =>
    new Date(Date.parse(session.payload.session.authenticatedAt) + milliseconds).toISOString();
  /** Lets the sweeper record the end first, or not. */
  const sweepIf = async (session: SignedIn, isSwept: boolean): Promise<void> => {
    if (isSwept) await sweepUntilEnded(app, session.sessionId);
  };

  test('a refresh moves the idle deadline and the last activity', async () => {
    const session = await signIn(app);
    app.clock.advance(10 * MINUTE);
    const answer = await session.refresh();
    expect(answer.data.refreshSession).toMatchObject({
      idleExpiresAt: after(session, 40 * MINUTE),
      absoluteExpiresAt: after(session, 60 * MINUTE),
      session: { lastActivityAt: after(session, 10 * MINUTE), expiryReason: 'IDLE', isCurrent: true },
    });
  });

  test('a refresh with userActive false rotates and leaves idle deadline and last activity alone', async () => {
    const session = await signIn(app);
    app.clock.advance(10 * MINUTE);
    const before = await rowOf(app, session.sessionId);
    const answer = await session.refresh({ userActive: false });
    expect(answer.data.refreshSession.idleExpiresAt).toBe(after(session, 30 * MINUTE));
    const row = await rowOf(app, session.sessionId);
    expect(row.generation).toBe(1);
    expect(row.idle_expires_at).toBe(before.idle_expires_at);
    expect(row.last_activity_at).toBe(before.last_activity_at);
  });

  test('userActive null means the default, which is activity', async () => {
    const session = await signIn(app);
    app.clock.advance(MINUTE);
    const answer = await session.refresh({ userActive: null });
    expect(answer.data.refreshSession.idleExpiresAt).toBe(after(session, 31 * MINUTE));
  });

  test('a page that only refreshes in the background reaches its idle limit', async () => {
    const session = await signIn(app);
    let token = session.refreshToken;
    for (let turn = 0; turn < 5; turn += 1) {
      app.clock.advance(5 * MINUTE);
      token = (await present(app, token, { userActive: false })).data.refreshSession.refreshToken;
    }
    app.clock.advance(5 * MINUTE);
    expect(await present(app, token, { userActive: false })).toMatchObject({
      code: 'SESSION_EXPIRED_IDLE',
      extensions: { expiredAt: after(session, 30 * MINUTE) },
    });
  });

  test('the idle deadline never passes the absolute one, and access tokens expire with it', async () => {
    const session = await signIn(app);
    app.clock.advance(29 * MINUTE);
    const second = (await session.refresh()).data.refreshSession;
    expect(second.idleExpiresAt).toBe(after(session, 59 * MINUTE));
    app.clock.advance(29 * MINUTE);
    const third = (await present(app, second.refreshToken)).data.refreshSession;
    expect(third).toMatchObject({
      idleExpiresAt: third.absoluteExpiresAt,
      absoluteExpiresAt: after(session, 60 * MINUTE),
      session: { expiryReason: 'ABSOLUTE' },
    });
    expect(Date.parse(third.accessTokenExpiresAt)).toBeLessThanOrEqual(Date.parse(third.absoluteExpiresAt));
    expect(Date.parse(third.accessTokenExpiresAt)).toBeGreaterThan(
      Date.parse(third.absoluteExpiresAt) - SECOND,
    );
  });

  test('one millisecond before its idle deadline a session is refreshed, at the deadline it has expired', async () => {
    const [early, late] = [await signIn(app), await signIn(app)];
    app.clock.advance(30 * MINUTE - 1);
    expect((await early.refresh()).code).toBeUndefined();
    app.clock.advance(1);
    expect((await late.refresh()).code).toBe('SESSION_EXPIRED_IDLE');
  });

  describe.each([
    ['not marked yet', false],
    ['marked by the sweeper', true],
  ])('on a row that is %s', (_, isSwept) => {
    test('an idle-expired token is SESSION_EXPIRED_IDLE however often it is presented, and stays unconsumed', async () => {
      const session = await signIn(app);
      app.clock.advance(30 * MINUTE);
      await sweepIf(session, isSwept);
      for (let turn = 0; turn < 3; turn += 1) {
        const answer = await session.refresh();
        expect(answer.code).toBe('SESSION_EXPIRED_IDLE');
        expect(answer.extensions.expiredAt).toBe(after(session, 30 * MINUTE));
      }
      expect((await rowOf(app, session.sessionId)).generation).toBe(0);
      expect(await auditOf(app, session.sessionId)).toEqual(['session.started']);
    });

    test('an absolute-expired token is consumed and SESSION_EXPIRED_ABSOLUTE, presented again it is invalid', async () => {
      const session = await signIn(app);
      app.clock.advance(29 * MINUTE);
      const second = (await session.refresh()).data.refreshSession.refreshToken;
      app.clock.advance(29 * MINUTE);
      const third = (await present(app, second)).data.refreshSession.refreshToken;
      app.clock.advance(2 * MINUTE);
      await sweepIf(session, isSwept);

      const first = await present(app, third, { requestId: 'the-same-request-id' });
      expect(first.code).toBe('SESSION_EXPIRED_ABSOLUTE');
      expect(first.extensions.expiredAt).toBe(after(session, 60 * MINUTE));
      expect(await rowOf(app, session.sessionId)).toMatchObject({
        generation: 3,
        end_reason: 'ABSOLUTE_TIMEOUT',
      });
      expect(instantOf((await rowOf(app, session.sessionId)).ended_at)).toBe(after(session, 60 * MINUTE));
      expect((await present(app, third)).code).toBe('INVALID_REFRESH_TOKEN');
      expect((await present(app, third, { requestId: 'the-same-request-id' })).code).toBe(
        'INVALID_REFRESH_TOKEN',
      );
      expect((await present(app, second)).code).toBe('INVALID_REFRESH_TOKEN');
      expect(await auditOf(app, session.sessionId)).toEqual(['session.started']);
    });

    test('with both deadlines past the answer is ABSOLUTE', async () => {
      const session = await signIn(app);
      app.clock.advance(60 * MINUTE);
      await sweepIf(session, isSwept);
      const answer = await session.refresh();
      expect(answer.code).toBe('SESSION_EXPIRED_ABSOLUTE');
      expect(answer.extensions.expiredAt).toBe(after(session, 60 * MINUTE));
      expect((await session.refresh()).code).toBe('INVALID_REFRESH_TOKEN');
    });

    test('the parent of an expired session is refused without reuse detection', async () => {
      const session = await signIn(app);
      await session.refresh();
      app.clock.advance(30 * MINUTE);
      await sweepIf(session, isSwept);
      const answer = await session.refresh();
      expect(answer.code).toBe('INVALID_REFRESH_TOKEN');
      expect(await auditOf(app, session.sessionId)).toEqual(['session.started']);
      expect((await rowOf(app, session.sessionId)).end_reason).not.toBe('REFRESH_TOKEN_REUSED');
    });
  });

  test('a session that ended as idle and then passes its absolute deadline is ABSOLUTE, once', async () => {
    const session = await signIn(app);
    app.clock.advance(30 * MINUTE);
    await sweepUntilEnded(app, session.sessionId);
    expect((await session.refresh()).code).toBe('SESSION_EXPIRED_IDLE');
    app.clock.advance(30 * MINUTE);
    expect((await session.refresh()).code).toBe('SESSION_EXPIRED_ABSOLUTE');
    expect((await session.refresh()).code).toBe('INVALID_REFRESH_TOKEN');
    expect(await rowOf(app, session.sessionId)).toMatchObject({ generation: 1, end_reason: 'IDLE_TIMEOUT' });
    expect(instantOf((await rowOf(app, session.sessionId)).ended_at)).toBe(after(session, 30 * MINUTE));
  });

  test('a revoked session is INVALID_REFRESH_TOKEN with its end reason, also when its deadlines have passed since', async () => {
    const session = await signIn(app);
    await session.gql('mutation { revokeSessions(scope: ALL) { revokedCount } }');
    const expected = { code: 'INVALID_REFRESH_TOKEN', extensions: { endReason: 'REVOKED_BY_OWNER' } };
    expect(await session.refresh()).toMatchObject(expected);
    app.clock.advance(2 * 60 * MINUTE);
    expect(await session.refresh()).toMatchObject(expected);
    expect((await rowOf(app, session.sessionId)).generation).toBe(0);
  });

  test('a revoked session is not reported as ended by reuse when an old token of it comes', async () => {
    const session = await signIn(app);
    const child = (await session.refresh()).data.refreshSession;
    await app.gql('mutation { logout { ended } }', {}, { token: child.accessToken });
    app.clock.advance(MINUTE);
    expect((await session.refresh()).extensions.endReason).toBe('LOGOUT');
    expect(await auditOf(app, session.sessionId)).not.toContain('session.refresh_reuse_detected');
  });

  test('after an applied policy the next rotation carries the shorter snapshot, and a replay the old one', async () => {
    const { owner } = await app.seed.account();
    const session = await owner.login();
    app.clock.advance(MINUTE);
    const child = (await session.refresh()).data.refreshSession.refreshToken;
    const input = { idleMinutes: 10, absoluteMinutes: 40, apply: 'ACTIVE_SESSIONS' };
    expect((await session.gql(UPDATE, { input })).code).toBeUndefined();

    expect((await session.refresh()).data.refreshSession.refreshToken).toBe(child);
    const { refreshToken } = (await present(app, child)).data.refreshSession;
    const claims = JSON.parse(Buffer.from(refreshToken.split('.')[1]!, 'base64url').toString());
    expect(claims).toMatchObject({ idle_max: 600, abs_max: 2400 });
    expect((await rowOf(app, session.sessionId)).idle_seconds).toBe(600);
  });
});
