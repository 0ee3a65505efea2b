import { sql } from 'kysely';
import { onUsualDatabase } from '../databases.ts';
import { DELETE_ACCOUNT, rowsWith } from '../deletion/deletion-calls.ts';
import { startApp, type TestApp } from '../harness.ts';
import type { SeededAccount, SignedIn } from '../seed.ts';
import { RENAME_ACCOUNT } from './account-calls.ts';

const TRAIL = `{ auditEvents(first: 5, action: "account.renamed") { totalCount edges { node {
  actor { id } resourceType resourceId details ipAddress } } } }`;

onUsualDatabase((database) => {
  let app: TestApp;
  let account: SeededAccount;
  let owner: SignedIn;

  beforeAll(async () => {
    app = await startApp({ database });
  });
  beforeEach(async () => {
    account = await app.seed.account();
    owner = await account.owner.login();
  });
  afterAll(() => app.close());

  const rename = (name: string, by = owner) => by.gql(RENAME_ACCOUNT, { name });
  const nameNow = async () => (await owner.gql('{ viewer { account { name } } }')).data.viewer.account.name;
  const trail = async () => (await owner.gql(TRAIL)).data.auditEvents;

  test('an owner renames their account, with a row in the trail', async () => {
    expect((await rename('  Northwind & Søn ')).data.renameAccount).toEqual({
      id: account.id,
      name: 'Northwind & Søn',
      externalId: null,
    });
    expect(await nameNow()).toBe('Northwind & Søn');
    expect((await trail()).edges).toMatchObject([
      {
        node: {
          actor: { id: account.owner.id },
          resourceType: 'account',
          resourceId: account.id,
          details: { old_name: account.name, name: 'Northwind & Søn' },
        },
      },
    ]);
    expect((await rename('Northwind & Søn')).code).toBeUndefined();
    expect((await trail()).totalCount).toBe(1);
  });

  test.each([
    ['no name', ' '],
    ['a long one', 'x'.repeat(201)],
    ['one with a line break', 'North\nwind'],
    ['one with half a character', '\ud83d'],
  ])('%s is refused and changes nothing', async (_, name) => {
    expect((await rename(name)).extensions).toMatchObject({ code: 'BAD_USER_INPUT', field: 'name' });
    expect(await nameNow()).toBe(account.name);
    expect((await trail()).totalCount).toBe(0);
  });

  test('a member is refused', async () => {
    const member = await (await account.addUser()).login();
    expect((await rename('Mine', member)).code).toBe('FORBIDDEN');
    expect(await nameNow()).toBe(account.name);
  });

  test('deletion takes the new name to confirm, and erases both', async () => {
    const names = [account.name, `Second ${account.name}`];
    await rename(names[1]!);
    expect((await owner.gql(DELETE_ACCOUNT, { confirmName: names[0] })).code).toBe('BAD_USER_INPUT');
    expect((await owner.gql(DELETE_ACCOUNT, { confirmName: names[1] })).data).toEqual({
      deleteAccount: true,
    });
    expect(await rowsWith(app, names)).toEqual([]);
    const rows = await sql<{ details: object }>`
      select details from audit_events where account_id = ${account.id} and action = 'account.renamed'`.execute(
      app.database.em().getKysely(),
    );
    expect(rows.rows).toMatchObject([{ details: {} }]);
  });
});
