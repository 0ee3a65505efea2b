import jwt from 'jsonwebtoken';
import { randomUUID } from 'node:crypto';
import { User } from '../../server/accounts/user.entity.ts';
import { onEachDatabase } from '../databases.ts';
import { startApp, type TestApp } from '../harness.ts';
import { claimsOf, REFRESH, type Person, type SeededAccount } from '../seed.ts';
import { auditOf, importSession, instantOf, LIMITS, MINUTE, rowOf, SECOND } from './rows.ts';

onEachDatabase((database) => {
  let app: TestApp;
  let account: SeededAccount;
  beforeAll(async () => {
    app = await startApp({ database, env: LIMITS });
    account = await app.seed.account();
  });
  afterAll(() => app.close());

  const present = (refreshToken: string, input = {}) =>
    app.gql(REFRESH, { input: { refreshToken, ...input } });
  const secret = (): string => app.config.tokens.refreshSecrets![0]!;
  const mint = (claims: object, key = secret()): string => jwt.sign(claims, key, { noTimestamp: true });

  /** An imported session and its token, which lasts five more minutes. */
  async function legacy(person: Person = account.owner, jti: string = randomUUID()) {
    const exp = Math.floor(app.clock.now().getTime() / SECOND) + 300;
    await importSession(app, person, jti, new Date(exp * SECOND));
    return { id: jti, exp, token: mint({ sub: person.id, jti, type: 'refresh', exp }) };
  }

  test('a token from before gets one rotation, which snapshots the policy of that moment and counts from it', async () => {
    const { id, token } = await legacy();
    app.clock.advance(MINUTE);
    const now = app.clock.now().getTime();
    const answer = await present(token);
    expect(answer.errors).toBeUndefined();
    const grant = answer.data.refreshSession;
    expect(grant).toMatchObject({
      idleExpiresAt: new Date(now + 30 * MINUTE).toISOString(),
      absoluteExpiresAt: new Date(now + 60 * MINUTE).toISOString(),
      session: { id, authenticatedAt: new Date(now).toISOString(), idleMinutes: 30, absoluteMinutes: 60 },
      user: { id: account.owner.id },
    });
    expect(claimsOf(grant.refreshToken)).toMatchObject({
      sid: id,
      gen: 1,
      idle_max: 1800,
      abs_max: 3600,
      auth_time: Math.floor(now / SECOND),
    });
    const next = await present(grant.refreshToken);
    expect(next.data.refreshSession.session).toMatchObject({
      id,
      authenticatedAt: new Date(now).toISOString(),
      absoluteExpiresAt: grant.absoluteExpiresAt,
    });
  });

  test('it replays like any other token: inside the grace, and by requestId after it', async () => {
    const { id, token } = await legacy();
    const requestId = 'request-0123456789abcdef';
    const first = await present(token, { requestId });
    const before = await rowOf(app, id);
    app.clock.advance(10 * SECOND - 1);
    const child = first.data.refreshSession.refreshToken;
    expect((await present(token)).data.refreshSession.refreshToken).toBe(child);
    app.clock.advance(10 * MINUTE);
    expect((await present(token, { requestId })).data.refreshSession.refreshToken).toBe(child);
    expect(await rowOf(app, id)).toEqual(before);
  });

  test('presented after the grace it ends the session like any reused token', async () => {
    const { id, token } = await legacy();
    await present(token);
    app.clock.advance(10 * SECOND);
    expect((await present(token)).extensions.endReason).toBe('REFRESH_TOKEN_REUSED');
    expect(await auditOf(app, id)).toEqual(['session.refresh_reuse_detected']);
  });

  test('past its exp, which is both deadlines, it is SESSION_EXPIRED_ABSOLUTE once', async () => {
    const { id, exp, token } = await legacy();
    app.clock.advance(6 * MINUTE);
    const answer = await present(token);
    expect(answer.code).toBe('SESSION_EXPIRED_ABSOLUTE');
    expect(answer.extensions.expiredAt).toBe(new Date(exp * SECOND).toISOString());
    expect(instantOf((await rowOf(app, id)).ended_at)).toBe(new Date(exp * SECOND).toISOString());
    expect((await present(token)).code).toBe('INVALID_REFRESH_TOKEN');
  });

  test('it takes the policy that the account has at its rotation', async () => {
    const other = await app.seed.account();
    const boss = await other.owner.login();
    const { token } = await legacy(other.owner);
    const update = `mutation { updateSessionPolicy(input: { idleMinutes: 7, absoluteMinutes: 9 }) { sessionPolicy { version } } }`;
    expect((await boss.gql(update)).code).toBeUndefined();
    const { session } = (await present(token)).data.refreshSession;
    expect(session).toMatchObject({ idleMinutes: 7, absoluteMinutes: 9 });
  });

  test('a jti need not be a UUID', async () => {
    const { id, token } = await legacy(account.owner, `old:${'ü'.repeat(50)}/${randomUUID()}`);
    expect((await present(token)).data.refreshSession.session.id).toBe(id);
  });

  test('a forged one for a session that was not imported is refused', async () => {
    const session = await account.owner.login();
    const claims = { sub: account.owner.id, jti: session.sessionId, type: 'refresh', exp: 4_000_000_000 };
    const answer = await present(mint(claims));
    expect(answer.code).toBe('INVALID_REFRESH_TOKEN');
    expect((await rowOf(app, session.sessionId)).generation).toBe(0);
  });

  test('its sub may be what its issuer called the user: that text to the letter, or the id here', async () => {
    const member = await account.addUser();
    const external = `Crm|${randomUUID()}`;
    await app.database.em().nativeUpdate(User, { id: member.id }, { externalId: external });
    const exp = Math.floor(app.clock.now().getTime() / SECOND) + 300;
    for (const subject of [external, member.email.toUpperCase()]) {
      const jti = randomUUID();
      await importSession(app, member, jti, new Date(exp * SECOND), subject);
      const claims = { jti, type: 'refresh', exp };
      for (const sub of [subject.toLowerCase(), `${subject} `, account.owner.id, ''])
        expect((await present(mint({ ...claims, sub }))).code).toBe('INVALID_REFRESH_TOKEN');
      const { session, user, refreshToken } = (await present(mint({ ...claims, sub: subject }))).data
        .refreshSession;
      expect([session.id, user.id, claimsOf(refreshToken).sub]).toEqual([jti, member.id, member.id]);
      // From here on the session is like any other.
      const forged = mint({ ...claimsOf(refreshToken), sub: subject });
      expect((await present(forged)).code).toBe('INVALID_REFRESH_TOKEN');
      expect((await present(refreshToken)).errors).toBeUndefined();
    }
  });

  test('one that is not genuine, or not this user’s, is refused and changes nothing', async () => {
    const { id, exp } = await legacy();
    const member = await account.addUser();
    const good = { sub: account.owner.id, jti: id, type: 'refresh', exp };
    const bad = [
      mint(good, 'another key that is long enough, 32 b'),
      mint({ ...good, type: 'access' }),
      mint({ ...good, sub: member.id }),
      mint({ ...good, jti: randomUUID() }),
      mint({ ...good, jti: 'nul \0 byte' }),
      mint({ ...good, jti: '' }),
      mint({ ...good, jti: 'x'.repeat(20_000) }),
      mint({ ...good, auth_time: 1 }),
      mint({ ...good, gen: 0 }),
      mint({ ...good, sid: id }),
    ];
    for (const token of bad) expect((await present(token)).code).toBe('INVALID_REFRESH_TOKEN');
    expect((await rowOf(app, id)).generation).toBe(0);
    expect((await present(mint(good))).code).toBeUndefined();
  });
});
