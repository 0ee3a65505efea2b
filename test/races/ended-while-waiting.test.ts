import { sql } from 'kysely';
import {
  CHANGE_PASSWORD,
  INVITE,
  RENAME_ACCOUNT,
  INVITE_MANY,
  RENAME,
  RESET_PASSWORD,
  REVOKE_ALL,
  REVOKE_SESSION,
  REVOKE_USER,
  SET_ACTIVE,
  SET_ROLE,
} from '../accounts/account-calls.ts';
import { onPostgres } from '../databases.ts';
import { startApp, type TestApp } from '../harness.ts';
import { RESTORE_POLICY } from '../policy/version-calls.ts';
import { PASSWORD, type Person, type SeededAccount, type SignedIn } from '../seed.ts';
import {
  backEnd,
  CREATE_ACCOUNT,
  CREATE_SESSION,
  END_SESSION,
  END_USER_SESSIONS,
  stranger,
} from '../service-api/service-calls.ts';
import { CREATE_KEY, REVOKE_KEY } from '../service-api/owner-key-calls.ts';
import { accountLock, sessionLock, whileLocked } from '../row-locks.ts';
import { query } from './race-app.ts';

const POLICY = `mutation { updateSessionPolicy(input: {}) { sessionPolicy { version } } }`;
const MINUTE = 60_000;

interface Scene {
  account: SeededAccount;
  owner: SignedIn;
  member: Person;
  theirs: SignedIn;
  keyId: string;
}

type Call = [document: string, variables: (scene: Scene) => Record<string, unknown>];

const MUTATIONS: Record<string, Call> = {
  updateSessionPolicy: [POLICY, () => ({})],
  restoreSessionPolicy: [RESTORE_POLICY, () => ({ version: 1 })],
  inviteUser: [INVITE, ({ member }) => ({ input: { email: `guest-of-${member.email}`, name: 'Gus' } })],
  inviteUsers: [
    INVITE_MANY,
    ({ member }) => ({ input: [{ email: `guest-of-${member.email}`, name: 'Gus' }] }),
  ],
  renameUser: [RENAME, ({ member }) => ({ userId: member.id, name: 'Nia Newname' })],
  resetUserPassword: [RESET_PASSWORD, ({ member }) => ({ userId: member.id })],
  setUserRole: [SET_ROLE, ({ member }) => ({ userId: member.id, role: 'OWNER' })],
  setUserActive: [SET_ACTIVE, ({ member }) => ({ userId: member.id, isActive: false })],
  renameAccount: [RENAME_ACCOUNT, () => ({ name: 'Another name' })],
  createServiceKey: [CREATE_KEY, () => ({ input: { name: 'Shop' } })],
  revokeServiceKey: [REVOKE_KEY, ({ keyId }) => ({ keyId })],
  revokeSessions: [REVOKE_ALL, () => ({ scope: 'ALL' })],
  revokeSession: [REVOKE_SESSION, ({ theirs }) => ({ sessionId: theirs.sessionId })],
  'revokeSession of the own': [REVOKE_SESSION, ({ owner }) => ({ sessionId: owner.sessionId })],
  revokeUserSessions: [REVOKE_USER, ({ member }) => ({ userId: member.id })],
  'revokeUserSessions of the own': [REVOKE_USER, ({ account }) => ({ userId: account.owner.id })],
  changePassword: [
    CHANGE_PASSWORD,
    () => ({ input: { currentPassword: PASSWORD, newPassword: 'a much better password' } }),
  ],
};

