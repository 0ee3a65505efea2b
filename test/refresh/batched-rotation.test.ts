import { sql } from 'kysely';
import { onPostgres } from '../databases.ts';
import { startApp, type TestApp } from '../harness.ts';
import { claimsOf, REFRESH } from '../seed.ts';
import { LIMITS, MINUTE, rowOf } from './session-rows.ts';

// Concurrent refreshes share a statement: none of them may notice.

onPostgres(() => {
  let app: TestApp;
  beforeEach(async () => {
    app = await startApp({ database: 'postgresql', env: LIMITS });
  });
  afterEach(() => app.close());

  const signIns = async (count: number) => {
    const { owner } = await app.seed.account();
    return Promise.all(Array.from({ length: count }, () => owner.login()));
  };

  test('each of many simultaneous refreshes gets its own successor and its own kind of refresh', async () => {
    const sessions = await signIns(20);
    const signedInAt = app.clock.now().toISOString();
    app.clock.advance(5 * MINUTE);
    const refreshedAt = app.clock.now().toISOString();
    const answers = await Promise.all(
      sessions.map((session, index) => session.refresh({ userActive: index % 2 === 0 })),
    );
    for (const [index, session] of sessions.entries()) {
      const { refreshToken } = answers[index]!.data.refreshSession;
      expect(claimsOf(refreshToken)).toMatchObject({ sid: session.sessionId, gen: 1 });
      const row = await rowOf(app, session.sessionId);
      expect(row.generation).toBe(1);
      expect(new Date(row.last_activity_at).toISOString()).toBe(index % 2 === 0 ? refreshedAt : signedInAt);
    }
  });

  test('a refused refresh does not affect the others of its batch', async () => {
    const [over, used, good, ended] = await signIns(4);
    await used!.refresh();
    await ended!.gql('mutation { logout { ended } }');
    await sql`update sessions set idle_expires_at = ${app.clock.now()} where id = ${over!.sessionId}`.execute(
      app.database.em().getKysely(),
    );
    const answers = await Promise.all(
      [over!, used!, good!, ended!].map((session) => session.refresh({ requestId: 'its-own-request-id' })),
    );
    expect(answers.map(({ code }) => code)).toEqual([
      'SESSION_EXPIRED_IDLE',
      // A replay within the grace.
      undefined,
      undefined,
      'INVALID_REFRESH_TOKEN',
    ]);
    expect((await rowOf(app, good!.sessionId)).generation).toBe(1);
  });

  test('only the refresh of a locked row waits for it', async () => {
    const sessions = await signIns(21);
    const held = sessions[10]!;
    const others = sessions.filter((session) => session !== held);
    let waiting: ReturnType<typeof held.refresh> | undefined;
    await app.database.transaction(async (em) => {
      await sql`select 1 from sessions where id = ${held.sessionId} for update`.execute(em.getKysely());
      const answers = sessions.map((session) => session.refresh());
      waiting = answers[10];
      const free = await Promise.all(answers.filter((_, index) => index !== 10));
      expect(free.map(({ code }) => code)).toEqual(others.map(() => undefined));
      expect((await rowOf(app, held.sessionId)).generation).toBe(0);
    });
    expect((await waiting)?.code).toBeUndefined();
    expect((await rowOf(app, held.sessionId)).generation).toBe(1);
  });

  test('a column added by a newer node changes no prepared statement', async () => {
    let [refreshToken] = (await signIns(1)).map((session) => session.refreshToken);
    for (let round = 0; round < 8; round += 1) {
      if (round === 6)
        await sql`alter table sessions add column of_a_newer_node integer`.execute(
          app.database.em().getKysely(),
        );
      const answer = await app.gql(REFRESH, { input: { refreshToken } });
      expect(answer.code).toBeUndefined();
      refreshToken = answer.data.refreshSession.refreshToken;
      const viewer = await app.gql(
        '{ viewer { id } }',
        {},
        { token: answer.data.refreshSession.accessToken },
      );
      expect(viewer.code).toBeUndefined();
    }
  });
});
