import { Account } from '../../server/accounts/account.entity.ts';
import { User } from '../../server/accounts/user.entity.ts';
import { createPasswordHasher } from '../../server/sign-in/password-hashing.ts';
import { onUsualDatabase } from '../databases.ts';
import { startApp, type TestApp } from '../harness.ts';
import type { Answer } from '../graphql-client.ts';
import { PASSWORD, type SignedIn } from '../seed.ts';
import { auditRows, CHANGE_PASSWORD, CURRENT_SESSION, sessionEnd } from './account-calls.ts';

const GOOD = 'a much better password';
const COMMON = { code: 'BAD_USER_INPUT', field: 'newPassword', reason: 'COMMON' };

onUsualDatabase((database) => {
  let app: TestApp;
  beforeAll(async () => {
    app = await startApp({ database });
  });
  afterAll(() => app.close());

  const change = (me: SignedIn, newPassword: string, currentPassword = PASSWORD): Promise<Answer> =>
    me.gql(CHANGE_PASSWORD, { input: { currentPassword, newPassword } });

  test('ends the other sessions of the user and keeps this one and those of other users', async () => {
    const account = await app.seed.account();
    const member = await account.addUser();
    const [here, there, owner] = [await member.login(), await member.login(), await account.owner.login()];
    expect((await change(here, GOOD)).data.changePassword).toEqual({ endedSessions: 1 });

    expect((await there.gql(CURRENT_SESSION)).extensions).toMatchObject({ endReason: 'PASSWORD_CHANGED' });
    expect((await there.refresh()).extensions).toMatchObject({ endReason: 'PASSWORD_CHANGED' });
    for (const kept of [here, owner]) expect((await kept.gql(CURRENT_SESSION)).errors).toBeUndefined();
    expect((await here.refresh()).errors).toBeUndefined();
    expect((await member.tryLogin()).code).toBe('INVALID_CREDENTIALS');
    await member.login({ password: GOOD });
    const rows = (await auditRows(app, account.id)).filter(
      ({ action }) => action === 'user.password_changed',
    );
    expect(rows).toEqual([
      expect.objectContaining({
        actor_id: member.id,
        resource_id: member.id,
        details: { ended_sessions: 1 },
      }),
    ]);
  });

  test('a wrong current password changes nothing', async () => {
    const { owner } = await app.seed.account();
    const [here, there] = [await owner.login(), await owner.login()];
    expect((await change(here, GOOD, 'not the password')).extensions).toEqual({
      code: 'INVALID_CREDENTIALS',
    });
    expect((await sessionEnd(app, there.sessionId)).ended_at).toBeNull();
    await owner.login();
  });

  /** Enough different characters to avoid repetition. */
  const ofLength = (length: number, from = 0x4e00): string =>
    Array.from({ length }, (_, index) => String.fromCodePoint(from + index * index)).join('');

  test('counts 15 to 128 characters, not bytes and not UTF-16 units', async () => {
    const { owner } = await app.seed.account();
    const me = await owner.login();
    for (const [length, reason] of [
      [0, 'TOO_SHORT'],
      [14, 'TOO_SHORT'],
      [129, 'TOO_LONG'],
    ] as const) {
      for (const password of [ofLength(length), ofLength(length, 0x1f300)]) {
        expect((await change(me, password)).extensions).toEqual({
          code: 'BAD_USER_INPUT',
          field: 'newPassword',
          reason,
          min: 15,
          max: 128,
        });
      }
    }
    let current = PASSWORD;
    for (const password of [ofLength(15), ofLength(128), ofLength(15, 0x1f300), ofLength(128, 0x1f300)]) {
      expect((await change(me, password, current)).errors).toBeUndefined();
      await owner.login({ password });
      current = password;
    }
  });

  test('refuses the e-mail in any letter case or width', async () => {
    const { owner } = await app.seed.account();
    const me = await owner.login();
    const fullWidth = owner.email.replace('owner', '\uff4f\uff57\uff4e\uff45\uff52');
    for (const password of [owner.email, owner.email.toUpperCase(), fullWidth])
      expect((await change(me, password)).extensions).toEqual(COMMON);
  });

  test.each([
    'passwordpassword',
    'PasswordPassword',
    'password-password',
    'momsanaladventure',
    'iloveyoutothemoonandback',
    'ILoveYouToTheMoonAndBack1',
    'aaaaaaaaaaaaaaa',
    '               ',
    'sunshinesunshine',
    '123456789012345',
    'zyxwvutsrqponml',
    'qwertyuiopasdfgh',
    'curfew-curfew-2026',
  ])('refuses the common password %s', async (password) => {
    const { owner } = await app.seed.account();
    const me = await owner.login();
    expect((await change(me, password)).extensions).toEqual(COMMON);
    await owner.login();
  });

  test('refuses a password made of the names of user and account', async () => {
    const { owner, id } = await app.seed.account();
    await app.database.em().nativeUpdate(User, { id: owner.id }, { name: 'Wilhelmina Featherstone' });
    await app.database.em().nativeUpdate(Account, { id }, { name: 'Northwind Traders' });
    const me = await owner.login();
    for (const password of ['Featherstone2026', 'northwindtraders!', 'Wilhelmina.Northwind.1'])
      expect((await change(me, password)).extensions).toEqual(COMMON);
    expect((await change(me, 'Wilhelmina grows blue turnips')).errors).toBeUndefined();
  });

  test('takes every character: there are no composition rules', async () => {
    const { owner } = await app.seed.account();
    const me = await owner.login();
    let current = PASSWORD;
    for (const password of [
      'seven quiet green lamps',
      '839201748392657',
      `"';--\\ drop table users`,
      '\0 and \0\0 are only nothing',
    ]) {
      expect((await change(me, password, current)).errors).toBeUndefined();
      await owner.login({ password });
      current = password;
    }
  });

  test("an existing password that is too short by today's rules keeps working", async () => {
    const { owner } = await app.seed.account();
    const hash = await (await createPasswordHasher()).hash('twelve chars', null);
    await app.database.em().nativeUpdate(User, { id: owner.id }, { passwordHash: hash });
    const me = await owner.login({ password: 'twelve chars' });
    expect((await change(me, 'twelve chars', 'twelve chars')).extensions.reason).toBe('TOO_SHORT');
    expect((await change(me, GOOD, 'twelve chars')).errors).toBeUndefined();
  });

  test('one of two simultaneous changes from the same password wins', async () => {
    const { owner } = await app.seed.account();
    const [here, there] = [await owner.login(), await owner.login()];
    const answers = await Promise.all([
      change(here, 'first new password'),
      change(there, 'second new password'),
    ]);
    expect(answers.filter(({ errors }) => errors === undefined)).toHaveLength(1);
    const winner = answers[0]!.errors ? 'second new password' : 'first new password';
    await owner.login({ password: winner });
  });
});
