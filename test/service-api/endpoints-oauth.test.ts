import { sql } from 'kysely';
import { sessionRow } from '../expiry/session-subscriptions.ts';
import { startApp, type TestApp } from '../harness.ts';
import { claimsOf, type SeededAccount, type SignedIn } from '../seed.ts';
import {
  basic,
  call,
  sessionScopedTokenOf,
  introspect,
  openServiceSession,
  postForm,
  seconds,
  type ServiceSession,
} from './endpoint-calls.ts';

const INACTIVE = { active: false };
const BILLING = 'https://billing.example.test';
const PATHS = ['/oauth/introspect', '/oauth/revoke'];

let app: TestApp;
let account: SeededAccount;
let other: SeededAccount;
let key: string;
let keyId: string;
let forAll: string;
beforeAll(async () => {
  app = await startApp({ env: { ACCESS_TOKEN_AUDIENCES: BILLING } });
  [account, other] = [await app.seed.account(), await app.seed.account()];
  ({ id: keyId, key } = await app.seed.serviceKey(account.id, { name: 'billing' }));
  forAll = (await app.seed.serviceKey(null)).key;
});
afterAll(() => app.close());

interface Scene {
  me: SignedIn;
  service: ServiceSession;
}
const stage = async (): Promise<Scene> => ({
  me: await account.owner.login(),
  service: await openServiceSession(app, account),
});

const tokens: [type: string, of: (scene: Scene) => { token: string; sessionId: string }][] = [
  ['access_token', ({ me }) => ({ token: me.accessToken, sessionId: me.sessionId })],
  ['refresh_token', ({ me }) => ({ token: me.refreshToken, sessionId: me.sessionId })],
  ['session_token', ({ service }) => ({ token: service.sessionToken, sessionId: service.session.id })],
];

