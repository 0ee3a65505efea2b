import { sql } from 'kysely';
import { request } from 'node:http';
import { sessionRow } from '../expiry/session-subscriptions.ts';
import { startApp, type TestApp } from '../harness.ts';
import { LOGIN, PASSWORD, REFRESH, type SeededAccount } from '../seed.ts';
import {
  call,
  sessionScopedTokenOf,
  openServiceSession,
  type EndpointAnswer,
  type ServiceSession,
} from './endpoint-calls.ts';
import { waitUntil } from '../wait-until.ts';

const BILLING = 'https://billing.example.test';
const PAGE = 'https://app.example.test';

let app: TestApp;
let account: SeededAccount;
beforeAll(async () => {
  app = await startApp({ env: { ACCESS_TOKEN_AUDIENCES: BILLING, ALLOWED_ORIGINS: PAGE } });
  account = await app.seed.account();
});
afterAll(() => app.close());

const verify = (headers: Record<string, string> = {}, query = '', method = 'GET'): Promise<EndpointAnswer> =>
  call(app, `/auth/verify${query}`, { method, headers });
const bearer = (token: string) => ({ authorization: `Bearer ${token}` });

interface InBrowser {
  cookie: string;
  sessionId: string;
}
async function signInWithCookie(): Promise<InBrowser> {
  const input = { email: account.owner.email, password: PASSWORD, transport: 'COOKIE' };
  const { cookie, data } = await app.gql(LOGIN, { input });
  return { cookie: cookie!, sessionId: data.login.session.id };
}
const refresh = async (cookie: string): Promise<string> => (await app.gql(REFRESH, {}, { cookie })).cookie!;

const endSession = (id: string) =>
  sql`update sessions set ended_at = ${app.clock.now()}, end_reason = 'REVOKED_BY_OWNER' where id = ${id}`.execute(
    app.database.em().getKysely(),
  );

interface Presented {
  headers: Record<string, string>;
  sessionId: string;
}
const ways: [way: string, present: () => Promise<Presented>][] = [
  [
    'an access token',
    async () => {
      const { accessToken, sessionId } = await account.owner.login();
      return { headers: bearer(accessToken), sessionId };
    },
  ],
  [
    'a session token as bearer token',
    async () => {
      const { sessionToken, session } = await openServiceSession(app, account);
      return { headers: bearer(sessionToken), sessionId: session.id };
    },
  ],
  [
    'X-Session-Token',
    async () => {
      const { sessionToken, session } = await openServiceSession(app, account);
      return { headers: { 'x-session-token': sessionToken }, sessionId: session.id };
    },
  ],
  [
    'the refresh cookie',
    async () => {
      const { cookie, sessionId } = await signInWithCookie();
      return { headers: { cookie: `theme=dark; ${cookie}` }, sessionId };
    },
  ],
];

