import { sql } from 'kysely';
import { auditRows, CURRENT_SESSION, sessionEnd } from '../accounts/account-calls.ts';
import { onUsualDatabase } from '../databases.ts';
import { startShort } from '../expiry/session-subscriptions.ts';
import type { TestApp } from '../harness.ts';
import { prepareCommand, runCommand } from '../operations/admin-commands.ts';
import type { SeededAccount } from '../seed.ts';
import { pendingErasures, rowsWith } from './deletion-calls.ts';

const UNKNOWN = '00000000-0000-4000-8000-000000000000';

onUsualDatabase((database) => {
  let app: TestApp;
  let account: SeededAccount;
  beforeAll(async () => {
    app = await startShort(database);
  });
  beforeEach(async () => {
    account = await app.seed.account();
  });
  afterAll(() => app.close());

  test('delete-user by e-mail or id: signed out everywhere, and erased when the command returns', async () => {
    for (const by of ['--email', '--user']) {
      const member = await account.addUser();
      const { sessionId, accessToken } = await member.login();
      const value = by === '--email' ? member.email.toUpperCase() : member.id;
      const output = await runCommand(app, 'delete-user', by, value);
      expect(output).toBe(
        `user ${member.id} of account ${account.id} is deleted and their personal data is erased.`,
      );
      expect(await sessionEnd(app, sessionId)).toMatchObject({ end_reason: 'USER_DEACTIVATED' });
      expect((await app.gql(CURRENT_SESSION, {}, { token: accessToken })).code).toBe('UNAUTHENTICATED');
      expect(await rowsWith(app, [member.email])).toEqual([]);
      await expect(runCommand(app, 'delete-user', by, value)).rejects.toThrow('User not found.');
    }
    const deletions = (await auditRows(app, account.id)).filter(({ action }) => action === 'user.deleted');
    expect(deletions).toMatchObject([
      { actor_id: null, actor_name: 'system' },
      { actor_id: null, actor_name: 'system' },
    ]);
  });

  test('with --json they print one document', async () => {
    const { id: userId } = await account.addUser();
    expect(JSON.parse(await runCommand(app, 'delete-user', '--user', userId, '--json'))).toEqual({
      userId,
      accountId: account.id,
      isErased: true,
    });
    const ofAccount = ['--account', account.id, '--confirm-name', account.name, '--json'];
    expect(JSON.parse(await runCommand(app, 'delete-account', ...ofAccount))).toEqual({
      accountId: account.id,
      isErased: true,
    });
  });

  test('delete-user refuses the last owner, unknown users, and neither or both options', async () => {
    const { id, email } = account.owner;
    await expect(runCommand(app, 'delete-user', '--user', id)).rejects.toThrow('last active owner');
    for (const args of [
      ['--user', UNKNOWN],
      ['--user', 'x'],
      ['--email', 'nobody@example.test'],
      ['--email', 'x'],
    ])
      await expect(runCommand(app, 'delete-user', ...args)).rejects.toThrow('User not found.');
    expect(() => prepareCommand(['delete-user'])).toThrow('Give either --email EMAIL or --user ID.');
    expect(() => prepareCommand(['delete-user', '--user', id, '--email', email])).toThrow('Give either');
  });

  test('delete-account: erased when the command returns, once', async () => {
    const owner = await account.owner.login();
    const deleteAccount = (id: string, name: string) =>
      runCommand(app, 'delete-account', '--account', id, '--confirm-name', name);
    await expect(deleteAccount(account.id, 'Another name')).rejects.toThrow("not the account's name");
    await expect(deleteAccount(UNKNOWN, account.name)).rejects.toThrow('Account not found.');
    await expect(deleteAccount('x', account.name)).rejects.toThrow('Account not found.');
    expect((await owner.gql(CURRENT_SESSION)).errors).toBeUndefined();

    expect(await deleteAccount(account.id, account.name)).toBe(
      `account ${account.id} is deleted and their personal data is erased.`,
    );
    expect((await owner.gql(CURRENT_SESSION)).extensions).toMatchObject({ endReason: 'USER_DEACTIVATED' });
    expect(await rowsWith(app, [account.name, account.owner.email])).toEqual([]);
    expect(await pendingErasures(app)).toBe(0);
    await expect(deleteAccount(account.id, account.name)).rejects.toThrow('Account not found.');
    await expect(deleteAccount(account.id, 'Deleted account')).rejects.toThrow('Account not found.');
    const { rows } = await sql`select 1 from accounts where id = ${account.id}`.execute(
      app.database.em().getKysely(),
    );
    expect(rows).toHaveLength(1);
  });
});