describe('introspection', () => {
  test('of an access token: its own expiry, and that of its session', async () => {
    const { accessToken, sessionId, payload } = await account.owner.login();
    const { status, headers, body } = await postForm(app, '/oauth/introspect', key, { token: accessToken });
    const { iat, exp, auth_time } = claimsOf(accessToken);
    expect(status).toBe(200);
    expect(body).toEqual({
      active: true,
      token_type: 'access_token',
      sub: account.owner.id,
      sid: sessionId,
      account_id: account.id,
      role: 'OWNER',
      auth_time,
      iat,
      exp,
      iss: app.url,
      aud: 'curfew',
      session_expires_at: seconds(payload.idleExpiresAt),
    });
    expect(headers.get('content-type')).toMatch(/^application\/json/);
    expect(headers.get('cache-control')).toBe('no-store');
  });

  test('of a refresh token: it expires at the current idle deadline', async () => {
    const { refreshToken, sessionId, gql } = await account.owner.login();
    app.clock.advance(60_000);
    await gql('mutation { touchSession { id } }');
    const row = await sessionRow(app, sessionId);
    const body = await introspect(app, key, refreshToken);
    expect(body).toEqual({
      active: true,
      token_type: 'refresh_token',
      sub: account.owner.id,
      sid: sessionId,
      account_id: account.id,
      role: 'OWNER',
      auth_time: claimsOf(refreshToken).auth_time,
      iat: claimsOf(refreshToken).iat,
      exp: seconds(row.idle_expires_at),
      iss: app.url,
      session_expires_at: seconds(row.idle_expires_at),
    });
    expect(body.exp).toBeGreaterThan(claimsOf(refreshToken).exp);
  });

  test('of a service session: it expires at the nearer deadline', async () => {
    const { sessionToken, session } = await openServiceSession(app, account);
    expect(await introspect(app, key, sessionToken)).toEqual({
      active: true,
      token_type: 'session_token',
      sub: account.owner.id,
      sid: session.id,
      account_id: account.id,
      role: 'OWNER',
      auth_time: seconds(session.authenticatedAt),
      iat: seconds(session.authenticatedAt),
      exp: seconds(session.idleExpiresAt),
      iss: app.url,
      session_expires_at: seconds(session.idleExpiresAt),
    });
    await sql`update sessions set absolute_expires_at = ${new Date(seconds(session.idleExpiresAt) * 1000 - 5_000)},
      idle_expires_at = ${new Date(seconds(session.idleExpiresAt) * 1000 - 5_000)} where id = ${session.id}`.execute(
      app.database.em().getKysely(),
    );
    expect((await introspect(app, key, sessionToken)).exp).toBe(seconds(session.idleExpiresAt) - 5);
  });

  test('of a token for another API names the API; of a session-scoped one, its scope', async () => {
    const { accessToken } = await account.owner.login({ audience: BILLING });
    expect(await introspect(app, key, accessToken)).toMatchObject({ active: true, aud: BILLING });
    expect((await app.gql('{ currentSession { id } }', {}, { token: accessToken })).code).toBe(
      'UNAUTHENTICATED',
    );
    const scoped = await sessionScopedTokenOf(app, await openServiceSession(app, account));
    expect(await introspect(app, key, scoped)).toMatchObject({
      active: true,
      aud: 'curfew',
      scope: 'session',
    });
  });

  test('the role is the current one', async () => {
    const second = await account.addUser('OWNER');
    const { accessToken } = await second.login();
    await app.gql(
      'mutation($id: ID!) { setUserRole(userId: $id, role: MEMBER) { id } }',
      { id: second.id },
      { token: (await account.owner.login()).accessToken },
    );
    expect(await introspect(app, key, accessToken)).toMatchObject({ active: true, role: 'MEMBER' });
  });

  test.each(tokens)('of a %s whose session has ended is inactive, and says no more', async (_, of) => {
    const scene = await stage();
    const { token, sessionId } = of(scene);
    expect(await introspect(app, key, token)).toMatchObject({ active: true });
    await scene.me.gql('mutation($id: ID!) { revokeSession(sessionId: $id) { revokedCount } }', {
      id: sessionId,
    });
    expect(await introspect(app, key, token)).toEqual(INACTIVE);
  });

  test.each(tokens)('of a %s past a deadline without a recorded end is inactive', async (_, of) => {
    const { token, sessionId } = of(await stage());
    await sql`update sessions set idle_expires_at = ${app.clock.now()} where id = ${sessionId}`.execute(
      app.database.em().getKysely(),
    );
    expect(await introspect(app, key, token)).toEqual(INACTIVE);
  });

  test.each(tokens)('of a %s of a user who is not active is inactive', async (_, of) => {
    const { token } = of(await stage());
    const setActive = (isActive: boolean) =>
      sql`update users set is_active = ${isActive} where id = ${account.owner.id}`.execute(
        app.database.em().getKysely(),
      );
    await setActive(false);
    try {
      expect(await introspect(app, key, token)).toEqual(INACTIVE);
    } finally {
      await setActive(true);
    }
  });

  test.each(tokens)(
    'of a %s of another account is inactive; a key for all accounts reaches it',
    async (_, of) => {
      const { token } = of(await stage());
      const stranger = await app.seed.serviceKey(other.id);
      expect(await introspect(app, stranger.key, token)).toEqual(INACTIVE);
      expect(await introspect(app, forAll, token)).toMatchObject({ active: true });
    },
  );

  test('an expired access token of a live session is inactive', async () => {
    const { accessToken, payload, refreshToken } = await account.owner.login();
    app.clock.advance(Date.parse(payload.accessTokenExpiresAt) - app.clock.now().getTime());
    expect(await introspect(app, key, accessToken)).toEqual(INACTIVE);
    expect(await introspect(app, key, refreshToken)).toMatchObject({ active: true });
  });

  test('a rotated refresh token is inactive, and introspection ends nothing', async () => {
    const { refreshToken, refresh, sessionId } = await account.owner.login();
    const { data } = await refresh();
    const next: string = data.refreshSession.refreshToken;
    expect(await introspect(app, key, refreshToken)).toEqual(INACTIVE);
    app.clock.advance(3_600_000);
    for (let n = 0; n < 3; n += 1) expect(await introspect(app, key, refreshToken)).toEqual(INACTIVE);
    expect(await introspect(app, key, next)).toMatchObject({ active: true });
    expect(await sessionRow(app, sessionId)).toMatchObject({ ended_at: null, generation: 1 });
  });

  test.each(tokens)('of a %s is no activity and consumes nothing', async (_, of) => {
    const { token, sessionId } = of(await stage());
    const before = await sessionRow(app, sessionId);
    app.clock.advance(60_000);
    await introspect(app, key, token);
    app.clock.advance(2_000);
    expect(await sessionRow(app, sessionId)).toEqual(before);
  });

  test('a service key and a one-time secret are not tokens', async () => {
    for (const token of [key, forAll]) expect(await introspect(app, key, token)).toEqual(INACTIVE);
  });
});