describe.each(ways)('%s', (_, present) => {
  test('passes with the user, from the row', async () => {
    const { headers, sessionId } = await present();
    const answer = await verify(headers);
    const row = await sessionRow(app, sessionId);
    expect(answer.status).toBe(204);
    expect(answer.body).toBe('');
    expect(Object.fromEntries([...answer.headers].filter(([name]) => name.startsWith('x-curfew-')))).toEqual({
      'x-curfew-user': account.owner.id,
      'x-curfew-account': account.id,
      'x-curfew-role': 'OWNER',
      'x-curfew-session': sessionId,
      'x-curfew-expires': new Date(row.idle_expires_at).toISOString(),
    });
    expect(answer.headers.get('cache-control')).toBe('no-store');
  });

  test('is refused as soon as its session has ended, and past a deadline without a recorded end', async () => {
    const [ended, expired] = [await present(), await present()];
    await endSession(ended.sessionId);
    await sql`update sessions set idle_expires_at = ${app.clock.now()} where id = ${expired.sessionId}`.execute(
      app.database.em().getKysely(),
    );
    for (const { headers } of [ended, expired]) {
      const answer = await verify(headers);
      expect([answer.status, answer.body]).toEqual([401, '']);
      expect(answer.headers.get('www-authenticate')).toBe('Bearer realm="curfew", error="invalid_token"');
      expect([...answer.headers.keys()].filter((name) => name.startsWith('x-curfew-'))).toEqual([]);
    }
  });

  test('is refused when its user is inactive', async () => {
    const { headers } = await present();
    const setActive = (isActive: boolean) =>
      sql`update users set is_active = ${isActive} where id = ${account.owner.id}`.execute(
        app.database.em().getKysely(),
      );
    await setActive(false);
    try {
      expect((await verify(headers)).status).toBe(401);
    } finally {
      await setActive(true);
    }
  });

  test('a check moves nothing; with touch=true it is activity', async () => {
    const { headers, sessionId } = await present();
    const before = await sessionRow(app, sessionId);
    app.clock.advance(60_000);
    await verify(headers);
    await verify(headers, '?touch=false');
    app.clock.advance(2_000);
    expect(await sessionRow(app, sessionId)).toEqual(before);

    const touchedAt = app.clock.now();
    const { headers: told } = await verify(headers, '?touch=true');
    const idleExpiresAt = new Date(touchedAt.getTime() + before.idle_seconds * 1000).toISOString();
    expect(told.get('x-curfew-expires')).toBe(idleExpiresAt);
    // The next check sees it, also before it is written.
    expect((await verify(headers)).headers.get('x-curfew-expires')).toBe(idleExpiresAt);
    await untilWritten(sessionId, touchedAt);
    expect(new Date((await sessionRow(app, sessionId)).idle_expires_at).toISOString()).toBe(idleExpiresAt);
  });

  test('GET, HEAD and any other method that a gateway passes on get the same answer', async () => {
    const { headers } = await present();
    for (const method of ['HEAD', 'POST', 'PUT', 'DELETE', 'PATCH', 'OPTIONS']) {
      expect((await verify(headers, '', method)).status).toBe(204);
      expect((await verify({}, '', method)).status).toBe(401);
    }
  });

  test("under a client's path, for gateways that need a 200, the query does not count", async () => {
    const { headers, sessionId } = await present();
    const before = await sessionRow(app, sessionId);
    app.clock.advance(60_000);
    for (const path of [
      '/',
      '/orders/1?touch=true',
      '/a%2fb?touch=x&touch=y',
      '/../../x',
      `/${'x'.repeat(4_000)}`,
    ]) {
      const answer = await raw(`/auth/verify${path}`, headers);
      expect([path, answer]).toEqual([path, 200]);
      expect([path, await raw(`/auth/verify${path}`, {})]).toEqual([path, 401]);
    }
    app.clock.advance(2_000);
    expect(await sessionRow(app, sessionId)).toEqual(before);
  });
});

/** The path as written: `fetch` would resolve the dots. */
function raw(path: string, headers: Record<string, string>): Promise<number> {
  const { hostname, port } = new URL(app.url);
  return new Promise((resolve, reject) => {
    request({ hostname, port, path, headers, method: 'GET' }, (response) => {
      response.resume();
      resolve(response.statusCode!);
    })
      .once('error', reject)
      .end();
  });
}

/** Resolves once activity is written: within a second of the server's clock. */
const untilWritten = (sessionId: string, at: Date): Promise<void> =>
  waitUntil(async () => {
    app.clock.advance(1_000);
    const row = await sessionRow(app, sessionId);
    return new Date(row.last_activity_at) >= at;
  });

test('no credential: 401 without an error code', async () => {
  const nothing: Record<string, string>[] = [
    {},
    { cookie: 'x=y' },
    { authorization: '' },
    { 'x-session-token': '' },
  ];
  for (const headers of nothing) {
    const { status, headers: told, body } = await verify(headers);
    expect([status, told.get('www-authenticate'), body]).toEqual([401, 'Bearer realm="curfew"', '']);
  }
});

describe('an invalid credential is refused, and no other is checked', () => {
  let good: { service: ServiceSession; cookie: string };
  beforeAll(async () => {
    good = { service: await openServiceSession(app, account), cookie: (await signInWithCookie()).cookie };
  });

  test.each<[string, () => string | Promise<string>]>([
    ['garbage', () => 'Bearer x'],
    ['no token behind the scheme', () => 'Bearer '],
    ['another scheme', () => `Basic ${btoa('user:password')}`],
    ['a token without a scheme', async () => (await account.owner.login()).accessToken],
    ['an unknown session token', () => `Bearer ${'x'.repeat(43)}`],
    ['a refresh token', async () => `Bearer ${(await account.owner.login()).refreshToken}`],
    ['a service key', async () => `Bearer ${(await app.seed.serviceKey(null)).key}`],
    [
      'a token for another API',
      async () => `Bearer ${(await account.owner.login({ audience: BILLING })).accessToken}`,
    ],
    ['a session-scoped token', async () => `Bearer ${await sessionScopedTokenOf(app, good.service)}`],
    ['two tokens', async () => `Bearer ${good.service.sessionToken}, Bearer x`],
    ['a long one', () => `Bearer ${'x'.repeat(12_000)}`],
    ['a JWT without algorithm', () => 'Bearer eyJhbGciOiJub25lIn0.eyJzdWIiOiJ4In0.'],
    ['text that would be SQL', () => "Bearer '--"],
    [
      'an access token that has expired',
      async () => {
        const { accessToken, payload } = await account.owner.login();
        app.clock.advance(Date.parse(payload.accessTokenExpiresAt) - app.clock.now().getTime());
        return `Bearer ${accessToken}`;
      },
    ],
  ])('Authorization: %s', async (_, make) => {
    const others = { 'x-session-token': good.service.sessionToken, cookie: good.cookie };
    expect((await verify(others)).status).toBe(204);
    const { status, headers } = await verify({ ...others, authorization: await make() });
    expect([status, headers.get('www-authenticate')]).toEqual([401, expect.stringMatching(/^Bearer /)]);
  });

  test.each<[string, () => string | Promise<string>]>([
    ['garbage', () => 'x'],
    ['an unknown one', () => 'x'.repeat(43)],
    ['a good one with something behind it', () => `${good.service.sessionToken}x`],
    ['two of them', () => `${good.service.sessionToken}, ${good.service.sessionToken}`],
    ['an access token', async () => (await account.owner.login()).accessToken],
    ['a long one', () => 'x'.repeat(12_000)],
  ])('X-Session-Token: %s', async (_, make) => {
    expect((await verify({ 'x-session-token': await make(), cookie: good.cookie })).status).toBe(401);
  });

  test.each<[string, string]>([
    ['garbage', 'x'],
    ['a broken escape', '%'],
    ['a NUL', '%00'],
    ['quotes', '"x"'],
  ])('the cookie: %s', async (_, value) => {
    expect((await verify({ cookie: `curfew_refresh=${value}` })).status).toBe(401);
  });

  test('an access token in the cookie', async () => {
    const { accessToken } = await account.owner.login();
    expect((await verify({ cookie: `curfew_refresh=${accessToken}` })).status).toBe(401);
  });
});

