import { sql } from 'kysely';
import { createHmac, createPublicKey } from 'node:crypto';
import type { Curfew, CurfewError } from '../../client/src/server/index.ts';
import { reauthenticated, withTokens } from '../accounts/reauthenticate-calls.ts';
import { startApp, type TestApp } from '../harness.ts';
import { ISSUE_TOKEN } from '../service-api/service-calls.ts';
import { tryAgainInCi } from '../real-time.ts';
import { claimsOf, type SeededAccount } from '../seed.ts';
import {
  bearer,
  connectKit,
  startExpress,
  startFastify,
  startHttpProxy,
  untilStatus,
  type BackEnd,
  type HttpProxy,
} from './server-kit.ts';

tryAgainInCi();

let app: TestApp;
let proxy: HttpProxy;
let account: SeededAccount;
let key: string;
let curfew: Curfew;

beforeAll(async () => {
  app = await startApp({ clock: 'real', env: { ACCESS_TOKEN_AUDIENCES: 'billing' } });
  proxy = await startHttpProxy(app.url);
  account = await app.seed.account();
  ({ key } = await app.seed.serviceKey(account.id));
  ({ curfew } = connectKit({ url: proxy.url, issuer: app.url, serviceKey: key }));
  await curfew.following();
});
afterAll(async () => {
  curfew.close();
  await proxy.close();
  await app.close();
});

const asks = (): number => proxy.calls.filter((call) => call === 'POST /oauth/introspect').length;
const validations = (): number =>
  proxy.calls.filter((call) => call === 'POST /graphql CurfewValidate').length;
const openSession = (name: string) =>
  curfew.createSession({ externalId: name, email: `${name}@example.test`, name });

