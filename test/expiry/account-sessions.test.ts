import { sql } from 'kysely';
import { onUsualDatabase } from '../databases.ts';
import type { Collector } from '../graphql-client.ts';
import type { TestApp } from '../harness.ts';
import { ACCOUNT_SESSIONS, PASSWORD, type Person, type SeededAccount, type SignedIn } from '../seed.ts';
import { advanceUntilSettled, followAccount, nextEventOf } from './feed-events.ts';
import { SET_POLICY, startShort, TOUCH } from './session-subscriptions.ts';

onUsualDatabase((database) => {
  let app: TestApp;
  beforeAll(async () => {
    app = await startShort(database);
  });
  afterAll(() => app.close());

  interface Scene {
    account: SeededAccount;
    owner: SignedIn;
    member: Person;
    feed: Collector;
  }

  async function stage(): Promise<Scene> {
    const account = await app.seed.account();
    const owner = await account.owner.login();
    const member = await account.addUser();
    return { account, owner, member, feed: await followAccount(app, owner, member) };
  }

  /** Sets a deadline of a session to the current time, and runs the sweep. */
  const expire = (sessionId: string, columns: 'idle' | 'both') =>
    sql`update sessions set idle_expires_at = ${app.clock.now()}, next_check_at = ${app.clock.now()},
      absolute_expires_at = case when ${columns === 'both'} then ${app.clock.now()} else absolute_expires_at end
      where id = ${sessionId}`.execute(app.database.em().getKysely());

  test('reports a sign-in with its user', async () => {
    const { member, feed } = await stage();
    const { sessionId } = await member.login();
    expect(await nextEventOf(app, feed, sessionId)).toEqual({
      kind: 'STARTED',
      session: { id: sessionId, endReason: null, user: { id: member.id, email: member.email } },
    });
    await feed.stop();
  });

  const causes: [reason: string, act: (scene: Scene, victim: SignedIn) => Promise<unknown>][] = [
    ['LOGOUT', (_, victim) => victim.gql('mutation { logout { ended } }')],
    [
      'REVOKED_BY_USER',
      (_, victim) =>
        victim.gql('mutation($id: ID!) { revokeSession(sessionId: $id) { revokedCount } }', {
          id: victim.sessionId,
        }),
    ],
    [
      'REVOKED_BY_OWNER',
      ({ owner }) => owner.gql('mutation { revokeSessions(scope: OTHERS) { revokedCount } }'),
    ],
    [
      'PASSWORD_CHANGED',
      async ({ member }) =>
        (await member.login()).gql(
          'mutation($input: ChangePasswordInput!) { changePassword(input: $input) { endedSessions } }',
          { input: { currentPassword: PASSWORD, newPassword: 'an entirely different one' } },
        ),
    ],
    [
      'USER_DEACTIVATED',
      ({ owner, member }) =>
        owner.gql('mutation($id: ID!) { setUserActive(userId: $id, isActive: false) { id } }', {
          id: member.id,
        }),
    ],
    [
      'POLICY_CHANGED',
      async ({ owner }, victim) => {
        await sql`update sessions set last_activity_at = last_activity_at - interval '31 minutes',
          idle_expires_at = idle_expires_at - interval '31 minutes' where id = ${victim.sessionId}`.execute(
          app.database.em().getKysely(),
        );
        await owner.gql(SET_POLICY, { input: { idleMinutes: 30, apply: 'ACTIVE_SESSIONS' } });
      },
    ],
    [
      'REFRESH_TOKEN_REUSED',
      async (_, victim) => {
        await victim.refresh();
        app.clock.advance(11_000);
        await victim.refresh();
      },
    ],
    ['IDLE_TIMEOUT', (_, victim) => expire(victim.sessionId, 'idle')],
    ['ABSOLUTE_TIMEOUT', (_, victim) => expire(victim.sessionId, 'both')],
  ];

  test.each(causes)('reports an end by %s', async (endReason, act) => {
    const scene = await stage();
    const victim = await scene.member.login();
    await nextEventOf(app, scene.feed, victim.sessionId);
    await act(scene, victim);
    expect(await nextEventOf(app, scene.feed, victim.sessionId)).toMatchObject({
      kind: 'ENDED',
      session: { endReason },
    });
    await scene.feed.stop();
  });

  test('reports an applied policy as CHANGED and does not report activity', async () => {
    const { owner, member, feed } = await stage();
    const { sessionId, gql, refresh } = await member.login();
    await nextEventOf(app, feed, sessionId);
    await gql(TOUCH);
    await refresh();
    await owner.gql(SET_POLICY, { input: { idleMinutes: 50, apply: 'NEXT_LOGIN' } });
    await owner.gql(SET_POLICY, { input: { idleMinutes: 50, apply: 'ACTIVE_SESSIONS' } });
    expect((await nextEventOf(app, feed, sessionId)).kind).toBe('CHANGED');
    const about = feed.events.filter(({ session }) => session.id === sessionId);
    expect(about.map(({ kind }) => kind)).toEqual(['STARTED', 'CHANGED']);
    await feed.stop();
  });

  test('does not report other accounts', async () => {
    const { account, member, feed } = await stage();
    const other = await app.seed.account();
    const stranger = await other.owner.login();
    await stranger.gql(SET_POLICY, { input: { idleMinutes: 50, apply: 'ACTIVE_SESSIONS' } });
    await stranger.gql('mutation { revokeSessions(scope: ALL) { revokedCount } }');
    await nextEventOf(app, feed, (await member.login()).sessionId);
    const own = new Set([account.owner.id, member.id]);
    expect(feed.events.filter(({ session }) => !own.has(session.user.id))).toEqual([]);
    await feed.stop();
  });

  test('reports the start before the end of a session that began and ended between two reads', async () => {
    const { member, feed } = await stage();
    const { sessionId, gql } = await member.login();
    await gql('mutation { logout { ended } }');
    expect(await nextEventOf(app, feed, sessionId)).toMatchObject({ kind: 'STARTED' });
    expect(await nextEventOf(app, feed, sessionId)).toMatchObject({
      kind: 'ENDED',
      session: { endReason: 'LOGOUT' },
    });
    await feed.stop();
  });

  test('is for owners only', async () => {
    const account = await app.seed.account();
    const { accessToken } = await (await account.addUser()).login();
    const feed = app.subscribe(ACCOUNT_SESSIONS, { accessToken });
    expect((await feed.next()).errors[0].extensions).toEqual({
      code: 'FORBIDDEN',
      requestId: expect.any(String),
    });
    await feed.completed;
  });

  test('ends when the owner loses the role, and their socket stays open', async () => {
    const { account, owner, feed } = await stage();
    const second = await (await account.addUser('OWNER')).login();
    await second.gql('mutation($id: ID!) { setUserRole(userId: $id, role: MEMBER) { id } }', {
      id: account.owner.id,
    });
    await advanceUntilSettled(app, feed.completed);
    const again = owner.accountSessions();
    expect((await again.next()).errors[0].extensions).toEqual({
      code: 'FORBIDDEN',
      requestId: expect.any(String),
    });
  });

  test('ends when the owner is deactivated', async () => {
    const { account, feed } = await stage();
    const second = await (await account.addUser('OWNER')).login();
    await second.gql('mutation($id: ID!) { setUserActive(userId: $id, isActive: false) { id } }', {
      id: account.owner.id,
    });
    await feed.completed;
    expect(await feed.closed).toEqual({ code: 4401, reason: 'USER_DEACTIVATED' });
  });

  test('ends with the session of the subscribed owner', async () => {
    const { owner, feed } = await stage();
    await owner.gql('mutation { logout { ended } }');
    await feed.completed;
    expect(await feed.closed).toEqual({ code: 4401, reason: 'LOGOUT' });
  });
});
