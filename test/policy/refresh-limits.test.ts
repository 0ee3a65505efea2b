import { sql } from 'kysely';
import { randomBytes, randomUUID } from 'node:crypto';
import jwt from 'jsonwebtoken';
import { onUsualDatabase } from '../databases.ts';
import type { TestApp } from '../harness.ts';
import { claimsOf, REFRESH, type Person } from '../seed.ts';
import { HOUR, MINUTE, savePolicy, sessionRow, startPolicyApp } from './policy-calls.ts';

const SECRET = 'the configured secret of these stories: longer than 32 bytes';
const LIMIT_CLAIMS = ['auth_time', 'idle_max', 'abs_max'];

const limitsOf = (token: string) => {
  const claims = claimsOf(token);
  return Object.fromEntries(LIMIT_CLAIMS.map((name) => [name, claims[name]]));
};

const seconds = (instant: string | Date): number => Math.floor(new Date(instant).getTime() / 1000);

onUsualDatabase((database) => {
  let app: TestApp;
  beforeAll(async () => {
    app = await startPolicyApp(database, { REFRESH_TOKEN_SECRET: SECRET });
  });
  afterAll(() => app.close());

  const refresh = (refreshToken: string) => app.gql(REFRESH, { input: { refreshToken } });
  const sign = (claims: object, secret = SECRET) => jwt.sign(claims, secret, { algorithm: 'HS256' });

  test('an idle-expired refresh token gives SESSION_EXPIRED_IDLE; a token of the wrong type or with a bad signature gives INVALID_REFRESH_TOKEN', async () => {
    const { owner } = await app.seed.account();
    const session = await owner.login();
    const claims = claimsOf(session.refreshToken);

    expect((await refresh(sign({ ...claims, type: 'access' }))).code).toBe('INVALID_REFRESH_TOKEN');
    expect((await refresh(session.accessToken)).code).toBe('INVALID_REFRESH_TOKEN');
    expect((await refresh(sign(claims, 'another secret of more than 32 bytes...'))).code).toBe(
      'INVALID_REFRESH_TOKEN',
    );
    // Only type and key were wrong, and none of them consumed anything.
    expect((await refresh(sign(claims))).errors).toBeUndefined();

    const idle = await owner.login();
    app.clock.advance(idle.payload.session.idleMinutes * MINUTE);
    for (let time = 1; time <= 2; time += 1) {
      expect(await idle.refresh()).toMatchObject({
        code: 'SESSION_EXPIRED_IDLE',
        extensions: { expiredAt: idle.payload.idleExpiresAt },
      });
    }
  });

  test('Login with the defaults carries `idle_max` 259200 and `abs_max` 1209600 and returns matching expiry times', async () => {
    const { owner } = await app.seed.account();
    const now = app.clock.now();
    const { payload, refreshToken } = await owner.login();
    const idleExpiresAt = new Date(now.getTime() + 259_200_000);
    const absoluteExpiresAt = new Date(now.getTime() + 1_209_600_000);
    expect(claimsOf(refreshToken)).toMatchObject({
      type: 'refresh',
      sub: owner.id,
      auth_time: seconds(now),
      idle_max: 259_200,
      abs_max: 1_209_600,
      iat: seconds(now),
      exp: seconds(idleExpiresAt),
    });
    expect(payload).toMatchObject({
      idleExpiresAt: idleExpiresAt.toISOString(),
      absoluteExpiresAt: absoluteExpiresAt.toISOString(),
      serverTime: now.toISOString(),
      session: {
        authenticatedAt: now.toISOString(),
        idleMinutes: 4320,
        absoluteMinutes: 20_160,
        expiresAt: idleExpiresAt.toISOString(),
        expiryReason: 'IDLE',
      },
    });
  });

  test('Rotation carries `auth_time`, `idle_max`, `abs_max` forward unchanged', async () => {
    const { owner } = await app.seed.account();
    const first = await owner.login();
    await savePolicy(first, { idleMinutes: 60, absoluteMinutes: 240 });

    let token = first.refreshToken;
    for (let rotation = 1; rotation <= 3; rotation += 1) {
      app.clock.advance(5 * HOUR);
      const { data } = await refresh(token);
      token = data.refreshSession.refreshToken;
      expect(limitsOf(token)).toEqual(limitsOf(first.refreshToken));
      expect(data.refreshSession.absoluteExpiresAt).toBe(first.payload.absoluteExpiresAt);
      expect(data.refreshSession.idleExpiresAt).toBe(
        new Date(app.clock.now().getTime() + 259_200_000).toISOString(),
      );
      expect(data.refreshSession.session.authenticatedAt).toBe(first.payload.session.authenticatedAt);
    }
  });

  test('`auth_time` exactly `abs_max` ago is expired: the deadline itself is expired', async () => {
    const { owner } = await app.seed.account();
    await savePolicy(await owner.login(), { idleMinutes: 60, absoluteMinutes: 240 });
    const { payload, refreshToken } = await owner.login();

    // Active until a millisecond before the end: only the absolute deadline can end it.
    let token = refreshToken;
    for (const wait of [59 * MINUTE, 59 * MINUTE, 59 * MINUTE, 59 * MINUTE, 4 * MINUTE - 1]) {
      app.clock.advance(wait);
      token = (await refresh(token)).data.refreshSession.refreshToken;
    }
    app.clock.advance(1);
    const { auth_time, abs_max } = claimsOf(token);
    expect(auth_time + abs_max).toBe(seconds(app.clock.now()));
    expect(payload.absoluteExpiresAt).toBe(app.clock.now().toISOString());
    expect(await refresh(token)).toMatchObject({
      code: 'SESSION_EXPIRED_ABSOLUTE',
      extensions: { expiredAt: payload.absoluteExpiresAt },
    });
  });

  test('The same absolute-expired token twice: first SESSION_EXPIRED_ABSOLUTE and consumed, then INVALID_REFRESH_TOKEN', async () => {
    const { owner } = await app.seed.account();
    const session = await owner.login();
    const key = { accountId: owner.accountId, sessionId: session.sessionId };
    const { absoluteExpiresAt } = session.payload;
    app.clock.advance(new Date(absoluteExpiresAt).getTime() - app.clock.now().getTime());

    expect(await session.refresh()).toMatchObject({
      code: 'SESSION_EXPIRED_ABSOLUTE',
      extensions: { expiredAt: absoluteExpiresAt },
    });
    expect((await sessionRow(app, key)).generation).toBe(1);
    for (const wait of [0, HOUR]) {
      app.clock.advance(wait);
      expect((await session.refresh()).code).toBe('INVALID_REFRESH_TOKEN');
    }
    expect((await sessionRow(app, key)).generation).toBe(1);
  });

  describe('an imported session', () => {
    async function importSession(person: Person, livesFor: number) {
      const [id, now] = [randomUUID(), app.clock.now()];
      const exp = seconds(now) + livesFor / 1000;
      const end = new Date(exp * 1000);
      await sql`
        insert into sessions (id, account_id, user_id, app_type, authenticated_at, last_activity_at, idle_expires_at,
          absolute_expires_at, rotated_at, token_expires_at, token_secret, is_imported, next_check_at)
        values (${id}, ${person.accountId}, ${person.id}, 'CONTROL_PANEL', ${now}, ${now}, ${end}, ${end}, ${now}, ${end},
          ${randomBytes(32)}, true, ${end})`.execute(app.database.em().getKysely());
      return { id, token: sign({ sub: person.id, jti: id, type: 'refresh', exp }) };
    }

    test("A token without the policy claims gets one rotation with the account's current policy", async () => {
      const { owner } = await app.seed.account();
      const caller = await owner.login();
      const imported = await importSession(owner, 24 * HOUR);
      await savePolicy(caller, { idleMinutes: 60, absoluteMinutes: 240 });
      app.clock.advance(HOUR + 7);

      const now = app.clock.now();
      const { data } = await refresh(imported.token);
      const upgraded = data.refreshSession;
      expect(limitsOf(upgraded.refreshToken)).toEqual({
        auth_time: seconds(now),
        idle_max: 3600,
        abs_max: 14_400,
      });
      expect(upgraded).toMatchObject({
        idleExpiresAt: new Date(now.getTime() + HOUR).toISOString(),
        absoluteExpiresAt: new Date(now.getTime() + 4 * HOUR).toISOString(),
        session: {
          id: imported.id,
          idleMinutes: 60,
          absoluteMinutes: 240,
          authenticatedAt: now.toISOString(),
        },
      });

      // From here on it is a session like any other: later policies do not affect it.
      await savePolicy(caller, { idleMinutes: 30, absoluteMinutes: 60 });
      app.clock.advance(MINUTE);
      const again = (await refresh(upgraded.refreshToken)).data.refreshSession;
      expect(limitsOf(again.refreshToken)).toEqual(limitsOf(upgraded.refreshToken));
      expect(again.absoluteExpiresAt).toBe(upgraded.absoluteExpiresAt);

      app.clock.advance(MINUTE);
      expect((await refresh(imported.token)).code).toBe('INVALID_REFRESH_TOKEN');
      const row = await sessionRow(app, { accountId: owner.accountId, sessionId: imported.id });
      expect(row.end_reason).toBe('REFRESH_TOKEN_REUSED');
    });

    test("it expires at its token's exp, once as SESSION_EXPIRED_ABSOLUTE and then invalid", async () => {
      const { owner } = await app.seed.account();
      const imported = await importSession(owner, HOUR);
      app.clock.advance(HOUR);
      expect((await refresh(imported.token)).code).toBe('SESSION_EXPIRED_ABSOLUTE');
      expect((await refresh(imported.token)).code).toBe('INVALID_REFRESH_TOKEN');
    });

    test('a token without the claims works only for an imported session of its own user', async () => {
      const account = await app.seed.account();
      const session = await account.owner.login();
      const member = await account.addUser();
      const imported = await importSession(account.owner, HOUR);
      const exp = seconds(app.clock.now()) + 3600;
      const legacy = (sub: string, jti: string) => sign({ sub, jti, type: 'refresh', exp });
      expect((await refresh(legacy(account.owner.id, session.sessionId))).code).toBe('INVALID_REFRESH_TOKEN');
      expect((await refresh(legacy(member.id, imported.id))).code).toBe('INVALID_REFRESH_TOKEN');
      expect((await refresh(legacy(account.owner.id, randomUUID()))).code).toBe('INVALID_REFRESH_TOKEN');
      expect((await session.refresh()).errors).toBeUndefined();
      expect((await refresh(imported.token)).errors).toBeUndefined();
    });
  });
});
