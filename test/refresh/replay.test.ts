import { onEachDatabase } from '../databases.ts';
import { startApp, type TestApp } from '../harness.ts';
import { type SignedIn } from '../seed.ts';
import { present, rotate, signIn } from './refresh-calls.ts';
import { auditOf, countOf, LIMITS, MINUTE, rowOf, SECOND } from './session-rows.ts';

const REQUEST = 'request-0123456789abcdef';

onEachDatabase((database) => {
  let app: TestApp;
  beforeAll(async () => {
    app = await startApp({ database, env: LIMITS });
  });
  afterAll(() => app.close());

  const isAlive = async ({ accessToken }: SignedIn): Promise<boolean> =>
    (await app.gql('{ viewer { id } }', {}, { token: accessToken })).code === undefined;

  test('a parent replayed inside the grace gets the identical successor and a fresh access token, and moves nothing', async () => {
    const session = await signIn(app);
    app.clock.advance(MINUTE);
    const first = await session.refresh();
    const before = await rowOf(app, session.sessionId);
    app.clock.advance(10 * SECOND - 1);
    const again = await session.refresh();

    expect(again.data.refreshSession.refreshToken).toBe(first.data.refreshSession.refreshToken);
    expect(again.data.refreshSession.accessToken).not.toBe(first.data.refreshSession.accessToken);
    expect(again.data.refreshSession.serverTime).toBe(app.clock.now().toISOString());
    expect(again.data.refreshSession.idleExpiresAt).toBe(first.data.refreshSession.idleExpiresAt);
    expect(await rowOf(app, session.sessionId)).toEqual(before);
    expect(
      (await app.gql('{ viewer { id } }', {}, { token: again.data.refreshSession.accessToken })).code,
    ).toBeUndefined();
  });

  test('a parent presented after the grace ends the session, with one audit row, committed before the error', async () => {
    const session = await signIn(app);
    const child = await rotate(app, session.refreshToken);
    const rowsBefore = await countOf(app, 'audit_events');
    app.clock.advance(10 * SECOND);
    const answer = await session.refresh();

    expect(answer.code).toBe('INVALID_REFRESH_TOKEN');
    expect(answer.extensions.endReason).toBe('REFRESH_TOKEN_REUSED');
    expect(await rowOf(app, session.sessionId)).toMatchObject({
      end_reason: 'REFRESH_TOKEN_REUSED',
      generation: 1,
    });
    expect((await auditOf(app, session.sessionId)).sort()).toEqual([
      'session.refresh_reuse_detected',
      'session.started',
    ]);
    expect(await countOf(app, 'audit_events')).toBe(rowsBefore + 1);
    expect(await isAlive(session)).toBe(false);

    const late = await present(app, child);
    expect(late).toMatchObject({
      code: 'INVALID_REFRESH_TOKEN',
      extensions: { endReason: 'REFRESH_TOKEN_REUSED' },
    });
    expect((await session.refresh()).extensions.endReason).toBe('REFRESH_TOKEN_REUSED');
    expect(await countOf(app, 'audit_events')).toBe(rowsBefore + 1);
  });

  test('a token older than the parent is refused inside the grace of its own replacement, and nothing else happens', async () => {
    const session = await signIn(app);
    const second = await rotate(app, session.refreshToken);
    const third = await rotate(app, second);
    const before = await rowOf(app, session.sessionId);
    app.clock.advance(10 * SECOND - 1);
    const answer = await session.refresh();

    expect(answer.code).toBe('INVALID_REFRESH_TOKEN');
    expect(answer.extensions).not.toHaveProperty('endReason');
    expect(await rowOf(app, session.sessionId)).toEqual(before);
    expect(await auditOf(app, session.sessionId)).toEqual(['session.started']);
    await rotate(app, third);
  });

  test('a token older than the parent ends the session once that grace is over', async () => {
    const session = await signIn(app);
    const second = await rotate(app, session.refreshToken);
    await rotate(app, second);
    app.clock.advance(10 * SECOND);
    expect((await session.refresh()).extensions.endReason).toBe('REFRESH_TOKEN_REUSED');
    expect(await isAlive(session)).toBe(false);
  });

  test('a replay with the same requestId gets the identical successor until that is used', async () => {
    const session = await signIn(app);
    const child = await rotate(app, session.refreshToken, { requestId: REQUEST });
    const before = await rowOf(app, session.sessionId);
    app.clock.advance(20 * MINUTE);
    expect(await rotate(app, session.refreshToken, { requestId: REQUEST })).toBe(child);
    expect(await rowOf(app, session.sessionId)).toEqual(before);

    const grandchild = await rotate(app, child);
    expect((await session.refresh({ requestId: REQUEST })).extensions.endReason).toBe('REFRESH_TOKEN_REUSED');
    expect((await present(app, grandchild)).extensions.endReason).toBe('REFRESH_TOKEN_REUSED');
  });

  test.each([
    ['another requestId', { requestId: `${REQUEST}-other` }, { requestId: REQUEST }],
    ['a requestId where the rotation had none', { requestId: REQUEST }, {}],
    ['no requestId where the rotation had one', {}, { requestId: REQUEST }],
  ])('%s does not replay after the grace', async (_, replayed, rotated) => {
    const session = await signIn(app);
    await rotate(app, session.refreshToken, rotated);
    app.clock.advance(10 * SECOND);
    expect((await session.refresh(replayed)).extensions.endReason).toBe('REFRESH_TOKEN_REUSED');
  });

  test('the requestId of an earlier rotation does not replay a later one', async () => {
    const session = await signIn(app);
    const child = await rotate(app, session.refreshToken, { requestId: REQUEST });
    await rotate(app, child);
    app.clock.advance(10 * SECOND);
    expect((await present(app, child, { requestId: REQUEST })).extensions.endReason).toBe(
      'REFRESH_TOKEN_REUSED',
    );
  });

  test.each([
    ['15', 15],
    ['129', 129],
    ['no', 0],
  ])('a requestId of %s characters is refused with any token', async (_, length) => {
    const session = await signIn(app);
    const answer = await session.refresh({ requestId: 'x'.repeat(length) });
    expect(answer).toMatchObject({
      code: 'BAD_USER_INPUT',
      extensions: { field: 'requestId', reason: 'OUT_OF_BOUNDS', min: 16, max: 128 },
    });
    expect((await rowOf(app, session.sessionId)).generation).toBe(0);
  });

  test.each([16, 128])('a requestId of %i characters is accepted', async (length) => {
    const session = await signIn(app);
    const requestId = 'x'.repeat(length);
    const child = await rotate(app, session.refreshToken, { requestId });
    app.clock.advance(MINUTE);
    expect(await rotate(app, session.refreshToken, { requestId })).toBe(child);
  });

  test('neither a requestId nor a token is stored as it is', async () => {
    const session = await signIn(app);
    const child = await rotate(app, session.refreshToken, { requestId: REQUEST });
    const row = await rowOf(app, session.sessionId);
    expect(row.refresh_request_hash).toMatch(/^\\x[0-9a-f]{64}$/);
    const stored = JSON.stringify(row);
    const inHex = (text: string) => Buffer.from(text).toString('hex');
    for (const secret of [REQUEST, child, child.split('.')[2]!]) {
      expect(stored).not.toContain(secret);
      expect(stored).not.toContain(inHex(secret));
    }
  });

  test('the absolute deadline, auth_time and the snapshot stay the same through many rotations', async () => {
    const session = await signIn(app);
    const { absolute_expires_at, authenticated_at } = await rowOf(app, session.sessionId);
    let token = session.refreshToken;
    for (let turn = 1; turn <= 5; turn += 1) {
      app.clock.advance(11 * MINUTE);
      token = await rotate(app, token);
      const row = await rowOf(app, session.sessionId);
      expect(row).toMatchObject({ absolute_expires_at, authenticated_at, generation: turn });
      const claims = JSON.parse(Buffer.from(token.split('.')[1]!, 'base64url').toString());
      expect(claims).toMatchObject({
        gen: turn,
        idle_max: 1800,
        abs_max: 3600,
        auth_time: Math.floor(Date.parse(authenticated_at) / 1000),
        exp: Math.floor(Date.parse(row.idle_expires_at) / 1000),
      });
    }
  });
});

onEachDatabase((database) => {
  test('with a grace of zero seconds a parent is never accepted again, except by its requestId', async () => {
    const app = await startApp({ database, env: { ...LIMITS, REFRESH_REUSE_GRACE_SECONDS: '0' } });
    try {
      const { owner } = await app.seed.account();
      const kept = await owner.login();
      const child = (await kept.refresh({ requestId: REQUEST })).data.refreshSession.refreshToken;
      expect((await kept.refresh({ requestId: REQUEST })).data.refreshSession.refreshToken).toBe(child);
      const lost = await owner.login();
      await lost.refresh();
      expect((await lost.refresh()).extensions.endReason).toBe('REFRESH_TOKEN_REUSED');
    } finally {
      await app.close();
    }
  });
});