describe('revocation', () => {
  const revoke = (token: string, withKey = key) => postForm(app, '/oauth/revoke', withKey, { token });

  test.each(tokens)('of a %s ends its session, once, with an audit row', async (_, of) => {
    const scene = await stage();
    const { token, sessionId } = of(scene);
    for (let n = 0; n < 2; n += 1) {
      const { status, headers } = await revoke(token);
      expect([status, headers.get('cache-control')]).toEqual([200, 'no-store']);
    }
    expect(await sessionRow(app, sessionId)).toMatchObject({ end_reason: 'REVOKED_BY_SERVICE' });
    expect(await introspect(app, key, token)).toEqual(INACTIVE);
    const { rows } = await sql<Record<string, unknown>>`
      select actor_id, actor_name, details->>'reason' as reason from audit_events
      where action = 'session.ended' and resource_id = ${sessionId}`.execute(app.database.em().getKysely());
    expect(rows).toEqual([{ actor_id: null, actor_name: 'billing', reason: 'REVOKED_BY_SERVICE' }]);
  });

  test('a socket of the session gets the event', async () => {
    const me = await account.owner.login();
    const expiry = me.expiry();
    await expiry.connected;
    await revoke(me.accessToken);
    expect(await expiry.closed).toEqual({ code: 4401, reason: 'REVOKED_BY_SERVICE' });
  });

  test('of an expired access token, and of a refresh token rotated long ago', async () => {
    const [one, two] = [await account.owner.login(), await account.owner.login()];
    await two.refresh();
    app.clock.advance(3_600_000);
    await revoke(one.accessToken);
    await revoke(two.refreshToken);
    for (const { sessionId } of [one, two])
      expect(await sessionRow(app, sessionId)).toMatchObject({ end_reason: 'REVOKED_BY_SERVICE' });
  });

  test.each(tokens)('of a %s of another account: 200, and nothing happens', async (_, of) => {
    const { token, sessionId } = of(await stage());
    const stranger = await app.seed.serviceKey(other.id);
    expect((await revoke(token, stranger.key)).status).toBe(200);
    expect(await sessionRow(app, sessionId)).toMatchObject({ ended_at: null });
    const { body: known } = await revoke(token, stranger.key);
    expect((await revoke('nothing', stranger.key)).body).toEqual(known);
  });
});

describe.each(PATHS)('%s: client authentication', (path) => {
  const ask = (authorization: string | null) =>
    call(app, path, {
      method: 'POST',
      headers: {
        'content-type': 'application/x-www-form-urlencoded',
        ...(authorization === null ? {} : { authorization }),
      },
      body: 'token=x',
    });

  test('a key as bearer token or, with its id, by HTTP Basic', async () => {
    const plain = `Basic ${Buffer.from(`${keyId}:${key}`).toString('base64')}`;
    const escaped = `Basic ${Buffer.from(`${keyId.replaceAll('-', '%2D')}:${key.replaceAll('_', '%5f')}`).toString('base64')}`;
    for (const authorization of [`Bearer ${key}`, `bearer   ${key} `, basic(keyId, key), plain, escaped])
      expect((await ask(authorization)).status).toBe(200);
  });

  test.each<[string, () => string | null | Promise<string | null>]>([
    ['nothing', () => null],
    ['an empty header', () => ''],
    ['an unknown key', () => `Bearer cfk_${'x'.repeat(43)}`],
    ['a key with something behind it', () => `Bearer ${key}x`],
    ['a key without its prefix', () => `Bearer ${key.slice(4)}`],
    ['two keys', () => `Bearer ${key}, Bearer ${key}`],
    ['an access token', async () => `Bearer ${(await account.owner.login()).accessToken}`],
    ['a session token', async () => `Bearer ${(await openServiceSession(app, account)).sessionToken}`],
    ['the id of another key', async () => basic((await app.seed.serviceKey(account.id)).id, key)],
    ['no id', () => basic('', key)],
    ['no key', () => basic(keyId, '')],
    ['an id alone', () => `Basic ${Buffer.from(keyId).toString('base64')}`],
    ['a third part', () => `Basic ${Buffer.from(`${keyId}:${key}:x`).toString('base64')}`],
    ['a broken escape', () => `Basic ${Buffer.from(`${keyId}:${key}%`).toString('base64')}`],
    ['an escape that is no UTF-8', () => `Basic ${Buffer.from(`%ff:${key}`).toString('base64')}`],
    ['no base64', () => 'Basic %%%'],
    ['a NUL', () => `Basic ${Buffer.from(`${keyId}:cfk_\0`).toString('base64')}`],
    ['another scheme', () => `Digest ${key}`],
    ['a long header', () => `Bearer cfk_${'x'.repeat(8_000)}`],
  ])('%s: 401 invalid_client', async (_, make) => {
    const { status, body, headers } = await ask(await make());
    expect([status, body.error]).toEqual([401, 'invalid_client']);
    expect(headers.get('www-authenticate')).toMatch(/^Bearer .*Basic /);
    expect(headers.get('cache-control')).toBe('no-store');
  });

  test('a revoked key and an expired one', async () => {
    const revoked = await app.seed.serviceKey(account.id);
    await sql`update service_keys set revoked_at = ${app.clock.now()} where id = ${revoked.id}`.execute(
      app.database.em().getKysely(),
    );
    const expired = await app.seed.serviceKey(account.id, { expiresAt: app.clock.now() });
    for (const gone of [revoked, expired]) {
      expect((await ask(`Bearer ${gone.key}`)).status).toBe(401);
      expect((await ask(basic(gone.id, gone.key))).status).toBe(401);
    }
  });
});

