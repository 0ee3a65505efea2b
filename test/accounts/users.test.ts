import { User } from '../../server/accounts/user.entity.ts';
import { newUser } from '../../server/accounts/users.service.ts';
import { onEachDatabase } from '../databases.ts';
import { startApp, type TestApp } from '../harness.ts';
import { LOGIN, PASSWORD, type SeededAccount, type SignedIn } from '../seed.ts';
import {
  auditRows,
  CURRENT_SESSION,
  INVITE,
  RESET_PASSWORD,
  sessionEnd,
  SET_ACTIVE,
  SET_PASSWORD,
  SET_ROLE,
  tokenOf,
  VIEWER,
} from './operations.ts';

const UNKNOWN = '00000000-0000-4000-8000-000000000000';
const NOBODY = [
  '',
  ' ',
  'x',
  '0',
  '\0',
  UNKNOWN,
  `${UNKNOWN}\0`,
  'x'.repeat(10_240),
  "' or 1=1 --",
  '\ud800',
];

onEachDatabase((database) => {
  let app: TestApp;
  let account: SeededAccount;
  let owner: SignedIn;
  let invited = 0;

  beforeAll(async () => {
    app = await startApp({ database });
  });
  beforeEach(async () => {
    account = await app.seed.account();
    owner = await account.owner.login();
  });
  afterAll(() => app.close());

  const freshEmail = () => `New.User-${(invited += 1)}@${database}.example.test`;
  const invite = (input: Record<string, unknown>) =>
    owner.gql(INVITE, { input: { name: 'Nia New', ...input } });
  const changes = async () =>
    (await auditRows(app, account.id)).filter(({ action }) => action.startsWith('user.'));

  describe('inviteUser', () => {
    test('adds an active member without a sign-in, keeps the e-mail as it was written, and returns a link', async () => {
      const email = freshEmail();
      const { data } = await invite({ email: ` ${email} ` });
      expect(data.inviteUser).toEqual({
        user: {
          id: expect.any(String),
          email,
          name: 'Nia New',
          role: 'MEMBER',
          isActive: true,
          lastLoginAt: null,
          account: { id: account.id },
        },
        setPasswordUrl: expect.stringMatching(new RegExp(`^${app.url}/set-password#token=[\\w-]{43}$`)),
      });
      expect((await invite({ email: freshEmail(), role: 'OWNER' })).data.inviteUser.user.role).toBe('OWNER');
      expect((await changes()).map(({ details }) => details)).toContainEqual({ email, role: 'MEMBER' });
    });

    test('an e-mail that signs in already is a conflict, in any letter case and also in another account', async () => {
      const other = await app.seed.account();
      const theirs = await other.addUser();
      for (const email of [
        account.owner.email,
        theirs.email,
        theirs.email.toUpperCase(),
        `\t${theirs.email} `,
      ]) {
        expect((await invite({ email })).extensions).toEqual({
          code: 'CONFLICT',
          field: 'email',
          reason: 'EMAIL_TAKEN',
        });
      }
      expect(await changes()).toEqual([]);
    });

    test('of two invitations of one e-mail at the same time, one wins', async () => {
      const email = freshEmail();
      const answers = await Promise.all([invite({ email }), invite({ email: email.toUpperCase() })]);
      expect(answers.map(({ code }) => code).toSorted()).toEqual(['CONFLICT', undefined]);
      expect(await changes()).toHaveLength(1);
    });

    describe('of somebody whom another application brought here', () => {
      /** As `createSession` leaves them: an e-mail that is a label. */
      async function known(
        email: string,
        changes: Partial<User> = {},
        accountId = account.id,
      ): Promise<string> {
        const given = { accountId, email, name: 'As elsewhere', role: 'MEMBER' as const };
        const user = Object.assign(newUser(given, app.clock.now()), { signInEmail: null, ...changes });
        const em = app.database.em();
        em.persist(user);
        await em.flush();
        return user.id;
      }

      test('gives that user the sign-in, the name and the role, and no second user', async () => {
        const email = freshEmail();
        const id = await known(email.toLowerCase(), { externalId: 'crm-1' });
        expect((await owner.gql(RESET_PASSWORD, { userId: id })).extensions).toEqual({
          code: 'BAD_USER_INPUT',
          field: 'userId',
          reason: 'NOT_INVITED',
        });
        const { data } = await invite({ email, role: 'OWNER' });
        expect(data.inviteUser.user).toMatchObject({ id, email, name: 'Nia New', role: 'OWNER' });
        const trail = (await changes()).map(({ action, resource_id, details }) => ({
          action,
          resource_id,
          details,
        }));
        expect(trail).toEqual([
          { action: 'user.invited', resource_id: id, details: { email, role: 'OWNER' } },
        ]);

        const input = { token: tokenOf(data.inviteUser.setPasswordUrl), newPassword: PASSWORD };
        expect((await app.gql(SET_PASSWORD, { input })).data.setPassword.user.id).toBe(id);
        const login = await app.gql(LOGIN, { input: { email: email.toUpperCase(), password: PASSWORD } });
        expect(login.data.login.user).toMatchObject({ id, role: 'OWNER' });
        expect((await app.database.em().findOneOrFail(User, id)).externalId).toBe('crm-1');
        expect((await owner.gql(RESET_PASSWORD, { userId: id })).errors).toBeUndefined();
        expect((await invite({ email })).extensions.reason).toBe('EMAIL_TAKEN');
      });

      test.each([
        ['two share the label', async (email: string) => [await known(email), await known(email)]],
        ['they are inactive', async (email: string) => [await known(email, { isActive: false })]],
        [
          'they are of another account',
          async (email: string) => [await known(email, {}, (await app.seed.account()).id)],
        ],
        ['the label is another', async (email: string) => [await known(`x${email}`)]],
      ])('adds a user as ever where %s', async (_, bring) => {
        const email = freshEmail();
        const ids = await bring(email);
        const { user } = (await invite({ email })).data.inviteUser;
        expect(ids).not.toContain(user.id);
        for (const id of ids)
          expect((await app.database.em().findOneOrFail(User, id)).signInEmail).toBeNull();
      });

      test('changes nobody where the e-mail signs in elsewhere', async () => {
        const theirs = await (await app.seed.account()).addUser();
        const id = await known(theirs.email);
        expect((await invite({ email: theirs.email })).extensions.reason).toBe('EMAIL_TAKEN');
        expect(await app.database.em().findOneOrFail(User, id)).toMatchObject({
          signInEmail: null,
          name: 'As elsewhere',
        });
      });

      test('of two invitations at the same time one wins, and there is one user', async () => {
        const email = freshEmail();
        const id = await known(email);
        const answers = await Promise.all([invite({ email }), invite({ email })]);
        expect(answers.map(({ code }) => code).toSorted()).toEqual(['CONFLICT', undefined]);
        expect(answers.find(({ data }) => data?.inviteUser)!.data.inviteUser.user.id).toBe(id);
      });
    });

    test.each([
      '',
      'nobody',
      '@example.test',
      'a@',
      'a b@example.test',
      'a@example.test\0',
      'a@example.test\n',
      '\ud800@example.test',
      `${'a'.repeat(250)}@example.test`,
    ])('refuses e-mail number %#', async (email) => {
      // White space around an address is not part of it.
      if (email.trim() !== email) return;
      expect((await invite({ email })).extensions).toMatchObject({ code: 'BAD_USER_INPUT', field: 'email' });
    });

    test.each(['', '   ', 'x'.repeat(201), 'a\0b', 'a\nb', 'a\u0085b'])(
      'refuses name number %#',
      async (name) => {
        const { extensions } = await invite({ email: freshEmail(), name });
        expect(extensions).toEqual({
          code: 'BAD_USER_INPUT',
          field: 'name',
          reason: 'OUT_OF_BOUNDS',
          min: 1,
          max: 200,
        });
      },
    );

    test.each(['x'.repeat(200), 'Zo\u00eb \u738b \u{1f600}', "O'Brien; drop table users", '<b>bold</b>'])(
      'takes name number %# as it is',
      async (name) => {
        expect((await invite({ email: freshEmail(), name })).data.inviteUser.user.name).toBe(name);
      },
    );
  });

  test.each([
    ['resetUserPassword', (userId: string) => owner.gql(RESET_PASSWORD, { userId })],
    ['setUserRole', (userId: string) => owner.gql(SET_ROLE, { userId, role: 'MEMBER' })],
    ['setUserActive', (userId: string) => owner.gql(SET_ACTIVE, { userId, isActive: false })],
  ])('%s answers for a foreign user exactly like for one that does not exist', async (_, call) => {
    const theirs = (await app.seed.account()).owner;
    const expected = await call(UNKNOWN);
    expect(expected.extensions).toEqual({ code: 'NOT_FOUND' });
    for (const id of [theirs.id, ...NOBODY]) expect(await call(id)).toEqual(expected);
    expect(await changes()).toEqual([]);
  });

  describe('setUserRole', () => {
    test('acts on live sessions at once, in both directions, and is recorded once', async () => {
      const member = await account.addUser();
      const me = await member.login();
      const ownerOnly = `{ sessionPolicy { version } }`;
      expect((await me.gql(ownerOnly)).code).toBe('FORBIDDEN');
      const promoted = await owner.gql(SET_ROLE, { userId: member.id, role: 'OWNER' });
      expect(promoted.data.setUserRole).toEqual({ id: member.id, role: 'OWNER' });
      expect((await me.gql(ownerOnly)).errors).toBeUndefined();
      await owner.gql(SET_ROLE, { userId: member.id, role: 'OWNER' });
      app.clock.advance(1);
      await owner.gql(SET_ROLE, { userId: member.id, role: 'MEMBER' });
      expect((await me.gql(ownerOnly)).code).toBe('FORBIDDEN');
      expect((await changes()).map(({ action, details }) => [action, details])).toEqual([
        ['user.role_changed', { old: 'MEMBER', new: 'OWNER' }],
        ['user.role_changed', { old: 'OWNER', new: 'MEMBER' }],
      ]);
    });

    test('the last active owner stays one; an inactive second owner does not count', async () => {
      const second = await account.addUser('OWNER');
      await owner.gql(SET_ACTIVE, { userId: second.id, isActive: false });
      const answer = await owner.gql(SET_ROLE, { userId: account.owner.id, role: 'MEMBER' });
      expect(answer.extensions).toMatchObject({ code: 'BAD_USER_INPUT', reason: 'LAST_OWNER' });
      expect((await owner.gql(VIEWER)).data.viewer.role).toBe('OWNER');
    });

    test('of two owners who step down at the same time, one stays', async () => {
      const second = await account.addUser('OWNER');
      const them = await second.login();
      const answers = await Promise.all([
        owner.gql(SET_ROLE, { userId: account.owner.id, role: 'MEMBER' }),
        them.gql(SET_ACTIVE, { userId: second.id, isActive: false }),
      ]);
      expect(answers.filter(({ errors }) => errors === undefined)).toHaveLength(1);
      expect(answers.find(({ errors }) => errors)!.extensions).toMatchObject({ reason: 'LAST_OWNER' });
    });
  });

  describe('setUserActive', () => {
    test('deactivating ends every session of the user at once, with one audit row', async () => {
      const member = await account.addUser();
      const sessions = [await member.login(), await member.login(), await member.login()];
      const answer = await owner.gql(SET_ACTIVE, { userId: member.id, isActive: false });
      expect(answer.data.setUserActive).toEqual({ id: member.id, isActive: false });
      for (const session of sessions) {
        expect(await sessionEnd(app, session.sessionId)).toEqual({
          ended_at: app.clock.now(),
          end_reason: 'USER_DEACTIVATED',
        });
        expect((await session.gql(CURRENT_SESSION)).extensions).toMatchObject({
          code: 'UNAUTHENTICATED',
          endReason: 'USER_DEACTIVATED',
        });
        expect((await session.refresh()).code).toBe('INVALID_REFRESH_TOKEN');
      }
      expect((await member.tryLogin()).code).toBe('INVALID_CREDENTIALS');
      await owner.gql(SET_ACTIVE, { userId: member.id, isActive: false });
      expect((await changes()).map(({ action, details }) => [action, details])).toEqual([
        ['user.deactivated', { ended_sessions: 3 }],
      ]);
    });

    test('a reactivated user signs in again, and no old session comes back', async () => {
      const member = await account.addUser();
      const old = await member.login();
      await owner.gql(SET_ACTIVE, { userId: member.id, isActive: false });
      await owner.gql(SET_ACTIVE, { userId: member.id, isActive: true });
      expect((await old.gql(CURRENT_SESSION)).extensions.endReason).toBe('USER_DEACTIVATED');
      await member.login();
      expect((await changes()).map(({ action }) => action).toSorted()).toEqual([
        'user.deactivated',
        'user.reactivated',
      ]);
    });

    test('the last active owner can be deactivated by nobody', async () => {
      const answer = await owner.gql(SET_ACTIVE, { userId: account.owner.id, isActive: false });
      expect(answer.extensions).toEqual({ code: 'BAD_USER_INPUT', field: 'isActive', reason: 'LAST_OWNER' });
      expect((await owner.gql(CURRENT_SESSION)).errors).toBeUndefined();
    });
  });
});