describe.each([
  ['Express', startExpress],
  ['Fastify', startFastify],
])('in %s', (_, start) => {
  let backEnd: BackEnd;
  beforeAll(async () => {
    backEnd = await start(curfew, account.id);
  });
  afterAll(() => backEnd.close());

  test('an access token is good, and Curfew is asked once for its session', async () => {
    const member = await (await account.addUser()).login();
    const before = asks();
    for (let round = 0; round < 5; round += 1) {
      const { status, body } = await backEnd.get('/me', bearer(member.accessToken));
      expect(status).toBe(200);
      expect(body).toMatchObject({
        kind: 'access_token',
        userId: claimsOf(member.accessToken).sub,
        sessionId: member.sessionId,
        accountId: account.id,
        role: 'MEMBER',
        warning: null,
        expiresAt: new Date(claimsOf(member.accessToken).exp * 1000).toISOString(),
      });
    }
    expect(asks() - before).toBe(1);
    // Its successor is one of the same session.
    const renewed = await member.refresh();
    expect(renewed.data.refreshSession.accessToken).not.toBe(member.accessToken);
    expect((await backEnd.get('/me', bearer(renewed.data.refreshSession.accessToken))).status).toBe(200);
    expect(asks() - before).toBe(1);
  });

  test('without a token the answer names the scheme and no error', async () => {
    const { status, body, headers } = await backEnd.get('/me');
    expect(status).toBe(401);
    expect(body).toEqual({ error: 'UNAUTHENTICATED', reason: 'NO_TOKEN' });
    expect(headers.get('www-authenticate')).toBe('Bearer');
    expect(headers.get('cache-control')).toBe('no-store');
  });

  test('a session token is good until endSession', async () => {
    const { sessionToken, session } = await openSession(`service-${start.name}`);
    for (const headers of [bearer(sessionToken), { 'x-session-token': sessionToken }])
      expect(await backEnd.get('/me', headers)).toMatchObject({
        status: 200,
        body: { kind: 'session_token', sessionId: session.id, userId: session.userId, warning: false },
      });
    expect((await backEnd.get('/cookie', { cookie: `a=b; app_session=${sessionToken}` })).status).toBe(200);
    expect((await backEnd.get('/cookie', bearer(sessionToken))).body.reason).toBe('NO_TOKEN');
    expect(await curfew.endSession(sessionToken)).toBe(true);
    const ended = await backEnd.get('/me', bearer(sessionToken));
    expect(ended).toMatchObject({ status: 401, body: { error: 'UNAUTHENTICATED', reason: 'REVOKED' } });
    expect(ended.headers.get('www-authenticate')).toBe('Bearer error="invalid_token"');
  });

  test('a revoked session is refused within a second, though its token would still be good', async () => {
    const owner = await account.owner.login();
    const one = await (await account.addUser()).login();
    const two = await (await account.addUser()).login();
    for (const { accessToken } of [one, two, owner])
      expect((await backEnd.get('/me', bearer(accessToken))).status).toBe(200);
    const before = asks();
    await owner.gql('mutation ($id: ID!) { revokeSession(sessionId: $id) { revokedCount } }', {
      id: one.sessionId,
    });
    // A batch a second, and what the machine takes.
    expect(await untilStatus(401, () => backEnd.get('/me', bearer(one.accessToken)))).toBeLessThan(2_000);
    await owner.gql('mutation { revokeSessions(scope: OTHERS) { revokedCount } }');
    expect(await untilStatus(401, () => backEnd.get('/me', bearer(two.accessToken)))).toBeLessThan(2_500);
    expect((await backEnd.get('/me', bearer(two.accessToken))).body.reason).toBe('SESSION_ENDED');
    expect((await backEnd.get('/me', bearer(owner.accessToken))).status).toBe(200);
    // All of that came over the socket.
    expect(asks()).toBe(before);
  });

  test('a user whose sessions are ended by the back end is out within a second', async () => {
    const person = await account.addUser();
    const { accessToken } = await person.login();
    expect((await backEnd.get('/me', bearer(accessToken))).status).toBe(200);
    expect(await curfew.endUserSessions({ userId: person.id })).toBe(1);
    expect(await untilStatus(401, () => backEnd.get('/me', bearer(accessToken)))).toBeLessThan(2_000);
  });

  test('a route for owners has today’s role, not the token’s', async () => {
    const owner = await account.owner.login();
    const person = await account.addUser('OWNER');
    const { accessToken } = await person.login();
    expect((await backEnd.get('/owners', bearer(accessToken))).status).toBe(200);
    await owner.gql('mutation ($id: ID!) { setUserRole(userId: $id, role: MEMBER) { role } }', {
      id: person.id,
    });
    const { status, body, headers } = await backEnd.get('/owners', bearer(accessToken));
    expect({ status, body }).toEqual({ status: 403, body: { error: 'FORBIDDEN', reason: 'WRONG_ROLE' } });
    expect(headers.get('www-authenticate')).toBe('Bearer error="insufficient_scope"');
    expect((await backEnd.get('/me', bearer(accessToken))).status).toBe(200);
  });

  /** As if the user had signed in a few minutes ago. */
  const age = (sessionId: string) =>
    sql`update sessions set authenticated_at = authenticated_at - interval '5 minutes'
      where id = ${sessionId}`.execute(app.database.em().getKysely());
  const CHALLENGE =
    'Bearer error="insufficient_user_authentication", ' +
    'error_description="A more recent authentication is required", max_age="60"';

  test('a route for users who have just authenticated lets them in when they have done so again', async () => {
    const person = await (await account.addUser()).login();
    await age(person.sessionId);
    const { data } = await person.refresh();
    const who = withTokens(app, person, data.refreshSession);
    const stale = await backEnd.get('/recent', bearer(who.accessToken));
    expect(stale.status).toBe(401);
    expect(stale.headers.get('www-authenticate')).toBe(CHALLENGE);
    expect(stale.body).toMatchObject({ reason: 'REAUTHENTICATION_REQUIRED', maxAgeSeconds: 60 });
    expect((await backEnd.get('/me', bearer(who.accessToken))).status).toBe(200);

    const { accessToken } = await reauthenticated(who);
    const before = asks();
    for (let round = 0; round < 3; round += 1)
      expect((await backEnd.get('/recent', bearer(accessToken))).status).toBe(200);
    expect(asks()).toBe(before);
    // The page may still send its token of before.
    expect((await backEnd.get('/recent', bearer(who.accessToken))).status).toBe(200);
    expect(asks()).toBe(before + 1);
  });

  test('it does so for session tokens, whose application authenticates its users itself', async () => {
    const { sessionToken, session } = await openSession(`stale-${start.name}`);
    await age(session.id);
    const stale = await backEnd.get('/recent', bearer(sessionToken));
    expect([stale.status, stale.headers.get('www-authenticate')]).toEqual([401, CHALLENGE]);
    const again = await curfew.reauthenticateSession(sessionToken);
    expect(again.session).toMatchObject({ id: session.id, userId: session.userId });
    expect(again.session.authenticatedAt.getTime()).toBeGreaterThan(Date.now() - 10_000);
    expect((await backEnd.get('/recent', bearer(again.sessionToken))).status).toBe(200);
    expect((await backEnd.get('/recent', bearer(sessionToken))).body.reason).toBe('NOT_FOUND');
    await expect(curfew.reauthenticateSession(sessionToken)).rejects.toMatchObject({ code: 'NOT_FOUND' });
  });

  test('a page is redirected by its own rule, and a good one is not', async () => {
    const page = await backEnd.get('/page');
    expect(page.status).toBe(302);
    expect(page.headers.get('location')).toBe('/sign-in?reason=NO_TOKEN');
    const { accessToken } = await account.owner.login();
    expect((await backEnd.get('/page', bearer(accessToken))).status).toBe(200);
  });

  test('polling that is said to be none is no activity', async () => {
    const { sessionToken, session } = await openSession(`polling-${start.name}`);
    await backEnd.get('/quiet', { ...bearer(sessionToken), 'x-poll': '1' });
    const polled = await curfew.validateSession(sessionToken, { touch: false });
    expect(polled.session!.idleExpiresAt).toEqual(session.idleExpiresAt);
    await backEnd.get('/quiet', bearer(sessionToken));
    const touched = await curfew.validateSession(sessionToken, { touch: false });
    expect(touched.session!.idleExpiresAt.getTime()).toBeGreaterThan(session.idleExpiresAt.getTime());
  });

  test('what is no token is refused, however long and strange', async () => {
    for (const token of ['x', 'a.b.c', 'é'.normalize('NFD').replace(/[^a-z]/g, ''), '..', 'x'.repeat(12_000)])
      expect(await backEnd.get('/me', bearer(token))).toMatchObject({
        status: 401,
        body: { reason: 'INVALID_TOKEN' },
      });
    // Longer than Node takes: it answers by itself.
    expect((await backEnd.get('/me', bearer('x'.repeat(70_000)))).status).toBe(431);
  });
});

