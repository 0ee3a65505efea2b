import { User } from '../../server/accounts/user.entity.ts';
import { onUsualDatabase } from '../databases.ts';
import { DELETE_ACCOUNT } from '../deletion/deletion-calls.ts';
import { startApp, type TestApp } from '../harness.ts';
import type { SeededAccount, SignedIn } from '../seed.ts';
import { auditRows, INVITE, INVITE_MANY, RENAME, SET_PASSWORD, tokenOf, VIEWER } from './account-calls.ts';

onUsualDatabase((database) => {
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

  const freshEmail = () => `Import-${(invited += 1)}@${database}.example.test`;
  const inviteMany = async (input: unknown[], dryRun?: boolean, who = owner): Promise<any[]> => {
    const { data, errors } = await who.gql(INVITE_MANY, { input, dryRun });
    expect(errors).toBeUndefined();
    return data.inviteUsers;
  };
  const refusal = (email: string, code: string, reason: string, field: string) => ({
    email,
    status: 'REFUSED',
    code,
    reason,
    field,
    setPasswordUrl: null,
    user: null,
  });
  const rows = async (action: string) =>
    (await auditRows(app, account.id)).filter((row) => row.action === action);
  const countUsers = () => app.database.em().count(User, { accountId: account.id });

  describe('inviteUsers', () => {
    test('invites the valid entries, reports the others, and a dry run says the same and writes nothing', async () => {
      const [first, second] = [freshEmail(), freshEmail()];
      const input = [
        { email: ` ${first} `, name: 'Fay First', role: 'OWNER' },
        { email: 'not an address', name: 'Bo Bad' },
        { email: first.toUpperCase(), name: 'Fay Again' },
        { email: account.owner.email.toUpperCase(), name: 'Tay Taken' },
        { email: freshEmail(), name: '  ' },
        { email: second, name: 'Sam Second' },
      ];
      const refused = [
        refusal('not an address', 'BAD_USER_INPUT', 'MALFORMED', 'email'),
        refusal(first.toUpperCase(), 'BAD_USER_INPUT', 'DUPLICATE', 'email'),
        refusal(account.owner.email.toUpperCase(), 'CONFLICT', 'EMAIL_TAKEN', 'email'),
        refusal(input[4]!.email, 'BAD_USER_INPUT', 'OUT_OF_BOUNDS', 'name'),
      ];
      const wouldInvite = { status: 'WOULD_INVITE', code: null, reason: null, field: null };
      const none = { setPasswordUrl: null, user: null };
      const before = await countUsers();
      expect(await inviteMany(input, true)).toEqual([
        { email: ` ${first} `, ...wouldInvite, ...none },
        ...refused,
        { email: second, ...wouldInvite, ...none },
      ]);
      expect([await countUsers(), await rows('user.invited')]).toEqual([before, []]);

      const answers = await inviteMany(input);
      expect(answers.slice(1, 5)).toEqual(refused);
      expect(answers[0]).toEqual({
        email: ` ${first} `,
        status: 'INVITED',
        code: null,
        reason: null,
        field: null,
        setPasswordUrl: expect.stringMatching(new RegExp(`^${app.url}/set-password#token=[\\w-]{43}$`)),
        user: {
          id: expect.any(String),
          email: first,
          name: 'Fay First',
          // The role of the invitation counts once the link is used.
          role: 'MEMBER',
          status: 'INVITED',
          account: { id: account.id },
        },
      });
      expect(answers[5]).toMatchObject({ status: 'INVITED', user: { email: second } });
      expect(await countUsers()).toBe(before + 2);
      expect((await rows('user.invited')).map((row) => [row.resource_id, row.details])).toEqual(
        expect.arrayContaining([
          [answers[0].user.id, { email: first, role: 'OWNER' }],
          [answers[5].user.id, { email: second, role: 'MEMBER' }],
        ]),
      );

      const roles = [];
      for (const { setPasswordUrl } of [answers[0], answers[5]]) {
        const set = { token: tokenOf(setPasswordUrl), newPassword: 'a much better password' };
        const { data } = await app.gql(SET_PASSWORD, { input: set });
        roles.push(
          (await app.gql(VIEWER, {}, { token: data.setPassword.accessToken })).data.viewer.role as string,
        );
      }
      expect(roles).toEqual(['OWNER', 'MEMBER']);
      expect((await inviteMany(input, true)).map(({ reason }) => reason)).toEqual([
        'EMAIL_TAKEN',
        'MALFORMED',
        'DUPLICATE',
        'EMAIL_TAKEN',
        'OUT_OF_BOUNDS',
        'EMAIL_TAKEN',
      ]);
    });

    test('takes 1 to 500 entries', async () => {
      const many = Array.from({ length: 501 }, () => ({ email: freshEmail(), name: 'Mia Many' }));
      for (const input of [[], many])
        expect((await owner.gql(INVITE_MANY, { input })).extensions).toEqual({
          code: 'BAD_USER_INPUT',
          field: 'input',
          reason: 'OUT_OF_BOUNDS',
          min: 1,
          max: 500,
        });
      const answers = await inviteMany(many.slice(1));
      expect(answers.every(({ status }) => status === 'INVITED')).toBe(true);
      expect(new Set(answers.map(({ setPasswordUrl }) => setPasswordUrl as string)).size).toBe(500);
      expect(answers.map(({ email }) => email as string)).toEqual(many.slice(1).map(({ email }) => email));
      expect(await rows('user.invited')).toHaveLength(500);
    });

    test('of two simultaneous imports of the same people each person is invited by one', async () => {
      const input = Array.from({ length: 20 }, () => ({ email: freshEmail(), name: 'Ray Raced' }));
      const other = await (await app.seed.account()).owner.login();
      const [mine, theirs] = await Promise.all([
        inviteMany(input),
        inviteMany(input.toReversed(), false, other),
      ]);
      const invitedOf = (answers: any[]) => answers.filter(({ status }) => status === 'INVITED').length;
      expect(invitedOf(mine!) + invitedOf(theirs!)).toBe(20);
    });

    test('an entry that is refused everywhere writes nothing', async () => {
      const answers = await inviteMany([{ email: account.owner.email, name: 'Tay Taken' }]);
      expect(answers.map(({ reason }) => reason)).toEqual(['EMAIL_TAKEN']);
      expect(await rows('user.invited')).toEqual([]);
    });

    test('an e-mail of a deleted account is free', async () => {
      const gone = await app.seed.account();
      const member = await gone.addUser();
      const goneOwner = await gone.owner.login();
      await goneOwner.gql(DELETE_ACCOUNT, { confirmName: gone.name });
      const input = [{ email: member.email, name: 'Nia New' }];
      expect((await inviteMany(input, true))[0].status).toBe('WOULD_INVITE');
      expect((await inviteMany(input))[0].status).toBe('INVITED');
    });
  });

  describe('renameUser', () => {
    const rename = (userId: string, name: string) => owner.gql(RENAME, { userId, name });

    test('changes the name, once in the audit trail', async () => {
      const member = await account.addUser();
      const { name: oldName } = await app.database.em().findOneOrFail(User, member.id);
      for (const name of [' Nia Newname ', 'Nia Newname'])
        expect((await rename(member.id, name)).data.renameUser).toEqual({
          id: member.id,
          name: 'Nia Newname',
        });
      expect((await rows('user.renamed')).map(({ resource_id, details }) => [resource_id, details])).toEqual([
        [member.id, { old_name: oldName, new_name: 'Nia Newname' }],
      ]);
    });

    test.each(['', '  ', 'x'.repeat(201), 'a\nb', 'a\0b', '\ud800'])(
      'the name %j is refused',
      async (name) => {
        const { extensions } = await rename(account.owner.id, name);
        expect(extensions).toEqual({
          code: 'BAD_USER_INPUT',
          field: 'name',
          reason: 'OUT_OF_BOUNDS',
          min: 1,
          max: 200,
        });
        expect(await rows('user.renamed')).toEqual([]);
      },
    );

    test('unknown users and those of another account are NOT_FOUND', async () => {
      const stranger = (await app.seed.account()).owner.id;
      for (const id of [stranger, '', 'x', '00000000-0000-4000-8000-000000000000'])
        expect((await rename(id, 'Nia New')).extensions).toEqual({ code: 'NOT_FOUND' });
    });

    test('an invited user who was renamed keeps the e-mail that the invitation names', async () => {
      const email = freshEmail();
      const { data } = await owner.gql(INVITE, { input: { email, name: 'Ina' } });
      await rename(data.inviteUser.user.id, 'Ida');
      const user = await app.database.em().findOneOrFail(User, data.inviteUser.user.id);
      expect([user.name, user.email]).toEqual(['Ida', email]);
    });
  });
});
