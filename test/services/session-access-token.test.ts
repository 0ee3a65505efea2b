import { ROOT_FIELDS, OPEN_TO_ALL } from '../security/root-fields.ts';
import { onEachDatabase } from '../databases.ts';
import { startApp, type TestApp } from '../harness.ts';
import { ACCOUNT_SESSIONS, claimsOf, SESSION_EXPIRY, type SeededAccount } from '../seed.ts';
import { backEnd, ISSUE_TOKEN, until, type BackEnd } from './operations.ts';

const MINUTES = 60_000;
/** What the end of a session needs. */
const CONFINED_TO: ReadonlySet<string> = new Set(['currentSession', 'touchSession', 'logout']);
/** What anybody may know. */
const OPEN: ReadonlySet<string> = new Set(['serverTime', 'authProviders']);

onEachDatabase((database) => {
  let app: TestApp;
  let account: SeededAccount;
  let shop: BackEnd;
  beforeAll(async () => {
    app = await startApp({ database, env: { ACCESS_TOKEN_AUDIENCES: 'billing' } });
    account = await app.seed.account();
    shop = backEnd(app, (await app.seed.serviceKey(account.id)).key);
  });
  afterAll(() => app.close());

  const setPolicy = async (idle: number, absolute: number, apply = 'NEXT_LOGIN') =>
    (await account.owner.login()).gql(
      `mutation { updateSessionPolicy(input: { idleMinutes: ${idle}, absoluteMinutes: ${absolute}, apply: ${apply} }) { sessionPolicy { version } } }`,
    );

  test('it is the access token of that session, and says what it is for', async () => {
    const { sessionToken, session } = await shop.create();
    const { data } = await shop.gql(ISSUE_TOKEN, { sessionToken });
    const { accessToken, expiresAt } = data.issueSessionAccessToken;
    expect(claimsOf(accessToken)).toMatchObject({
      sid: session.id,
      sub: session.user.id,
      account_id: account.id,
      aud: 'curfew',
      scope: 'session',
    });
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

  test('for another audience, where that is configured', async () => {
    const { sessionToken } = await shop.create();
    const { data } = await shop.gql(ISSUE_TOKEN, { sessionToken, audience: 'billing' });
    expect(claimsOf(data.issueSessionAccessToken.accessToken).aud).toBe('billing');
    expect((await shop.gql(ISSUE_TOKEN, { sessionToken, audience: 'other' })).extensions).toMatchObject({
      code: 'BAD_USER_INPUT',
      field: 'audience',
    });
  });

  test('not for a session that is unknown or over', async () => {
    const ended = await shop.create();
    await shop.end(ended.sessionToken);
    for (const sessionToken of [ended.sessionToken, 'A'.repeat(43), 'rubbish', 'a\0'])
      expect((await shop.gql(ISSUE_TOKEN, { sessionToken })).code).toBe('NOT_FOUND');
    const expired = await shop.create();
    app.clock.advance(4320 * MINUTES);
    expect((await shop.gql(ISSUE_TOKEN, { sessionToken: expired.sessionToken })).code).toBe('NOT_FOUND');
  });

  test('it is good for the end of its session, and forbidden everything else', async () => {
    const { sessionToken } = await shop.create({ userId: account.owner.id });
    const token = await shop.issue(sessionToken);
    const last = [...ROOT_FIELDS].sort(
      (one, other) => Number(one.name === 'logout') - Number(other.name === 'logout'),
    );
    for (const { name, document, variables } of last) {
      const { code } = await app.gql(document, variables, { token });
      if (CONFINED_TO.has(name) || OPEN.has(name)) expect({ name, code }).toEqual({ name, code: undefined });
      else if (OPEN_TO_ALL.has(name))
        expect({ name, isForbidden: code === 'FORBIDDEN' }).toEqual({ name, isForbidden: false });
      else expect({ name, code }).toEqual({ name, code: 'FORBIDDEN' });
    }
    expect((await shop.validate(sessionToken)).session.endReason).toBe('LOGOUT');
  });

  test('the feed of the account is not for it', async () => {
    const token = await shop.issue((await shop.create({ userId: account.owner.id })).sessionToken);
    const feed = app.subscribe(ACCOUNT_SESSIONS, { accessToken: token });
    expect((await feed.next()).errors).toMatchObject([{ extensions: { code: 'FORBIDDEN' } }]);
    await feed.stop();
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

  test('once the session has ended it is good for nothing', async () => {
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

  test('its subscriber is warned, and told of the timeout', async () => {
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

  test('a check that finds it past its deadline tells the subscriber', async () => {
    const { sessionToken } = await shop.create();
    const feed = await follow(sessionToken);
    app.clock.advance(4316 * MINUTES);
    expect(await feed.next()).toMatchObject({ kind: 'WARNING' });
    app.clock.advance(4 * MINUTES);
    expect((await shop.validate(sessionToken)).reason).toBe('IDLE');
    expect(await feed.next()).toMatchObject({ kind: 'EXPIRED', endReason: 'IDLE_TIMEOUT' });
  });

  test.each(['LOGOUT', 'REVOKED_BY_SERVICE', 'PASSWORD_CHANGED', 'USER_DEACTIVATED'])(
    'its subscriber is told of %s',
    async (reason) => {
      const { sessionToken } = await shop.create();
      const feed = await follow(sessionToken);
      await until(async () => (await shop.validate(sessionToken, false)).valid);
      await shop.end(sessionToken, reason);
      expect(await feed.next()).toMatchObject({ kind: 'REVOKED', endReason: reason, secondsRemaining: 0 });
      expect(await feed.closed).toEqual({ code: 4401, reason });
    },
  );

  test('owners see service sessions like all others, and end them like all others', async () => {
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
    await until(async () => {
      app.clock.advance(1_000);
      return feed.events.some((event) => event.kind === 'ENDED' && event.session.id === session.id);
    });
    await feed.stop();
  });

  test('an applied policy shortens service sessions, and tells their subscribers', async () => {
    const { sessionToken } = await shop.create();
    const feed = await follow(sessionToken);
    await until(async () => (await shop.validate(sessionToken, false)).valid);
    await setPolicy(15, 30, 'ACTIVE_SESSIONS');
    expect(await feed.next()).toMatchObject({ kind: 'SHORTENED' });
    expect((await shop.validate(sessionToken)).secondsRemaining).toBe(15 * 60);
    await setPolicy(4320, 20160);
    await feed.stop();
  });
});
