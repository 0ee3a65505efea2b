import { sql } from 'kysely';
import type { Database } from '../../server/database/database.ts';
import { onUsualDatabase } from '../databases.ts';
import type { TestApp } from '../harness.ts';
import { PASSWORD, type Person, type SeededAccount, type SignedIn } from '../seed.ts';
import {
  advanceTo,
  followWarned,
  loginWarned,
  sessionRow,
  SET_POLICY,
  startShort,
  WARNING_MS,
} from './session-subscriptions.ts';

interface Scene {
  account: SeededAccount;
  /** The owner of the followed session. */
  victim: SignedIn;
  person: Person;
  /** Another session of that user, and one of the owner. */
  elsewhere: SignedIn;
  owner: SignedIn;
}

const changePassword = `mutation($input: ChangePasswordInput!) { changePassword(input: $input) { endedSessions } }`;

const causes: [reason: string, how: string, act: (scene: Scene) => Promise<unknown>][] = [
  ['LOGOUT', 'logout', ({ victim }) => victim.gql('mutation { logout { ended } }')],
  [
    'REVOKED_BY_USER',
    'revokeSession from another device',
    ({ elsewhere, victim }) =>
      elsewhere.gql('mutation($id: ID!) { revokeSession(sessionId: $id) { revokedCount } }', {
        id: victim.sessionId,
      }),
  ],
  [
    'REVOKED_BY_USER',
    'revokeUserSessions of themself',
    ({ elsewhere, person }) =>
      elsewhere.gql('mutation($id: ID!) { revokeUserSessions(userId: $id) { revokedCount } }', {
        id: person.id,
      }),
  ],
  [
    'REVOKED_BY_OWNER',
    'revokeSession by the owner',
    ({ owner, victim }) =>
      owner.gql('mutation($id: ID!) { revokeSession(sessionId: $id) { revokedCount } }', {
        id: victim.sessionId,
      }),
  ],
  [
    'REVOKED_BY_OWNER',
    'revokeUserSessions by the owner',
    ({ owner, person }) =>
      owner.gql('mutation($id: ID!) { revokeUserSessions(userId: $id) { revokedCount } }', { id: person.id }),
  ],
  [
    'REVOKED_BY_OWNER',
    'revokeSessions ALL',
    ({ owner }) => owner.gql('mutation { revokeSessions(scope: ALL) { revokedCount } }'),
  ],
  [
    'REVOKED_BY_OWNER',
    'revokeSessions OTHERS',
    ({ owner }) => owner.gql('mutation { revokeSessions(scope: OTHERS) { revokedCount } }'),
  ],
  [
    'PASSWORD_CHANGED',
    'changePassword on another device',
    ({ elsewhere }) =>
      elsewhere.gql(changePassword, {
        input: { currentPassword: PASSWORD, newPassword: 'an entirely different one' },
      }),
  ],
  [
    'USER_DEACTIVATED',
    'setUserActive',
    ({ owner, person }) =>
      owner.gql('mutation($id: ID!) { setUserActive(userId: $id, isActive: false) { id } }', {
        id: person.id,
      }),
  ],
  [
    'POLICY_CHANGED',
    'an applied policy',
    ({ owner }) => owner.gql(SET_POLICY, { input: { idleMinutes: 20, apply: 'ACTIVE_SESSIONS' } }),
  ],
];

/** Delays the commit of an end: a subscriber that is notified too early sees no end, and gets no second event. */
const lateToCommit = (database: Database): Database => ({
  ...database,
  accountTransaction: (account, work) =>
    database.accountTransaction(account, async (em) => {
      const done = await work(em);
      for (let read = 0; read < 20; read += 1) await sql`select 1`.execute(database.em().getKysely());
      return done;
    }),
});

