import { User } from '../../server/accounts/user.entity.ts';
import { onEachDatabase } from '../databases.ts';
import { startApp, type TestApp } from '../harness.ts';
import { LOGIN, type SeededAccount, type SignedIn } from '../seed.ts';
import { backEnd, stranger, type BackEnd } from '../service-api/service-calls.ts';
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
} from './account-calls.ts';

const UNKNOWN = '00000000-0000-4000-8000-000000000000';
const UNKNOWN_IDS = [
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
      expect((await changes()).map(({ details }) => details)).toContainEqual({ email, role: 'MEMBER' });
    });

    test('an e-mail that already signs in is a conflict, in any letter case and also in another account', async () => {
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

    test('one of two simultaneous invitations of one e-mail wins', async () => {
      const email = freshEmail();
      const answers = await Promise.all([invite({ email }), invite({ email: email.toUpperCase() })]);
      expect(answers.map(({ code }) => code).toSorted()).toEqual(['CONFLICT', undefined]);
      expect(await changes()).toHaveLength(1);
    });

    const use = async (setPasswordUrl: string) => {
      const input = { token: tokenOf(setPasswordUrl), newPassword: 'a much better password' };
      return app.gql(SET_PASSWORD, { input });
    };
    const roleOf = async (id: string) => (await app.database.em().findOneOrFail(User, id)).role;

    test('the role of an invitation counts from the moment the link is used, also for a new user', async () => {
      const { user, setPasswordUrl } = (await invite({ email: freshEmail(), role: 'OWNER' })).data.inviteUser;
      expect(user.role).toBe('MEMBER');
      const answer = await use(setPasswordUrl);
      expect(answer.errors).toBeUndefined();
      const me = { token: answer.data.setPassword.accessToken };
      expect((await app.gql(VIEWER, {}, me)).data.viewer.role).toBe('OWNER');
      expect((await app.gql('{ sessionPolicy { version } }', {}, me)).errors).toBeUndefined();
      expect((await changes()).map(({ action, details }) => [action, details])).toContainEqual([
        'user.role_changed',
        { old: 'MEMBER', new: 'OWNER', ended_count: 0, shortened_count: 0 },
      ]);
    });

    test.each(['email', 'name'])('a new user needs an %s', async (field) => {
      const input = { email: freshEmail(), name: 'Nia New', [field]: null };
      expect((await invite(input)).extensions).toEqual({ code: 'BAD_USER_INPUT', field, reason: 'REQUIRED' });
      expect(await changes()).toEqual([]);
    });

    describe('of a user created by another application', () => {
      let service: BackEnd;
      beforeEach(async () => {
        service = backEnd(app, (await app.seed.serviceKey(account.id)).key);
      });
      const bring = async (email: string) => {
        const { sessionToken, session } = await service.create({ ...stranger(), email });
        return { id: session.user.id as string, sessionToken, sessionId: session.id as string };
      };

      test('ignores the e-mail that the application gave and creates a new user', async () => {
        const email = freshEmail();
        const known = await bring(email);
        const { user, setPasswordUrl } = (await invite({ email, role: 'OWNER' })).data.inviteUser;
        expect(user.id).not.toBe(known.id);
        expect((await use(setPasswordUrl)).data.setPassword.user.id).toBe(user.id);
        const validation = await service.validate(known.sessionToken);
        expect(validation).toMatchObject({
          valid: true,
          session: { user: { id: known.id, role: 'MEMBER' } },
        });
        expect((await app.database.em().findOneOrFail(User, known.id)).signInEmail).toBeNull();
      });

      test('with userId gives them a sign-in and ends their sessions when the link is used', async () => {
        const email = freshEmail();
        const { id, sessionToken, sessionId } = await bring(email);
        expect((await owner.gql(RESET_PASSWORD, { userId: id })).extensions.reason).toBe('NOT_INVITED');
        const { data } = await owner.gql(INVITE, { input: { userId: id, role: 'OWNER' } });
        expect(data.inviteUser.user).toMatchObject({ id, email, role: 'MEMBER' });
        // The invitation changes nothing until it is used.
        expect(await service.validate(sessionToken)).toMatchObject({
          valid: true,
          session: { user: { role: 'MEMBER' } },
        });
        const answer = await use(data.inviteUser.setPasswordUrl);
        expect(answer.data.setPassword.user).toMatchObject({ id, email });
        expect(await roleOf(id)).toBe('OWNER');
        expect(await sessionEnd(app, sessionId)).toEqual({
          ended_at: app.clock.now(),
          end_reason: 'PASSWORD_CHANGED',
        });
        const login = await app.gql(LOGIN, {
          input: { email: email.toUpperCase(), password: 'a much better password' },
        });
        expect(login.data.login.user).toMatchObject({ id, role: 'OWNER' });
      });

      test('with userId accepts another e-mail and name', async () => {
        const { id } = await bring(freshEmail());
        const [email, name] = [freshEmail(), 'As they like'];
        const { data } = await owner.gql(INVITE, { input: { userId: id, email, name } });
        expect(data.inviteUser.user).toMatchObject({ id, email, name });
      });

      test('with userId and an e-mail that signs in elsewhere changes nothing', async () => {
        const theirs = await (await app.seed.account()).addUser();
        const { id } = await bring(theirs.email);
        for (const input of [{ userId: id }, { userId: id, email: theirs.email.toUpperCase() }])
          expect((await owner.gql(INVITE, { input })).extensions.reason).toBe('EMAIL_TAKEN');
        expect((await app.database.em().findOneOrFail(User, id)).signInEmail).toBeNull();
      });

      test('a second invitation replaces the first link', async () => {
        const { id } = await bring(freshEmail());
        const first = await owner.gql(INVITE, { input: { userId: id, role: 'OWNER' } });
        const email = freshEmail();
        const second = await owner.gql(INVITE, { input: { userId: id, email } });
        expect((await use(first.data.inviteUser.setPasswordUrl)).code).toBe('INVALID_CREDENTIALS');
        expect((await use(second.data.inviteUser.setPasswordUrl)).data.setPassword.user.email).toBe(email);
        expect(await roleOf(id)).toBe('MEMBER');
      });

      test('a reset of an open invitation gives its role', async () => {
        const { id } = await bring(freshEmail());
        await owner.gql(INVITE, { input: { userId: id, role: 'OWNER' } });
        const { data } = await owner.gql(RESET_PASSWORD, { userId: id });
        await use(data.resetUserPassword.setPasswordUrl);
        expect(await roleOf(id)).toBe('OWNER');
      });

      test.each([
        ['setUserRole', (id: string) => owner.gql(SET_ROLE, { userId: id, role: 'MEMBER' })],
        ['a deactivation', (id: string) => owner.gql(SET_ACTIVE, { userId: id, isActive: false })],
      ])('%s withdraws the invitation', async (_, takeBack) => {
        const { id } = await bring(freshEmail());
        const { data } = await owner.gql(INVITE, { input: { userId: id, role: 'OWNER' } });
        expect((await takeBack(id)).errors).toBeUndefined();
        await owner.gql(SET_ACTIVE, { userId: id, isActive: true });
        expect((await use(data.inviteUser.setPasswordUrl)).code).toBe('INVALID_CREDENTIALS');
        const reset = await owner.gql(RESET_PASSWORD, { userId: id });
        await use(reset.data.resetUserPassword.setPasswordUrl);
        expect(await roleOf(id)).toBe('MEMBER');
      });

      test('the last owner stays an owner despite an older invitation', async () => {
        const { id } = await bring(freshEmail());
        await owner.gql(SET_ROLE, { userId: id, role: 'OWNER' });
        const { data } = await owner.gql(INVITE, { input: { userId: id, role: 'MEMBER' } });
        await owner.gql(SET_ROLE, { userId: account.owner.id, role: 'MEMBER' });
        expect((await use(data.inviteUser.setPasswordUrl)).errors).toBeUndefined();
        expect(await roleOf(id)).toBe('OWNER');
      });

      test('a user who can already sign in is a conflict, an inactive user is bad input', async () => {
        const member = await account.addUser();
        expect((await owner.gql(INVITE, { input: { userId: member.id } })).extensions).toEqual({
          code: 'CONFLICT',
          field: 'userId',
          reason: 'HAS_SIGN_IN',
        });
        const { id } = await bring(freshEmail());
        await owner.gql(SET_ACTIVE, { userId: id, isActive: false });
        expect((await owner.gql(INVITE, { input: { userId: id } })).extensions).toEqual({
          code: 'BAD_USER_INPUT',
          field: 'userId',
          reason: 'USER_INACTIVE',
        });
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
    ['inviteUser', (userId: string) => owner.gql(INVITE, { input: { userId } })],
    ['setUserRole', (userId: string) => owner.gql(SET_ROLE, { userId, role: 'MEMBER' })],
    ['setUserActive', (userId: string) => owner.gql(SET_ACTIVE, { userId, isActive: false })],
  ])('%s answers for a foreign user exactly like for an unknown one', async (_, call) => {
    const theirs = (await app.seed.account()).owner;
    const expected = await call(UNKNOWN);
    expect(expected.extensions).toEqual({ code: 'NOT_FOUND' });
    for (const id of [theirs.id, ...UNKNOWN_IDS]) expect(await call(id)).toEqual(expected);
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
      const counts = { ended_count: 0, shortened_count: 0 };
      expect((await changes()).map(({ action, details }) => [action, details])).toEqual([
        ['user.role_changed', { old: 'MEMBER', new: 'OWNER', ...counts }],
        ['user.role_changed', { old: 'OWNER', new: 'MEMBER', ...counts }],
      ]);
    });

    test('the last active owner stays one; an inactive second owner does not count', async () => {
      const second = await account.addUser('OWNER');
      await owner.gql(SET_ACTIVE, { userId: second.id, isActive: false });
      const answer = await owner.gql(SET_ROLE, { userId: account.owner.id, role: 'MEMBER' });
      expect(answer.extensions).toMatchObject({ code: 'BAD_USER_INPUT', reason: 'LAST_OWNER' });
      expect((await owner.gql(VIEWER)).data.viewer.role).toBe('OWNER');
    });

    test('one of two owners who step down at the same time stays', async () => {
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

    test('a reactivated user signs in again, and old sessions stay ended', async () => {
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

    test('the last active owner cannot be deactivated', async () => {
      const answer = await owner.gql(SET_ACTIVE, { userId: account.owner.id, isActive: false });
      expect(answer.extensions).toEqual({ code: 'BAD_USER_INPUT', field: 'isActive', reason: 'LAST_OWNER' });
      expect((await owner.gql(CURRENT_SESSION)).errors).toBeUndefined();
    });
  });
});
