import { sql } from 'kysely';
import { onEachDatabase } from '../databases.ts';
import { startApp, type TestApp } from '../harness.ts';
import { present, rotate, rotateTimes, signIn } from './refresh-calls.ts';
import { auditOf, LIMITS, MINUTE, rowOf, SECOND } from './session-rows.ts';

// The reuse of a stolen refresh token is detected when the honest client returns, however often the thief has
// rotated.

const GRACE = 10 * SECOND;
/** How many replacements a row remembers (migrations/*-recent-rotations.ts). */
const REMEMBERED = 100;

onEachDatabase((database) => {
  let app: TestApp;
  beforeAll(async () => {
    app = await startApp({ database, env: LIMITS });
  });
  afterAll(() => app.close());

  async function expectReuse(sessionId: string, refreshToken: string): Promise<void> {
    const answer = await present(app, refreshToken);
    expect(answer).toMatchObject({
      code: 'INVALID_REFRESH_TOKEN',
      extensions: { endReason: 'REFRESH_TOKEN_REUSED' },
    });
    expect((await rowOf(app, sessionId)).end_reason).toBe('REFRESH_TOKEN_REUSED');
    expect(await auditOf(app, sessionId)).toContain('session.refresh_reuse_detected');
  }
  async function expectMereRefusal(sessionId: string, refreshToken: string): Promise<void> {
    const before = await rowOf(app, sessionId);
    const answer = await present(app, refreshToken);
    expect(answer.code).toBe('INVALID_REFRESH_TOKEN');
    expect(answer.extensions).not.toHaveProperty('endReason');
    expect(await rowOf(app, sessionId)).toEqual(before);
  }

  test('a stolen token rotated every three seconds is detected when the honest client comes eleven seconds later', async () => {
    const honest = await signIn(app);
    const stolen = await rotateTimes(app, honest.refreshToken, 4, 3 * SECOND);
    app.clock.advance(2 * SECOND);
    await expectReuse(honest.sessionId, honest.refreshToken);
    expect((await present(app, stolen.at(-1)!)).extensions.endReason).toBe('REFRESH_TOKEN_REUSED');
  });

  test.each([
    ['every second for five minutes', 300, SECOND],
    ['every nine seconds for ten minutes', 67, 9 * SECOND],
    ['a hundred and fifty times at once', 150, 0],
  ])('a stolen token rotated %s is detected too', async (_, times, pause) => {
    const honest = await signIn(app);
    await rotateTimes(app, honest.refreshToken, times, pause);
    await expectReuse(honest.sessionId, honest.refreshToken);
  });

  test('a token older than the parent counts from its own replacement', async () => {
    const { sessionId, refreshToken } = await signIn(app);
    const [, second] = await rotateTimes(app, refreshToken, 4, 3 * SECOND);
    // The first was replaced 9 seconds ago, the second 6.
    app.clock.advance(SECOND - 1);
    await expectMereRefusal(sessionId, refreshToken);
    await expectMereRefusal(sessionId, second!);
    app.clock.advance(1);
    await expectMereRefusal(sessionId, second!);
    await expectReuse(sessionId, refreshToken);
  });

  test('each old token ends the session exactly when its own grace is over', async () => {
    for (const age of [2, 3, 5, 20]) {
      const { sessionId, refreshToken } = await signIn(app);
      const tokens = await rotateTimes(app, refreshToken, 25, 100);
      const old = tokens.at(-1 - age)!;
      // It was replaced `age - 1` turns before the last.
      app.clock.advance(GRACE - (age - 1) * 100 - 1);
      await expectMereRefusal(sessionId, old);
      app.clock.advance(1);
      await expectReuse(sessionId, old);
    }
  });

  test('fifty simultaneous uses of a grandparent within its grace are refused without effect', async () => {
    const { sessionId, refreshToken } = await signIn(app);
    const tokens = await rotateTimes(app, refreshToken, 2, SECOND);
    app.clock.advance(8 * SECOND);
    const before = await rowOf(app, sessionId);
    const answers = await Promise.all(Array.from({ length: 50 }, () => present(app, refreshToken)));
    expect(new Set(answers.map(({ code }) => code))).toEqual(new Set(['INVALID_REFRESH_TOKEN']));
    expect(new Set(answers.map(({ extensions }) => extensions.endReason))).toEqual(new Set([undefined]));
    expect(await rowOf(app, sessionId)).toEqual(before);
    await rotate(app, tokens.at(-1)!);
  });

  test('a row remembers the replacements of the last minute and one before, at most a hundred', async () => {
    const { sessionId, refreshToken } = await signIn(app);
    const remembered = async () => (await rowOf(app, sessionId)).recent_rotations;
    let [, token] = await rotateTimes(app, refreshToken, 1, 0);
    expect(await remembered()).toEqual([]);
    for (let turn = 0; turn < 5; turn += 1) {
      app.clock.advance(5 * MINUTE);
      token = await rotate(app, token!);
      expect(await remembered()).toHaveLength(1);
    }
    for (let turn = 0; turn < 10; turn += 1) {
      app.clock.advance(10 * SECOND);
      token = await rotate(app, token!);
    }
    // 10, 20, ... 50 seconds ago, and 60 seconds ago.
    expect(await remembered()).toHaveLength(6);
    await rotateTimes(app, token!, REMEMBERED + 5, 0);
    expect(await remembered()).toHaveLength(REMEMBERED);
  });

  /** As a node of the previous version writes it: without the new column. */
  const rotateByOldNode = (sessionId: string) =>
    sql`update sessions set generation = generation + 1, rotated_at = ${app.clock.now()}, refresh_request_hash = null
      where id = ${sessionId}`.execute(app.database.em().getKysely());

  test('rotations by a node of the previous version are remembered, too', async () => {
    const honest = await signIn(app);
    await rotateByOldNode(honest.sessionId);
    for (let turn = 0; turn < 3; turn += 1) {
      app.clock.advance(3 * SECOND);
      await rotateByOldNode(honest.sessionId);
    }
    await expectMereRefusal(honest.sessionId, honest.refreshToken);
    app.clock.advance(SECOND);
    await expectReuse(honest.sessionId, honest.refreshToken);
  });

  test('in a row from before the migration an old token counts from the last known replacement', async () => {
    const { sessionId, refreshToken } = await signIn(app);
    const tokens = await rotateTimes(app, refreshToken, 3, SECOND);
    await sql`update sessions set recent_rotations = '{}' where id = ${sessionId}`.execute(
      app.database.em().getKysely(),
    );
    app.clock.advance(GRACE - 1);
    await expectMereRefusal(sessionId, refreshToken);
    // The thief's rotations after the migration hide nothing.
    await rotateTimes(app, tokens.at(-1)!, 3, 0);
    app.clock.advance(1);
    await expectReuse(sessionId, refreshToken);
  });
});