describe.each(PATHS)('%s: mangled requests', (path) => {
  test.each([
    ['an empty body', ''],
    ['no token', 'token_type_hint=access_token'],
    ['an empty token', 'token='],
    ['two tokens', 'token=a&token=b'],
    ['the same token twice', 'token=a&token=a'],
    ['two hints', 'token=a&token_type_hint=x&token_type_hint=y'],
    ['something that is no form', '{"token":"a"}'],
  ])('%s: 400 invalid_request', async (_, body) => {
    const answer = await postForm(app, path, key, body);
    expect([answer.status, answer.body.error]).toEqual([400, 'invalid_request']);
  });

  test.each([
    ['garbage', 'x'],
    ['three parts of garbage', 'a.b.c'],
    ['unicode', '🔑'],
    ['a NUL', 'a\0b'],
    ['text that would be SQL', "' or 1=1 --"],
    ['43 characters that are no token', 'x'.repeat(43)],
    ['a long one', 'x'.repeat(90_000)],
    ['half a megabyte', 'x.'.repeat(250_000)],
    ['a JWT without algorithm', 'eyJhbGciOiJub25lIn0.eyJzdWIiOiJ4In0.'],
    ['a header that is no object', `${Buffer.from('1').toString('base64url')}.e30.x`],
    ['a kid that is no text', `${Buffer.from('{"alg":"ES256","kid":{}}').toString('base64url')}.e30.x`],
  ])('%s for a token is an unknown token', async (_, token) => {
    const answer = await postForm(app, path, key, { token, token_type_hint: 'no such hint' });
    expect([answer.status, answer.body]).toEqual([200, path === '/oauth/introspect' ? INACTIVE : {}]);
  });

  test('a changed token of ours is an unknown token', async () => {
    const { accessToken, refreshToken, sessionId } = await account.owner.login();
    for (const token of [accessToken, refreshToken]) {
      const [head, payload, signature] = token.split('.') as [string, string, string];
      const none = Buffer.from(JSON.stringify({ ...JSON.parse(atob(head)), alg: 'none' })).toString(
        'base64url',
      );
      for (const mangled of [
        `${head}.${payload}.`,
        `${none}.${payload}.`,
        `${head}.${payload}.${signature}AA`,
        ` ${token}`,
        `${token}.`,
      ])
        expect((await postForm(app, path, key, { token: mangled })).status).toBe(200);
    }
    expect(await sessionRow(app, sessionId)).toMatchObject({ ended_at: null });
  });

  test('hints and further parameters are ignored', async () => {
    for (const hint of ['access_token', 'refresh_token', 'x', ''])
      expect((await postForm(app, path, key, { token: 'x', token_type_hint: hint, more: '1' })).status).toBe(
        200,
      );
    expect((await postForm(app, `${path}?token=a&token=b`, key, { token: 'x' })).status).toBe(200);
  });

  test.each([
    ['application/json', '{"token":"a"}'],
    ['text/plain', 'token=a'],
    ['multipart/form-data; boundary=x', '--x--'],
    ['nonsense', 'token=a'],
  ])('a body of type %s: 415', async (type, body) => {
    const answer = await postForm(app, path, key, body, { 'content-type': type });
    expect([answer.status, answer.body.error]).toEqual([415, 'invalid_request']);
    expect(answer.headers.get('cache-control')).toBe('no-store');
  });

  test('a charset after the type of a form is accepted', async () => {
    const type = 'application/x-www-form-urlencoded; charset=UTF-8';
    expect((await postForm(app, path, key, { token: 'a' }, { 'content-type': type })).status).toBe(200);
  });

  test('a body beyond a megabyte: 413', async () => {
    const answer = await postForm(app, path, key, { token: 'x'.repeat(1_100_000) });
    expect([answer.status, answer.body.error]).toEqual([413, 'invalid_request']);
  });

  test.each(['GET', 'PUT', 'DELETE', 'PATCH'])('%s: 405, with the allowed methods', async (method) => {
    const { status, headers, body } = await call(app, `${path}?token=x`, { method });
    expect([status, headers.get('allow'), body.error]).toEqual([405, 'POST', 'invalid_request']);
  });

  test('no body at all: 400', async () => {
    const answer = await call(app, path, { method: 'POST', headers: { authorization: `Bearer ${key}` } });
    expect([answer.status, answer.body.error]).toEqual([400, 'invalid_request']);
  });
});