onUsualDatabase((database) => {
  let app: TestApp;
  beforeAll(async () => {
    // The embedded database has one connection, so no other reader runs before the commit.
    const wrapDatabase = database === 'postgresql' ? lateToCommit : undefined;
    app = await startShort(database, { wrapDatabase });
  });
  afterAll(() => app.close());

  async function stage(): Promise<Scene> {
    const account = await app.seed.account();
    const person = await account.addUser();
    const victim = await loginWarned(app, person);
    return { account, victim, person, elsewhere: await person.login(), owner: await account.owner.login() };
  }

  /** Expectations for every end of a followed session. */
  async function expectRevoked(victim: SignedIn, endReason: string, act: () => Promise<unknown>) {
    const all = [await followWarned(app, victim), await followWarned(app, victim)];
    app.clock.advance(500);
    const now = app.clock.now().toISOString();
    await act();
    for (const expiry of all) {
      const event = await expiry.next();
      const row = await sessionRow(app, victim.sessionId);
      expect(row).toMatchObject({ end_reason: endReason });
      expect(new Date(row.ended_at).toISOString()).toBe(now);
      expect(event).toMatchObject({
        kind: 'REVOKED',
        reason: null,
        endReason,
        expiresAt: now,
        secondsRemaining: 0,
        canExtend: false,
      });
      await expiry.completed;
      expect(await expiry.closed).toEqual({ code: 4401, reason: endReason });
      expect(expiry.events.map(({ kind }) => kind)).toEqual(['WARNING', 'REVOKED']);
    }
  }

  test.each(causes)(
    '%s: %s reaches a subscriber of the session as the last event',
    async (reason, _, act) => {
      const scene = await stage();
      await expectRevoked(scene.victim, reason, () => act(scene));
    },
  );

  test('REFRESH_TOKEN_REUSED: a rotated token is presented again', async () => {
    const { victim } = await stage();
    const rotated = await victim.refresh({ userActive: false });
    expect(rotated.code).toBeUndefined();
    app.clock.advance(11_000);
    await expectRevoked(victim, 'REFRESH_TOKEN_REUSED', () => victim.refresh({ userActive: false }));
  });

  test.each([
    ['IDLE', 60, 120],
    ['ABSOLUTE', 60, 60],
  ])('a session that reaches its %s deadline', async (reason, idleMinutes, absoluteMinutes) => {
    const { owner } = await app.seed.account();
    await (await owner.login()).gql(SET_POLICY, { input: { idleMinutes, absoluteMinutes } });
    const who = await loginWarned(app, owner);
    const deadline = who.payload.session.expiresAt;
    const expiry = await followWarned(app, who);
    advanceTo(app, deadline, 1);
    await app.gql('{ viewer { id } }');
    expect(expiry.events).toHaveLength(1);
    advanceTo(app, deadline, -1_000);
    const event = await expiry.next();
    const row = await sessionRow(app, who.sessionId);
    const endReason = `${reason}_TIMEOUT`;
    expect(row.end_reason).toBe(endReason);
    expect(new Date(row.ended_at).toISOString()).toBe(deadline);
    expect(event).toMatchObject({
      kind: 'EXPIRED',
      reason,
      endReason,
      expiresAt: deadline,
      secondsRemaining: 0,
      canExtend: false,
    });
    await expiry.completed;
    expect(await expiry.closed).toEqual({ code: 4401, reason: endReason });
    expect(expiry.events).toHaveLength(2);
  });

  test('a session past both deadlines ends by the absolute one', async () => {
    const { owner } = await app.seed.account();
    await (await owner.login()).gql(SET_POLICY, { input: { idleMinutes: 60, absoluteMinutes: 61 } });
    const who = await loginWarned(app, owner);
    const expiry = await followWarned(app, who);
    app.clock.advance(2 * 60 * WARNING_MS);
    expect(await expiry.next()).toMatchObject({
      kind: 'EXPIRED',
      reason: 'ABSOLUTE',
      endReason: 'ABSOLUTE_TIMEOUT',
      expiresAt: who.payload.absoluteExpiresAt,
    });
  });

  test('a subscription after the end gets no event', async () => {
    const { owner } = await app.seed.account();
    const who = await owner.login();
    app.clock.advance(60 * 60_000);
    const expiry = who.expiry();
    expect(await expiry.closed).toEqual({ code: 4401, reason: 'IDLE_TIMEOUT' });
    expect(expiry.events).toEqual([]);
  });
});