test('500 checks at once are a few calls', async () => {
  const tokens: string[] = [];
  for (let index = 0; index < 20; index += 1) tokens.push((await openSession(`crowd-${index}`)).sessionToken);
  const before = validations();
  const verdicts = await Promise.all(
    Array.from({ length: 500 }, (_, index) => curfew.check(tokens[index % tokens.length])),
  );
  expect(verdicts.every(({ state }) => state === 'live')).toBe(true);
  expect(validations() - before).toBe(1);

  const backEnd = await startExpress(curfew);
  const answers = await Promise.all(
    Array.from({ length: 500 }, (_, index) => backEnd.get('/me', bearer(tokens[index % tokens.length]!))),
  );
  expect(answers.every(({ status }) => status === 200)).toBe(true);
  expect(validations() - before).toBeLessThan(250);
  await backEnd.close();
});

describe('refused:', () => {
  const reasonOf = async (token: string, by = curfew): Promise<string> => {
    const verdict = await by.check(token);
    return verdict.state === 'refused' ? verdict.reason : verdict.state;
  };
  const login = async () => (await account.addUser()).login();
  const part = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url');

  test('tokens of another account, with a key of one', async () => {
    const stranger = await (await app.seed.account()).owner.login();
    expect(await reasonOf(stranger.accessToken)).toBe('SESSION_ENDED');
    const other = connectKit({
      url: app.url,
      serviceKey: (await app.seed.serviceKey(claimsOf(stranger.accessToken).account_id)).key,
    }).curfew;
    const { sessionToken } = await other.createSession({
      externalId: 'x',
      email: 'x@example.test',
      name: 'X',
    });
    expect(await reasonOf(sessionToken)).toBe('NOT_FOUND');
    expect(await reasonOf(sessionToken, other)).toBe('live');
    expect(await reasonOf(stranger.accessToken, other)).toBe('live');
    other.close();
  });

  test('an account that the route is not for, with a key of all', async () => {
    const all = connectKit({ url: app.url, serviceKey: (await app.seed.serviceKey(null)).key }).curfew;
    await all.following();
    const backEnd = await startExpress(all, account.id);
    const stranger = await (await app.seed.account()).owner.login();
    expect((await backEnd.get('/me', bearer(stranger.accessToken))).status).toBe(200);
    expect(await backEnd.get('/here', bearer(stranger.accessToken))).toMatchObject({
      status: 403,
      body: { error: 'FORBIDDEN', reason: 'WRONG_ACCOUNT' },
    });
    await backEnd.close();
    all.close();
  });

  test('a token for another audience, unless this is the one', async () => {
    const person = await account.addUser();
    const { accessToken } = await person.login({ audience: 'billing' });
    expect(await reasonOf(accessToken)).toBe('INVALID_TOKEN');
    const billing = connectKit({ url: app.url, serviceKey: key, audience: 'billing' }).curfew;
    expect(await reasonOf(accessToken, billing)).toBe('live');
    expect(await reasonOf((await person.login()).accessToken, billing)).toBe('INVALID_TOKEN');
    billing.close();
  });

  test('a token of another issuer or audience, with a problem that names both, signature checked here or at Curfew', async () => {
    const { accessToken } = await login();
    for (const hasKeys of [true, false]) {
      proxy.hasKeys = hasKeys;
      // The address at which the back end reaches Curfew is not its PUBLIC_URL.
      const inside = connectKit({ url: proxy.url, serviceKey: key });
      const billing = connectKit({ url: proxy.url, issuer: app.url, serviceKey: key, audience: 'billing' });
      for (const kit of [inside, billing])
        expect(await reasonOf(accessToken, kit.curfew)).toBe('INVALID_TOKEN');
      const [ofIssuer, ofAudience] = [inside, billing].map(({ problems }) =>
        problems.filter(({ kind }) => kind === 'OTHER_ORIGIN').map(({ message }) => message),
      );
      expect(ofIssuer).toEqual([
        `Curfew at ${proxy.url} issues its access tokens as ${app.url}, but issuer is ${proxy.url}: each is refused until issuer is Curfew’s PUBLIC_URL.`,
      ]);
      expect(ofAudience).toEqual([
        `Curfew at ${proxy.url} issued an access token for the audience curfew, but audience is billing: it was refused.`,
      ]);
      for (const kit of [inside, billing]) kit.curfew.close();
    }
    proxy.hasKeys = true;
  });

  test('a token past its end, by the clock of the checking server', async () => {
    const { accessToken } = await login();
    expect(await reasonOf(accessToken)).toBe('live');
    const { exp } = claimsOf(accessToken);
    const late = connectKit({
      url: app.url,
      serviceKey: key,
      now: () => exp * 1000 + 6_000,
    }).curfew;
    expect(await reasonOf(accessToken, late)).toBe('EXPIRED_TOKEN');
    late.close();
  });

  test('near a token’s end it is Curfew’s clock that tells', async () => {
    const { accessToken } = await login();
    const { exp } = claimsOf(accessToken);
    let now = exp * 1000 + 4_000;
    const near = connectKit({ url: proxy.url, issuer: app.url, serviceKey: key, now: () => now }).curfew;
    await near.following();
    const before = asks();
    for (let round = 0; round < 3; round += 1) expect(await reasonOf(accessToken, near)).toBe('live');
    expect(asks() - before).toBe(3);
    now = exp * 1000 - 6_000;
    expect(await reasonOf(accessToken, near)).toBe('live');
    expect(asks() - before).toBe(3);
    near.close();
  });

  test('a session-scoped token, for whichever audience, signature checked here or at Curfew', async () => {
    const { sessionToken } = await openSession('scoped');
    for (const audience of ['curfew', 'billing']) {
      const { data } = await app.gql(ISSUE_TOKEN, { sessionToken, audience }, { token: key });
      const { accessToken } = data.issueSessionAccessToken;
      for (const hasKeys of [true, false]) {
        proxy.hasKeys = hasKeys;
        const kit = connectKit({ url: proxy.url, issuer: app.url, serviceKey: key, audience }).curfew;
        const backEnd = await startExpress(kit, account.id);
        const before = asks();
        for (const path of ['/me', '/owners', '/here', '/quiet'])
          expect(await backEnd.get(path, bearer(accessToken))).toMatchObject({
            status: 401,
            body: { reason: 'SESSION_SCOPED_TOKEN' },
          });
        expect(asks() > before).toBe(!hasKeys);
        await backEnd.close();
        kit.close();
      }
    }
    proxy.hasKeys = true;
  });

  test('a refresh token, a service key', async () => {
    expect(await reasonOf((await login()).refreshToken)).toBe('INVALID_TOKEN');
    const before = proxy.calls.length;
    expect(await reasonOf(key)).toBe('INVALID_TOKEN');
    expect(proxy.calls.length).toBe(before);
  });

  test('other algorithms, keys, types and claims', async () => {
    const { accessToken } = await login();
    const [header, payload, signature] = accessToken.split('.') as [string, string, string];
    const claims = claimsOf(accessToken);
    const { keys } = (await (await fetch(`${app.url}/.well-known/jwks.json`)).json()) as any;
    const head = JSON.parse(Buffer.from(header, 'base64url').toString());
    const hmacHead = part({ ...head, alg: 'HS256' });
    const publicPem = createPublicKey({ key: keys[0], format: 'jwk' }).export({
      type: 'spki',
      format: 'pem',
    });
    const hmac = (secret: string | Buffer): string =>
      `${hmacHead}.${payload}.${createHmac('sha256', secret).update(`${hmacHead}.${payload}`).digest('base64url')}`;
    const tokens = {
      'alg none': `${part({ ...head, alg: 'none' })}.${payload}.${signature}`,
      'alg none, unsigned': `${part({ ...head, alg: 'none' })}.${payload}.`,
      'HS256 with the public key': hmac(publicPem as string),
      'HS256 with its coordinates': hmac(Buffer.from(keys[0].x, 'base64url')),
      'another session': `${header}.${part({ ...claims, sid: 'other' })}.${signature}`,
      'another type': `${part({ ...head, typ: 'JWT' })}.${payload}.${signature}`,
      'a key of its own': `${part({ ...head, jwk: keys[0] })}.${payload}.${signature}`,
      'no kid': `${part({ alg: 'ES256', typ: 'at+jwt' })}.${payload}.${signature}`,
      'an unknown kid': `${part({ ...head, kid: 'unknown' })}.${payload}.${signature}`,
      'a signature cut short': accessToken.slice(0, -2),
      'a header that is no JSON': `e30x.${payload}.${signature}`,
    };
    for (const [name, token] of Object.entries(tokens))
      expect([name, await reasonOf(token)]).toEqual([name, 'INVALID_TOKEN']);
    expect(await reasonOf(accessToken)).toBe('live');
  });

  test('everything, once it is closed, and nothing stays open', async () => {
    const { accessToken } = await login();
    const { curfew: closed } = connectKit({ url: app.url, serviceKey: key });
    await closed.following();
    expect(await reasonOf(accessToken, closed)).toBe('live');
    closed.close();
    expect(closed.isFollowing).toBe(false);
    expect(await reasonOf(accessToken, closed)).toBe('unavailable');
    await expect(closed.endSession('x')).rejects.toMatchObject({ code: 'CLOSED' });
  });
});

