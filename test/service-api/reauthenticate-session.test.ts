import { onUsualDatabase } from '../databases.ts';
import type { Answer } from '../graphql-client.ts';
import { startApp, type TestApp } from '../harness.ts';
import { auditRows } from '../accounts/account-calls.ts';
import { LIMITS, MINUTE, rowOf, sweepUntilEnded } from '../refresh/session-rows.ts';
import type { SeededAccount } from '../seed.ts';
import { backEnd, CREATE_SESSION, ISSUE_TOKEN, stranger, type BackEnd } from './service-calls.ts';

const REAUTHENTICATE = `mutation ($sessionToken: String!) { reauthenticateSession(sessionToken: $sessionToken) {
  sessionToken session { id authenticatedAt lastActivityAt idleExpiresAt absoluteExpiresAt idleMinutes absoluteMinutes
    canReauthenticate authenticationMethod } } }`;
const SAVE_POLICY = `mutation ($input: UpdateSessionPolicyInput!) {
  updateSessionPolicy(input: $input) { sessionPolicy { version } } }`;

onUsualDatabase((database) => {
  let app: TestApp;
  let account: SeededAccount;
  let shop: BackEnd;
  beforeAll(async () => {
    app = await startApp({ database, env: LIMITS });
  });
  afterAll(() => app.close());
  beforeEach(async () => {
    account = await app.seed.account();
    shop = backEnd(app, (await app.seed.serviceKey(account.id, { name: 'Shop' })).key);
  });

  const later = (minutes: number): string =>
    new Date(app.clock.now().getTime() + minutes * MINUTE).toISOString();
  const reauthenticate = (sessionToken: string, key = shop.key): Promise<Answer> =>
    app.gql(REAUTHENTICATE, { sessionToken }, { token: key });
  const savePolicy = async (idleMinutes: number, absoluteMinutes: number) => {
    const owner = await account.owner.login();
    const { errors } = await owner.gql(SAVE_POLICY, { input: { idleMinutes, absoluteMinutes } });
    expect(errors).toBeUndefined();
  };
  const introspect = async (token: string) => {
    const response = await fetch(`${app.url}/oauth/introspect`, {
      method: 'POST',
      headers: {
        authorization: `Bearer ${shop.key}`,
        'content-type': 'application/x-www-form-urlencoded',
      },
      body: new URLSearchParams({ token }),
    });
    return (await response.json()) as Record<string, unknown>;
  };

  test('gives out a new token for the same session, with both deadlines under the policy of this moment', async () => {
    const { sessionToken, session } = await shop.create();
    await savePolicy(20, 45);
    app.clock.advance(25 * MINUTE);
    const answer = await reauthenticate(sessionToken);
    const now = app.clock.now().toISOString();
    expect(answer.data.reauthenticateSession).toEqual({
      sessionToken: expect.stringMatching(/^[\w-]{43}$/),
      session: {
        id: session.id,
        authenticatedAt: now,
        lastActivityAt: now,
        idleExpiresAt: later(20),
        absoluteExpiresAt: later(45),
        idleMinutes: 20,
        absoluteMinutes: 45,
        canReauthenticate: false,
        authenticationMethod: 'SERVICE',
      },
    });
    const fresh = answer.data.reauthenticateSession.sessionToken;
    expect(fresh).not.toBe(sessionToken);
    expect(await shop.validate(fresh)).toMatchObject({ valid: true, session: { id: session.id } });
    expect(await introspect(fresh)).toMatchObject({
      active: true,
      sid: session.id,
      auth_time: Math.floor(app.clock.now().getTime() / 1000),
    });
    const rows = await auditRows(app, account.id);
    expect(rows.filter(({ action }) => action === 'session.reauthenticated')).toEqual([
      expect.objectContaining({
        actor_id: null,
        actor_name: 'Shop',
        resource_id: session.id,
        ip_address: '127.0.0.1',
        details: { user_id: session.user.id, idle_seconds: 20 * 60, absolute_seconds: 45 * 60 },
      }),
    ]);
  });

  test('the token of before is unknown everywhere from then on', async () => {
    const { sessionToken, session } = await shop.create();
    const browser = await shop.issue(sessionToken);
    const fresh = (await reauthenticate(sessionToken)).data.reauthenticateSession.sessionToken;
    expect(await shop.validate(sessionToken)).toMatchObject({
      valid: false,
      reason: 'NOT_FOUND',
      session: null,
    });
    expect((await shop.gql(ISSUE_TOKEN, { sessionToken })).code).toBe('NOT_FOUND');
    expect((await reauthenticate(sessionToken)).code).toBe('NOT_FOUND');
    expect(await introspect(sessionToken)).toEqual({ active: false });
    expect(await shop.end(sessionToken)).toBe(false);
    const verified = await fetch(`${app.url}/auth/verify`, { headers: { 'x-session-token': sessionToken } });
    expect(verified.status).toBe(401);
    // What its browser holds is good for the session, as before.
    const current = await app.gql('{ currentSession { id } }', {}, { token: browser });
    expect(current.data.currentSession.id).toBe(session.id);
    expect(await shop.end(fresh)).toBe(true);
  });

  test('checks that run at that moment know the one token or the other', async () => {
    const { sessionToken } = await shop.create();
    const [answer, ...checks] = await Promise.all([
      reauthenticate(sessionToken),
      ...Array.from({ length: 20 }, () => shop.validate(sessionToken)),
    ]);
    const fresh = answer.data.reauthenticateSession.sessionToken;
    for (const { reason } of checks) expect([null, 'NOT_FOUND']).toContain(reason);
    expect((await shop.validate(sessionToken)).reason).toBe('NOT_FOUND');
    expect((await shop.validate(fresh)).valid).toBe(true);
  });

  test('activity of before does not move what counts from the new authentication', async () => {
    await savePolicy(20, 45);
    const { sessionToken } = await shop.create();
    app.clock.advance(5 * MINUTE);
    await shop.validate(sessionToken);
    await savePolicy(2, 4);
    const fresh = (await reauthenticate(sessionToken)).data.reauthenticateSession;
    app.clock.advance(2_000);
    const { session } = await shop.validate(fresh.sessionToken, false);
    expect(session.idleExpiresAt).toBe(fresh.session.idleExpiresAt);
    app.clock.advance(2 * MINUTE);
    expect((await sweepUntilEnded(app, session.id)).end_reason).toBe('IDLE_TIMEOUT');
  });

  describe('is NOT_FOUND', () => {
    test('for a token that is unknown or out of reach', async () => {
      const { sessionToken } = await shop.create();
      const stranger = await app.seed.serviceKey((await app.seed.account()).id);
      const login = await account.owner.login();
      for (const token of ['', 'x'.repeat(43), login.refreshToken, login.accessToken])
        expect((await reauthenticate(token)).code).toBe('NOT_FOUND');
      expect((await reauthenticate(sessionToken, stranger.key)).code).toBe('NOT_FOUND');
      expect((await shop.validate(sessionToken)).valid).toBe(true);
    });

    test('for a session that has ended, in any way', async () => {
      const [ended, expired] = [await shop.create(), await shop.create()];
      await shop.end(ended.sessionToken);
      expect((await reauthenticate(ended.sessionToken)).code).toBe('NOT_FOUND');
      app.clock.advance(30 * MINUTE);
      expect((await reauthenticate(expired.sessionToken)).code).toBe('NOT_FOUND');
      expect(await shop.validate(expired.sessionToken)).toMatchObject({ reason: 'IDLE' });
      expect((await rowOf(app, expired.session.id)).authenticated_at).toBe(
        (await rowOf(app, ended.session.id)).authenticated_at,
      );
    });
  });

  test('is for service keys', async () => {
    const { sessionToken } = await shop.create();
    const owner = await account.owner.login();
    expect((await owner.gql(REAUTHENTICATE, { sessionToken })).code).toBe('FORBIDDEN');
    expect((await app.gql(REAUTHENTICATE, { sessionToken })).code).toBe('UNAUTHENTICATED');
  });

  describe('absoluteExpiresAt', () => {
    test('caps both deadlines, also after authenticating again, and is no limit of the policy', async () => {
      const cap = later(25);
      const { sessionToken, session } = await shop.create({ ...stranger(), absoluteExpiresAt: cap });
      expect(session).toMatchObject({
        idleExpiresAt: cap,
        absoluteExpiresAt: cap,
        idleMinutes: 30,
        absoluteMinutes: 60,
      });
      app.clock.advance(20 * MINUTE);
      const { data } = await reauthenticate(sessionToken);
      expect(data.reauthenticateSession.session).toMatchObject({
        idleExpiresAt: cap,
        absoluteExpiresAt: cap,
        absoluteMinutes: 60,
      });
      app.clock.advance(5 * MINUTE);
      expect(await shop.validate(data.reauthenticateSession.sessionToken)).toMatchObject({
        valid: false,
        reason: 'ABSOLUTE',
      });
    });

    test('never raises the deadline of the policy', async () => {
      const { session } = await shop.create({ ...stranger(), absoluteExpiresAt: later(61) });
      expect(session.absoluteExpiresAt).toBe(later(60));
    });

    test.each([
      ['now', 0],
      ['a minute ago', -1],
    ])('%s is refused, and no user is created', async (_, minutes) => {
      const input = { ...stranger(), absoluteExpiresAt: later(minutes) };
      const { extensions } = await shop.gql(CREATE_SESSION, { input });
      expect(extensions).toMatchObject({ code: 'BAD_USER_INPUT', field: 'absoluteExpiresAt' });
      const { code } = await shop.gql(
        `query ($externalId: String) { userSessions(externalId: $externalId) { id } }`,
        {
          externalId: input.externalId,
        },
      );
      expect(code).toBe('NOT_FOUND');
    });

    test('a millisecond ahead is a session', async () => {
      const { session } = await shop.create({
        ...stranger(),
        absoluteExpiresAt: new Date(app.clock.now().getTime() + 1).toISOString(),
      });
      expect(session.absoluteExpiresAt).toBe(session.idleExpiresAt);
    });
  });
});
