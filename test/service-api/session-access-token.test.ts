import { buildSchema, getNamedType, isObjectType, type GraphQLObjectType } from 'graphql';
import { readFileSync } from 'node:fs';
import { ROOT_FIELDS } from '../security/root-fields.ts';
import { onUsualDatabase } from '../databases.ts';
import { startApp, type TestApp } from '../harness.ts';
import { claimsOf, LOGIN, PASSWORD, SESSION_EXPIRY, type SeededAccount } from '../seed.ts';
import { introspect } from './endpoint-calls.ts';
import { backEnd, ISSUE_TOKEN, type BackEnd } from './service-calls.ts';
import { waitUntil } from '../wait-until.ts';

const MINUTES = 60_000;
/** Fields for following, touching and ending a session; deadlines are relative to `serverTime`. */
const ALLOWED = new Set(['currentSession', 'serverTime', 'touchSession', 'logout', 'sessionExpiry']);

const schema = buildSchema(readFileSync(new URL('../../schema.graphql', import.meta.url), 'utf8'));
const rootField = (name: string) =>
  [schema.getQueryType()!, schema.getMutationType()!, schema.getSubscriptionType()!]
    .map((type) => type.getFields()[name])
    .find((field) => field !== undefined)!;

onUsualDatabase((database) => {
  let app: TestApp;
  let account: SeededAccount;
  let shop: BackEnd;
  let key: string;
  beforeAll(async () => {
    app = await startApp({ database, env: { ACCESS_TOKEN_AUDIENCES: 'billing' } });
    account = await app.seed.account();
    ({ key } = await app.seed.serviceKey(account.id));
    shop = backEnd(app, key);
  });
  afterAll(() => app.close());

  const setPolicy = async (idle: number, absolute: number, apply = 'NEXT_LOGIN') =>
    (await account.owner.login()).gql(
      `mutation { updateSessionPolicy(input: { idleMinutes: ${idle}, absoluteMinutes: ${absolute}, apply: ${apply} }) { sessionPolicy { version } } }`,
    );

  /** No claim that an API could take for a permission. */
  const sessionScoped = (aud: string, session: { id: string; user: { id: string } }) => ({
    iss: app.url,
    aud,
    sub: session.user.id,
    sid: session.id,
    scope: 'session',
    iat: expect.any(Number),
    exp: expect.any(Number),
    jti: expect.any(String),
  });

  test('it is the access token of that session, with its scope only', async () => {
    const { sessionToken, session } = await shop.create();
    const { data } = await shop.gql(ISSUE_TOKEN, { sessionToken });
    const { accessToken, expiresAt } = data.issueSessionAccessToken;
    expect(claimsOf(accessToken)).toEqual(sessionScoped('curfew', session));
    expect(Date.parse(expiresAt)).toBe(claimsOf(accessToken).exp * 1000);
    const current = await app.gql('{ currentSession { id isCurrent } }', {}, { token: accessToken });
    expect(current.data.currentSession).toEqual({ id: session.id, isCurrent: true });
  });

  test('it never outlives either deadline', async () => {
    await setPolicy(10, 30);
    const { sessionToken, session } = await shop.create();
    const expiry = async () =>
      Date.parse((await shop.gql(ISSUE_TOKEN, { sessionToken })).data.issueSessionAccessToken.expiresAt);
    app.clock.advance(8 * MINUTES);
    expect(await expiry()).toBeLessThanOrEqual(Date.parse(session.idleExpiresAt));
    for (const minutes of [1, 9, 9]) {
      app.clock.advance(minutes * MINUTES);
      await shop.validate(sessionToken);
    }
    expect(await expiry()).toBeLessThanOrEqual(Date.parse(session.absoluteExpiresAt));
    await setPolicy(4320, 20160);
  });

  test('for another configured audience it has the same scope, also in introspection', async () => {
    const { sessionToken, session } = await shop.create({ userId: account.owner.id });
    for (const audience of ['billing', 'curfew']) {
      const { data } = await shop.gql(ISSUE_TOKEN, { sessionToken, audience });
      const { accessToken } = data.issueSessionAccessToken;
      expect(claimsOf(accessToken)).toEqual(sessionScoped(audience, session));
      const claims = claimsOf(accessToken);
      delete claims.jti;
      expect(await introspect(app, key, accessToken)).toEqual({
        active: true,
        token_type: 'access_token',
        ...claims,
        session_expires_at: Math.floor(Date.parse(session.idleExpiresAt) / 1000),
      });
    }
    expect((await shop.gql(ISSUE_TOKEN, { sessionToken, audience: 'other' })).extensions).toMatchObject({
      code: 'BAD_USER_INPUT',
      field: 'audience',
    });
  });

  test('is refused for an unknown or ended session', async () => {
    const ended = await shop.create();
    await shop.end(ended.sessionToken);
    for (const sessionToken of [ended.sessionToken, 'A'.repeat(43), 'rubbish', 'a\0'])
      expect((await shop.gql(ISSUE_TOKEN, { sessionToken })).code).toBe('NOT_FOUND');
    const expired = await shop.create();
    app.clock.advance(4320 * MINUTES);
    expect((await shop.gql(ISSUE_TOKEN, { sessionToken: expired.sessionToken })).code).toBe('NOT_FOUND');
  });

  test('it can follow, touch and end its session, and is refused by every other field, public ones included', async () => {
    const { sessionToken } = await shop.create({ userId: account.owner.id });
    const token = await shop.issue(sessionToken);
    const last = [...ROOT_FIELDS].sort(
      (one, other) => Number(one.name === 'logout') - Number(other.name === 'logout'),
    );
    for (const { name, document, variables } of last) {
      const { code } = await app.gql(document, variables, { token });
      expect({ name, code }).toEqual({ name, code: ALLOWED.has(name) ? undefined : 'FORBIDDEN' });
    }
    expect((await shop.validate(sessionToken)).session.endReason).toBe('LOGOUT');
  });

  test('it follows its session, and is refused by every other subscription', async () => {
    const token = await shop.issue((await shop.create({ userId: account.owner.id })).sessionToken);
    for (const { name } of Object.values(schema.getSubscriptionType()!.getFields())) {
      const feed = app.subscribe(`subscription { ${name} { __typename } }`, { accessToken: token });
      await feed.connected;
      if (!ALLOWED.has(name))
        expect((await feed.next()).errors).toMatchObject([{ extensions: { code: 'FORBIDDEN' } }]);
      await feed.stop();
    }
  });

  test('a sign-in with it is refused before the password is checked', async () => {
    const token = await shop.issue((await shop.create()).sessionToken);
    const input = { email: account.owner.email, password: PASSWORD };
    expect(await app.gql(LOGIN, { input }, { token })).toMatchObject({ code: 'FORBIDDEN', data: null });
  });

  test('it can select only its own session, user and the name of the account', () => {
    const reached = new Set<GraphQLObjectType>();
    function walk(type: unknown): void {
      if (!isObjectType(type) || reached.has(type)) return;
      reached.add(type);
      for (const field of Object.values(type.getFields())) walk(getNamedType(field.type));
    }
    for (const name of ALLOWED) walk(getNamedType(rootField(name).type));
    expect([...reached].map(({ name }) => name).toSorted()).toEqual([
      'Account',
      'LogoutPayload',
      'Session',
      'SessionExpiryEvent',
      'User',
    ]);
    expect(Object.keys((schema.getType('Account') as GraphQLObjectType).getFields())).toEqual([
      'id',
      'name',
      'externalId',
    ]);
  });

  test('touchSession is activity of the service session', async () => {
    const { sessionToken } = await shop.create();
    const token = await shop.issue(sessionToken);
    app.clock.advance(MINUTES);
    const { data } = await app.gql(
      'mutation { touchSession { lastActivityAt idleExpiresAt } }',
      {},
      { token },
    );
    expect(data.touchSession.lastActivityAt).toBe(app.clock.now().toISOString());
    expect((await shop.validate(sessionToken, false)).session).toMatchObject(data.touchSession);
  });

  test('once the session has ended it is useless', async () => {
    const { sessionToken } = await shop.create();
    const token = await shop.issue(sessionToken);
    await shop.end(sessionToken, 'PASSWORD_CHANGED');
    expect((await app.gql('{ currentSession { id } }', {}, { token })).extensions).toMatchObject({
      code: 'UNAUTHENTICATED',
      endReason: 'PASSWORD_CHANGED',
    });
  });

  const follow = async (sessionToken: string) => {
    const accessToken = await shop.issue(sessionToken);
    const feed = app.subscribe(SESSION_EXPIRY, { accessToken });
    await feed.connected;
    return feed;
  };

  test('its subscriber gets the warning and the timeout', async () => {
    await setPolicy(10, 30);
    const { sessionToken, session } = await shop.create();
    const feed = await follow(sessionToken);
    app.clock.advance(5 * MINUTES + 1_000);
    expect(await feed.next()).toMatchObject({
      kind: 'WARNING',
      reason: 'IDLE',
      sessionId: session.id,
      canExtend: true,
    });
    app.clock.advance(5 * MINUTES);
    expect(await feed.next()).toMatchObject({ kind: 'EXPIRED', reason: 'IDLE', endReason: 'IDLE_TIMEOUT' });
    await feed.completed;
    expect((await feed.closed).code).toBe(4401);
    await setPolicy(4320, 20160);
  });

  test('a check that finds it past its deadline sends the end to the subscriber', async () => {
    const { sessionToken } = await shop.create();
    const feed = await follow(sessionToken);
    app.clock.advance(4316 * MINUTES);
    expect(await feed.next()).toMatchObject({ kind: 'WARNING' });
    app.clock.advance(4 * MINUTES);
    expect((await shop.validate(sessionToken)).reason).toBe('IDLE');
    expect(await feed.next()).toMatchObject({ kind: 'EXPIRED', endReason: 'IDLE_TIMEOUT' });
  });

  test.each(['LOGOUT', 'REVOKED_BY_SERVICE', 'PASSWORD_CHANGED', 'USER_DEACTIVATED'])(
    'its subscriber gets %s',
    async (reason) => {
      const { sessionToken } = await shop.create();
      const feed = await follow(sessionToken);
      await waitUntil(async () => (await shop.validate(sessionToken, false)).valid);
      await shop.end(sessionToken, reason);
      expect(await feed.next()).toMatchObject({ kind: 'REVOKED', endReason: reason, secondsRemaining: 0 });
      expect(await feed.closed).toEqual({ code: 4401, reason });
    },
  );

  test('owners see and end service sessions like all others', async () => {
    const owner = await account.owner.login();
    const feed = owner.accountSessions();
    await feed.connected;
    const { sessionToken, session } = await shop.create();
    const { data } = await owner.gql(
      `{ sessions(first: 100) { edges { node { id user { email } } } } sessionPolicy { activeUsers { userId } } }`,
    );
    expect(data.sessions.edges).toContainEqual({
      node: { id: session.id, user: { email: session.user.email } },
    });
    expect(data.sessionPolicy.activeUsers).toContainEqual({ userId: session.user.id });
    await owner.gql(`mutation ($id: ID!) { revokeSession(sessionId: $id) { revokedCount } }`, {
      id: session.id,
    });
    expect(await shop.validate(sessionToken)).toMatchObject({
      reason: 'REVOKED',
      session: { endReason: 'REVOKED_BY_OWNER' },
    });
    await waitUntil(async () => {
      app.clock.advance(1_000);
      return feed.events.some((event) => event.kind === 'ENDED' && event.session.id === session.id);
    });
    await feed.stop();
  });

  test('an applied policy shortens service sessions and notifies their subscribers', async () => {
    const { sessionToken } = await shop.create();
    const feed = await follow(sessionToken);
    await waitUntil(async () => (await shop.validate(sessionToken, false)).valid);
    await setPolicy(15, 30, 'ACTIVE_SESSIONS');
    expect(await feed.next()).toMatchObject({ kind: 'SHORTENED' });
    expect((await shop.validate(sessionToken)).secondsRemaining).toBe(15 * 60);
    await setPolicy(4320, 20160);
    await feed.stop();
  });
});