test('Curfew’s no has its code and what it said', async () => {
  await expect(curfew.createSession({ userId: 'nobody' })).rejects.toMatchObject({
    name: 'CurfewError',
    code: 'NOT_FOUND',
  });
  await expect(curfew.createSession({ externalId: '' })).rejects.toMatchObject({
    code: 'BAD_USER_INPUT',
    details: { field: expect.any(String) },
  });
});

test('the token of a page is null only for a session that is over; an error has the status of an answer', async () => {
  const { sessionToken, session } = await openSession('page');
  const token = await curfew.sessionAccessToken(sessionToken);
  expect(claimsOf(token!.accessToken)).toMatchObject({ sid: session.id, scope: 'session' });
  expect(token!.expiresAt.getTime()).toBe(claimsOf(token!.accessToken).exp * 1000);
  for (const none of [undefined, '', 'x'.repeat(43), 'no token'])
    expect(await curfew.sessionAccessToken(none)).toBeNull();

  const strange = connectKit({ url: app.url, serviceKey: `cfk_${'x'.repeat(43)}` }).curfew;
  const gone = connectKit({ url: 'http://127.0.0.1:1', serviceKey: key }).curfew;
  for (const { sessionAccessToken } of [strange, gone])
    await expect(sessionAccessToken(sessionToken)).rejects.toMatchObject({ statusCode: 503 });
  strange.close();
  gone.close();
  await expect(curfew.sessionAccessToken(sessionToken, 'unknown')).rejects.toMatchObject({
    code: 'BAD_USER_INPUT',
    statusCode: 500,
  });

  const owner = await account.owner.login();
  const deactivate = 'mutation ($id: ID!) { setUserActive(userId: $id, isActive: false) { id } }';
  expect((await owner.gql(deactivate, { id: session.userId })).errors).toBeUndefined();
  expect(await curfew.sessionAccessToken(sessionToken)).toBeNull();
  const refusal: unknown = await openSession('page').catch((error: unknown) => error);
  expect(refusal).toMatchObject({ statusCode: 403 });
  const response = (refusal as CurfewError).getResponse();
  expect([response.status, await response.json()]).toEqual([403, { error: 'BAD_USER_INPUT' }]);
});