onPostgres(() => {
  let app: TestApp;
  let scene: Scene;
  let key: { id: string; key: string };

  beforeAll(async () => {
    app = await startApp({ database: 'postgresql', env: { ACCESS_TOKEN_TTL_SECONDS: '1000000000' } });
  });
  beforeEach(async () => {
    const account = await app.seed.account();
    const member = await account.addUser();
    const [owner, theirs] = [await account.owner.login(), await member.login()];
    key = await app.seed.serviceKey(account.id);
    scene = { account, owner, member, theirs, keyId: key.id };
  });
  afterAll(() => app.close());

  const mutations = Object.entries(MUTATIONS);
  const trail = async (): Promise<number> => (await query(app, sql`select 1 from audit_events`)).length;

  test.each(mutations)('%s changes nothing when its session is revoked while it waits', async (_, call) => {
    const [document, variables] = call;
    const before = await trail();
    const answer = await whileLocked(
      app.testDatabase.url!,
      accountLock(scene.account.id),
      () => scene.owner.gql(document, variables(scene)),
      (client) =>
        client.query(`update sessions set ended_at = $2, end_reason = 'REVOKED_BY_OWNER' where id = $1`, [
          scene.owner.sessionId,
          app.clock.now(),
        ]),
    );
    expect(answer.extensions).toEqual({
      code: 'UNAUTHENTICATED',
      endReason: 'REVOKED_BY_OWNER',
      endedAt: app.clock.now().toISOString(),
    });
    expect(await trail()).toBe(before);
    expect((await scene.theirs.gql('{ currentSession { id } }')).errors).toBeUndefined();
  });

  test.each(mutations)(
    '%s changes nothing when its session reaches the idle deadline while it waits',
    async (_, call) => {
      const [document, variables] = call;
      const before = await trail();
      const answer = await whileLocked(
        app.testDatabase.url!,
        accountLock(scene.account.id),
        () => scene.owner.gql(document, variables(scene)),
        async () => app.clock.advance(4320 * MINUTE),
      );
      expect(answer.extensions).toEqual({
        code: 'UNAUTHENTICATED',
        endReason: 'IDLE_TIMEOUT',
        endedAt: scene.owner.payload.idleExpiresAt,
      });
      expect(await trail()).toBe(before);
    },
  );

  test('a session revoked with its account is refused before the revocation is applied to its row', async () => {
    const answer = await whileLocked(
      app.testDatabase.url!,
      accountLock(scene.account.id),
      () => scene.owner.gql(POLICY),
      async (client) => {
        await client.query('update accounts set revocation_epoch = revocation_epoch + 1 where id = $1', [
          scene.account.id,
        ]);
        await client.query(
          `insert into account_revocations (account_id, epoch, ended_at, end_reason)
           select id, revocation_epoch, $2, 'REVOKED_BY_OWNER' from accounts where id = $1`,
          [scene.account.id, app.clock.now()],
        );
      },
    );
    expect(answer.extensions).toMatchObject({ code: 'UNAUTHENTICATED', endReason: 'REVOKED_BY_OWNER' });
  });

  test('a touch that waits past the idle deadline does not revive the session', async () => {
    const { sessionId, payload } = scene.theirs;
    const answer = await whileLocked(
      app.testDatabase.url!,
      sessionLock(sessionId),
      () => scene.theirs.gql('mutation { touchSession { id } }'),
      async () => app.clock.advance(4320 * MINUTE),
    );
    expect(answer.extensions).toEqual({
      code: 'UNAUTHENTICATED',
      endReason: 'IDLE_TIMEOUT',
      endedAt: payload.idleExpiresAt,
    });
  });

  test('a logout that waits past the idle deadline ends nothing: the session has timed out', async () => {
    const answer = await whileLocked(
      app.testDatabase.url!,
      accountLock(scene.account.id),
      () => scene.theirs.gql('mutation { logout { ended } }'),
      async () => app.clock.advance(4320 * MINUTE),
    );
    expect(answer.data.logout).toEqual({ ended: false });
  });

  test('a mutation is refused when its caller loses the role while it waits', async () => {
    await scene.account.addUser('OWNER');
    const answer = await whileLocked(
      app.testDatabase.url!,
      accountLock(scene.account.id),
      () => scene.owner.gql(REVOKE_SESSION, { sessionId: scene.theirs.sessionId }),
      (client) => client.query(`update users set role = 'MEMBER' where id = $1`, [scene.account.owner.id]),
    );
    expect(answer.extensions).toEqual({ code: 'NOT_FOUND' });
    expect((await scene.theirs.gql('{ currentSession { id } }')).errors).toBeUndefined();
  });

  describe('a service key that is revoked while its mutation waits', () => {
    const revoked = async (document: string, variables: Record<string, unknown>, token = key) => {
      const before = await trail();
      const answer = await whileLocked(
        app.testDatabase.url!,
        accountLock(scene.account.id),
        () => app.gql(document, variables, { token: token.key }),
        (client) => client.query('update service_keys set revoked_at = now() where id = $1', [token.id]),
      );
      expect(answer.extensions).toEqual({ code: 'UNAUTHENTICATED' });
      expect(await trail()).toBe(before);
    };

    test('creates no session and no user', async () => {
      const newcomer = stranger();
      await revoked(CREATE_SESSION, { input: newcomer });
      const users = sql`select 1 from users where external_id = ${newcomer.externalId}`;
      expect(await query(app, users)).toEqual([]);
    });

    test('ends no session', async () => {
      const { sessionToken } = await backEnd(app, key.key).create();
      await revoked(END_SESSION, { input: { sessionToken } });
      const other = backEnd(app, (await app.seed.serviceKey(scene.account.id)).key);
      expect((await other.validate(sessionToken)).valid).toBe(true);
    });

    test('ends no session of a user', async () => {
      await revoked(END_USER_SESSIONS, { input: { userId: scene.member.id } });
      expect((await scene.theirs.gql('{ currentSession { id } }')).errors).toBeUndefined();
    });

    test('creates no account', async () => {
      const forAll = await app.seed.serviceKey(null);
      const answer = await whileLocked(
        app.testDatabase.url!,
        {
          text: `insert into accounts (id, name, external_id, created_at) values (gen_random_uuid(), 'Held', $1, now())`,
          values: [forAll.id],
        },
        () =>
          app.gql(CREATE_ACCOUNT, { input: { name: 'New', externalId: forAll.id } }, { token: forAll.key }),
        (client) => client.query('update service_keys set revoked_at = now() where id = $1', [forAll.id]),
      );
      expect(answer.extensions).toEqual({ code: 'UNAUTHENTICATED' });
    });
  });
});