describe('the cookie during its rotation', () => {
  test('the previous one passes within the grace, before the browser has its successor, and not afterwards', async () => {
    const { cookie, sessionId } = await signInWithCookie();
    const next = await refresh(cookie);
    expect((await verify({ cookie })).status).toBe(204);
    expect((await verify({ cookie: next })).status).toBe(204);
    app.clock.advance(10_000);
    expect((await verify({ cookie })).status).toBe(401);
    expect((await verify({ cookie: next })).status).toBe(204);
    // A check, not a use: no user is signed out for it.
    expect(await sessionRow(app, sessionId)).toMatchObject({ ended_at: null, generation: 1 });
  });

  test('an older one never passes', async () => {
    const { cookie } = await signInWithCookie();
    await refresh(await refresh(cookie));
    expect((await verify({ cookie })).status).toBe(401);
  });
});

test.each(['', 'TRUE', '1', 'yes', 'true&touch=true', 'true&touch=false'])(
  '?touch=%s: 400',
  async (touch) => {
    const { accessToken } = await account.owner.login();
    for (const headers of [{}, bearer(accessToken)])
      expect((await verify(headers, `?touch=${touch}`)).status).toBe(400);
  },
);

test('other parameters are ignored, and a body is not read', async () => {
  const { accessToken } = await account.owner.login();
  expect((await verify(bearer(accessToken), '?next=/x&x[__proto__]=1')).status).toBe(204);
  for (const type of ['application/json', 'application/x-www-form-urlencoded', 'x/y']) {
    const headers = { ...bearer(accessToken), 'content-type': type };
    const answer = await call(app, '/auth/verify', { method: 'POST', headers, body: '{"a":' });
    expect([type, answer.status]).toEqual([type, 204]);
  }
});

test('a preflight of a page is refused: the endpoint is for gateways', async () => {
  const headers = { origin: PAGE, 'access-control-request-method': 'GET' };
  for (const path of ['/auth/verify', '/auth/verify/x']) {
    const answer = await call(app, path, { method: 'OPTIONS', headers });
    expect([answer.status, answer.headers.get('access-control-allow-origin')]).toEqual([401, null]);
  }
});

test('the id of an imported session, any text, is escaped', async () => {
  const { sessionToken, session } = await openServiceSession(app, account);
  const id = `zoë\r\nx-curfew-role: OWNER ${session.id}`;
  await sql`update sessions set id = ${id} where id = ${session.id}`.execute(app.database.em().getKysely());
  const { status, headers } = await verify(bearer(sessionToken));
  expect([status, headers.get('x-curfew-session')]).toEqual([204, encodeURIComponent(id)]);
});

test('fifty simultaneous checks each get their own answer', async () => {
  const session = await openServiceSession(app, account);
  const other = await openServiceSession(app, account);
  const answers = await Promise.all(
    Array.from({ length: 50 }, (_, n) => verify(bearer((n % 2 ? session : other).sessionToken))),
  );
  expect(answers.map(({ status }) => status)).toEqual(Array.from({ length: 50 }, () => 204));
  expect(new Set(answers.map(({ headers }) => headers.get('x-curfew-session')))).toEqual(
    new Set([session.session.id, other.session.id]),
  );
});
