import jwt from 'jsonwebtoken';
import { randomUUID } from 'node:crypto';
import { User } from '../../server/accounts/user.entity.ts';
import { onEachDatabase } from '../databases.ts';
import { startApp, type TestApp } from '../harness.ts';
import { claimsOf, type Person, type SeededAccount } from '../seed.ts';
import { present } from './refresh-calls.ts';
import { auditOf, importSession, instantOf, LIMITS, MINUTE, rowOf, SECOND } from './session-rows.ts';

onEachDatabase((database) => {
  let app: TestApp;
  let account: SeededAccount;
  beforeAll(async () => {
    app = await startApp({ database, env: LIMITS });
    account = await app.seed.account();
  });
  afterAll(() => app.close());

  const secret = (): string => app.config.tokens.refreshSecrets![0]!;
  const mint = (claims: object, key = secret()): string => jwt.sign(claims, key, { noTimestamp: true });

  /** An imported session and its token, which lasts five more minutes. */
  async function importOne(person: Person = account.owner, jti: string = randomUUID()) {
    const exp = Math.floor(app.clock.now().getTime() / SECOND) + 300;
    await importSession(app, person, jti, new Date(exp * SECOND));
    return { id: jti, exp, token: mint({ sub: person.id, jti, type: 'refresh', exp }) };
  }

  test('an imported token gets one rotation, which takes the current policy and starts its limits', async () => {
    const { id, token } = await importOne();
    app.clock.advance(MINUTE);
    const now = app.clock.now().getTime();
    const answer = await present(app, token);
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
    const next = await present(app, grant.refreshToken);
    expect(next.data.refreshSession.session).toMatchObject({
      id,
      authenticatedAt: new Date(now).toISOString(),
      absoluteExpiresAt: grant.absoluteExpiresAt,
    });
  });

  test('it replays like any other token: inside the grace, and by requestId after it', async () => {
    const { id, token } = await importOne();
    const requestId = 'request-0123456789abcdef';
    const first = await present(app, token, { requestId });
    const before = await rowOf(app, id);
    app.clock.advance(10 * SECOND - 1);
    const child = first.data.refreshSession.refreshToken;
    expect((await present(app, token)).data.refreshSession.refreshToken).toBe(child);
    app.clock.advance(10 * MINUTE);
    expect((await present(app, token, { requestId })).data.refreshSession.refreshToken).toBe(child);
    expect(await rowOf(app, id)).toEqual(before);
  });

  test('an imported token presented after the grace ends the session like any reused token', async () => {
    const { id, token } = await importOne();
    await present(app, token);
    app.clock.advance(10 * SECOND);
    expect((await present(app, token)).extensions.endReason).toBe('REFRESH_TOKEN_REUSED');
    expect(await auditOf(app, id)).toEqual(['session.refresh_reuse_detected']);
  });

  test('past its exp, which is both deadlines, it is SESSION_EXPIRED_ABSOLUTE once', async () => {
    const { id, exp, token } = await importOne();
    app.clock.advance(6 * MINUTE);
    const answer = await present(app, token);
    expect(answer.code).toBe('SESSION_EXPIRED_ABSOLUTE');
    expect(answer.extensions.expiredAt).toBe(new Date(exp * SECOND).toISOString());
    expect(instantOf((await rowOf(app, id)).ended_at)).toBe(new Date(exp * SECOND).toISOString());
    expect((await present(app, token)).code).toBe('INVALID_REFRESH_TOKEN');
  });

  test('it takes the policy of the account at its rotation', async () => {
    const other = await app.seed.account();
    const boss = await other.owner.login();
    const { token } = await importOne(other.owner);
    const update = `mutation { updateSessionPolicy(input: { idleMinutes: 7, absoluteMinutes: 9 }) { sessionPolicy { version } } }`;
    expect((await boss.gql(update)).code).toBeUndefined();
    const { session } = (await present(app, token)).data.refreshSession;
    expect(session).toMatchObject({ idleMinutes: 7, absoluteMinutes: 9 });
  });

  /** As a gateway checks a request of a browser that still has an imported token. */
  const touchByGateway = (token: string) =>
    fetch(`${app.url}/auth/verify?touch=true`, { headers: { cookie: `curfew_refresh=${token}` } });

  test('activity before its rotation moves neither deadline, nor one set by an applied policy', async () => {
    const other = await app.seed.account();
    const boss = await other.owner.login();
    const member = await other.addUser();
    const { id, exp, token } = await importOne(member);
    const deadlines = async () => {
      const row = await rowOf(app, id);
      return [row.idle_expires_at, row.absolute_expires_at].map(instantOf);
    };
    const left = new Date(exp * SECOND).toISOString();
    app.clock.advance(10 * SECOND);
    expect((await touchByGateway(token)).status).toBe(204);
    app.clock.advance(2 * SECOND);
    expect(await deadlines()).toEqual([left, left]);

    const update = `mutation { updateSessionPolicy(input: { idleMinutes: 2, absoluteMinutes: 4, apply: ACTIVE_SESSIONS })
      { sessionPolicy { version } } }`;
    expect((await boss.gql(update)).code).toBeUndefined();
    const applied = await deadlines();
    expect(applied[0]! < applied[1]! && applied[1]! < left).toBe(true);
    for (let turn = 0; turn < 3; turn += 1) {
      app.clock.advance(20 * SECOND);
      const answer = await touchByGateway(token);
      expect(answer.status).toBe(204);
      expect(answer.headers.get('x-curfew-expires')).toBe(applied[0]);
      app.clock.advance(2 * SECOND);
      expect(await deadlines()).toEqual(applied);
    }
    // Within five seconds of the deadline activity is written before the answer.
    app.clock.advance(Date.parse(applied[0]!) - app.clock.now().getTime() - 2 * SECOND);
    expect((await touchByGateway(token)).status).toBe(204);
    expect(await deadlines()).toEqual(applied);
    app.clock.advance(2 * SECOND);
    expect((await touchByGateway(token)).status).toBe(401);
    expect((await present(app, token)).code).toBe('SESSION_EXPIRED_IDLE');
  });

  test('it is found by its jti, with any key id in its header', async () => {
    const mintNaming = (kid: string, claims: object, key = secret()) =>
      jwt.sign(claims, key, { noTimestamp: true, keyid: kid });
    for (const kid of ['2019-key', '', 'x'.repeat(200)]) {
      const { id, exp } = await importOne();
      const claims = { sub: account.owner.id, jti: id, type: 'refresh', exp };
      const forged = mintNaming(kid, claims, 'another key that is long enough, 32 b');
      expect((await present(app, forged)).code).toBe('INVALID_REFRESH_TOKEN');
      expect((await present(app, mintNaming(kid, claims))).data?.refreshSession.session.id).toBe(id);
    }
    // Curfew's tokens name their key, and no other.
    const session = await account.owner.login();
    const renamed = mintNaming('2019-key', claimsOf(session.refreshToken));
    expect((await present(app, renamed)).code).toBe('INVALID_REFRESH_TOKEN');
    expect((await session.refresh()).code).toBeUndefined();
  });

  test('a jti need not be a UUID', async () => {
    const { id, token } = await importOne(account.owner, `old:${'ü'.repeat(50)}/${randomUUID()}`);
    expect((await present(app, token)).data.refreshSession.session.id).toBe(id);
  });

  test('a forged token for a session that was not imported is refused', async () => {
    const session = await account.owner.login();
    const claims = { sub: account.owner.id, jti: session.sessionId, type: 'refresh', exp: 4_000_000_000 };
    const answer = await present(app, mint(claims));
    expect(answer.code).toBe('INVALID_REFRESH_TOKEN');
    expect((await rowOf(app, session.sessionId)).generation).toBe(0);
  });

  test("its sub may be the issuer's name for the user, exactly as written, or the id here", async () => {
    const member = await account.addUser();
    const external = `Crm|${randomUUID()}`;
    await app.database.em().nativeUpdate(User, { id: member.id }, { externalId: external });
    const exp = Math.floor(app.clock.now().getTime() / SECOND) + 300;
    for (const subject of [external, member.email.toUpperCase()]) {
      const jti = randomUUID();
      await importSession(app, member, jti, new Date(exp * SECOND), subject);
      const claims = { jti, type: 'refresh', exp };
      for (const sub of [subject.toLowerCase(), `${subject} `, account.owner.id, ''])
        expect((await present(app, mint({ ...claims, sub }))).code).toBe('INVALID_REFRESH_TOKEN');
      const { session, user, refreshToken } = (await present(app, mint({ ...claims, sub: subject }))).data
        .refreshSession;
      expect([session.id, user.id, claimsOf(refreshToken).sub]).toEqual([jti, member.id, member.id]);
      // From here on the session is like any other.
      const forged = mint({ ...claimsOf(refreshToken), sub: subject });
      expect((await present(app, forged)).code).toBe('INVALID_REFRESH_TOKEN');
      expect((await present(app, refreshToken)).errors).toBeUndefined();
    }
  });

  test('an invalid token or one of another user is refused and changes nothing', async () => {
    const { id, exp } = await importOne();
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
    for (const token of bad) expect((await present(app, token)).code).toBe('INVALID_REFRESH_TOKEN');
    expect((await rowOf(app, id)).generation).toBe(0);
    expect((await present(app, mint(good))).code).toBeUndefined();
  });
});
