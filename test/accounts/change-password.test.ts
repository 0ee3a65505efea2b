import { onEachDatabase } from '../databases.ts';
import { startApp, type TestApp } from '../harness.ts';
import type { Answer } from '../graphql-client.ts';
import { PASSWORD, type SignedIn } from '../seed.ts';
import { auditRows, CHANGE_PASSWORD, CURRENT_SESSION, sessionEnd } from './operations.ts';

const GOOD = 'a much better password';

onEachDatabase((database) => {
  let app: TestApp;
  beforeAll(async () => {
    app = await startApp({ database });
  });
  afterAll(() => app.close());

  const change = (me: SignedIn, newPassword: string, currentPassword = PASSWORD): Promise<Answer> =>
    me.gql(CHANGE_PASSWORD, { input: { currentPassword, newPassword } });

  test('ends the other sessions of the user and keeps this one and everybody else', async () => {
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

  test('counts 12 to 128 characters, not bytes and not UTF-16 units', async () => {
    const { owner } = await app.seed.account();
    const me = await owner.login();
    const refused = ['', 'x'.repeat(11), 'x'.repeat(129), '\u{1f511}'.repeat(11), '\u{1f511}'.repeat(129)];
    for (const password of refused) {
      expect((await change(me, password)).extensions).toEqual({
        code: 'BAD_USER_INPUT',
        field: 'newPassword',
        reason: 'OUT_OF_BOUNDS',
        min: 12,
        max: 128,
      });
    }
    let current = PASSWORD;
    for (const password of [
      'x'.repeat(12),
      'x'.repeat(128),
      '\u{1f511}'.repeat(12),
      '\u{1f511}'.repeat(128),
    ]) {
      expect((await change(me, password, current)).errors).toBeUndefined();
      await owner.login({ password });
      current = password;
    }
  });

  test('refuses the e-mail in any letter case or width', async () => {
    const { owner } = await app.seed.account();
    const me = await owner.login();
    const fullWidth = owner.email.replace('owner', '\uff4f\uff57\uff4e\uff45\uff52');
    for (const password of [owner.email, owner.email.toUpperCase(), fullWidth]) {
      const { extensions } = await change(me, password);
      expect(extensions).toMatchObject({
        code: 'BAD_USER_INPUT',
        field: 'newPassword',
        reason: 'EQUALS_EMAIL',
      });
    }
  });

  test('takes every character: there are no rules of composition', async () => {
    const { owner } = await app.seed.account();
    const me = await owner.login();
    let current = PASSWORD;
    for (const password of [
      '            ',
      'aaaaaaaaaaaa',
      '\0\0\0\0\0\0\0\0\0\0\0\0',
      `"';--\\ drop table`,
    ]) {
      expect((await change(me, password, current)).errors).toBeUndefined();
      await owner.login({ password });
      current = password;
    }
  });

  test('of two changes at the same time from one password, one wins', async () => {
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
