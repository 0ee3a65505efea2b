import { sql } from 'kysely';
import jwt from 'jsonwebtoken';
import { onUsualDatabase } from '../databases.ts';
import { startApp, type TestApp } from '../harness.ts';
import { claimsOf, REFRESH } from '../seed.ts';
import { LIMITS, MINUTE, rowOf, SECOND } from './session-rows.ts';

const VIEWER = '{ viewer { id } }';

onUsualDatabase((database) => {
  let app: TestApp;
  beforeAll(async () => {
    app = await startApp({ database, env: { ...LIMITS, ACCESS_TOKEN_AUDIENCES: 'billing,reports' } });
  });
  afterAll(() => app.close());

  test('a refresh can ask for a configured audience, and Curfew does not accept such an access token', async () => {
    const session = await (await app.seed.account()).owner.login();
    const answer = await session.refresh({ audience: 'billing' });
    const { accessToken, refreshToken } = answer.data.refreshSession;
    expect(claimsOf(accessToken).aud).toBe('billing');
    expect(claimsOf(refreshToken).aud).toBe('curfew');
    expect((await app.gql(VIEWER, {}, { token: accessToken })).code).toBe('UNAUTHENTICATED');

    const own = await app.gql(REFRESH, { input: { refreshToken, audience: 'curfew' } });
    expect((await app.gql(VIEWER, {}, { token: own.data.refreshSession.accessToken })).code).toBeUndefined();
  });

  test('a replay may ask for another audience and still gets the identical successor', async () => {
    const session = await (await app.seed.account()).owner.login();
    const first = await session.refresh();
    const second = await session.refresh({ audience: 'reports' });
    expect(second.data.refreshSession.refreshToken).toBe(first.data.refreshSession.refreshToken);
    expect(claimsOf(second.data.refreshSession.accessToken).aud).toBe('reports');
  });

  test.each(['elsewhere', '', 'CURFEW', 'billing,reports'])(
    'the audience "%s" is bad input and consumes nothing',
    async (audience) => {
      const session = await (await app.seed.account()).owner.login();
      const answer = await session.refresh({ audience });
      expect(answer).toMatchObject({ code: 'BAD_USER_INPUT', extensions: { field: 'audience' } });
      expect((await rowOf(app, session.sessionId)).generation).toBe(0);
    },
  );

  test('a refresh ignores an unusable Authorization header', async () => {
    const { owner } = await app.seed.account();
    const ended = await owner.login();
    await ended.gql('mutation { logout { ended } }');
    const session = await owner.login();
    const headers = ['Bearer nonsense', 'Basic YTpi', `Bearer ${ended.accessToken}`];
    let token = session.refreshToken;
    for (const authorization of headers) {
      const answer = await app.gql(
        REFRESH,
        { input: { refreshToken: token } },
        { headers: { authorization } },
      );
      expect(answer.code).toBeUndefined();
      token = answer.data.refreshSession.refreshToken;
    }
    app.clock.advance(6 * MINUTE);
    const stale = { token: session.accessToken };
    expect((await app.gql(VIEWER, {}, stale)).code).toBe('UNAUTHENTICATED');
    expect((await app.gql(REFRESH, { input: { refreshToken: token } }, stale)).code).toBeUndefined();
  });

  test('the refresh token of a deactivated user is invalid and says why the session ended', async () => {
    const { owner, addUser } = await app.seed.account();
    const member = await addUser();
    const session = await member.login();
    const boss = await owner.login();
    await boss.gql('mutation ($userId: ID!) { setUserActive(userId: $userId, isActive: false) { id } }', {
      userId: member.id,
    });
    expect(await session.refresh()).toMatchObject({
      code: 'INVALID_REFRESH_TOKEN',
      extensions: { endReason: 'USER_DEACTIVATED' },
    });
  });

  test('even a live session of an inactive user is neither refreshed nor replayed', async () => {
    const member = await (await app.seed.account()).addUser();
    const session = await member.login();
    await session.refresh();
    const untouched = await member.login();
    await sql`update users set is_active = false where id = ${member.id}`.execute(
      app.database.em().getKysely(),
    );
    expect((await session.refresh()).code).toBe('INVALID_REFRESH_TOKEN');
    expect((await untouched.refresh()).code).toBe('INVALID_REFRESH_TOKEN');
    expect((await rowOf(app, untouched.sessionId)).generation).toBe(0);
  });

  test('a refreshed access token carries the current role, not that of the sign-in', async () => {
    const { owner, addUser } = await app.seed.account();
    const member = await addUser();
    const session = await member.login();
    const boss = await owner.login();
    await boss.gql('mutation ($userId: ID!) { setUserRole(userId: $userId, role: OWNER) { id } }', {
      userId: member.id,
    });
    const answer = await session.refresh();
    expect(claimsOf(answer.data.refreshSession.accessToken).role).toBe('OWNER');
  });

  test('a session without a row and a token of another row are refused alike', async () => {
    const { owner } = await app.seed.account();
    const [gone, kept] = [await owner.login(), await owner.login()];
    await sql`delete from sessions where id = ${gone.sessionId}`.execute(app.database.em().getKysely());
    expect((await gone.refresh()).code).toBe('INVALID_REFRESH_TOKEN');

    const secret = app.config.tokens.refreshSecrets![0]!;
    const header = JSON.parse(Buffer.from(kept.refreshToken.split('.')[0]!, 'base64url').toString());
    const claims = claimsOf(kept.refreshToken);
    const forge = (changes: object) => jwt.sign({ ...claims, ...changes }, secret, { header });
    // The key alone is not enough: the jti comes from a secret in the row.
    for (const changes of [
      { gen: 1 },
      { jti: 'guessed' },
      { sub: gone.sessionId },
      { sid: gone.sessionId },
      { gen: -1 },
    ]) {
      const answer = await app.gql(REFRESH, { input: { refreshToken: forge(changes) } });
      expect(answer.code).toBe('INVALID_REFRESH_TOKEN');
      expect(answer.extensions).not.toHaveProperty('endReason');
    }
    expect((await app.gql(REFRESH, { input: { refreshToken: forge({}) } })).code).toBeUndefined();
  });

  test('the exp of the token does not decide: the row does', async () => {
    const session = await (await app.seed.account()).owner.login();
    app.clock.advance(4 * MINUTE);
    await session.gql('mutation { touchSession { id } }');
    app.clock.advance(27 * MINUTE);
    expect(claimsOf(session.refreshToken).exp * SECOND).toBeLessThan(app.clock.now().getTime());
    expect((await session.refresh()).code).toBeUndefined();
  });
});
