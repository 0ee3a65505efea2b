import { sql } from 'kysely';
import { User } from '../../server/accounts/user.entity.ts';
import { newUser } from '../../server/users/new-user.ts';
import { DELETE_USER } from '../deletion/deletion-calls.ts';
import { onEachDatabase } from '../databases.ts';
import { startApp, type TestApp } from '../harness.ts';
import type { SeededAccount, SignedIn } from '../seed.ts';
import { backEnd, stranger } from '../service-api/service-calls.ts';
import { INVITE, REVOKE_ALL, SET_ACTIVE, SET_PASSWORD, tokenOf, USERS } from './account-calls.ts';

onEachDatabase((database) => {
  let app: TestApp;
  let account: SeededAccount;
  let owner: SignedIn;
  let added = 0;

  beforeAll(async () => {
    app = await startApp({ database });
  });
  beforeEach(async () => {
    account = await app.seed.account();
    owner = await account.owner.login();
    await rename(account.owner.id, 'Oda Owner');
  });
  afterAll(() => app.close());

  const rename = (id: string, name: string) => app.database.em().nativeUpdate(User, { id }, { name });
  const add = async (name: string, change: Partial<User> = {}): Promise<string> => {
    added += 1;
    const email = `person-${added}@${database}.example.test`;
    const given = { accountId: account.id, email, name, role: 'MEMBER' as const };
    const user = Object.assign(newUser(given, app.clock.now()), { passwordHash: 'set' }, change);
    const em = app.database.em();
    em.persist(user);
    await em.flush();
    return user.id;
  };
  const list = async (variables: Record<string, unknown> = {}, who = owner) => {
    const { data, errors } = await who.gql(USERS, variables);
    expect(errors).toBeUndefined();
    const { edges, totalCount, pageInfo } = data.users;
    const nodes: any[] = edges.map(({ node }: any) => node);
    return { nodes, names: nodes.map(({ name }) => name), totalCount, pageInfo };
  };
  const readAll = async (variables: Record<string, unknown>): Promise<string[]> => {
    const names: string[] = [];
    for (let after: string | null = null; ;) {
      const page = await list({ ...variables, after });
      names.push(...page.names);
      if (!page.pageInfo.hasNextPage) return names;
      after = page.pageInfo.endCursor;
    }
  };

  test('lists everyone by name without regard to case, page by page, without gap or repeat', async () => {
    const names = ['bea', 'Abel', 'Zoë', 'abel', 'Carl', 'Carl', 'Carl'];
    for (const name of names) await add(name);
    await add('Dora', { isActive: false });
    await add('Eve', { signInEmail: null });
    await add('Finn', { passwordHash: null });
    const all = await list();
    expect(all.totalCount).toBe(11);
    expect(all.names.map((name) => name.toLowerCase())).toEqual([
      ...['abel', 'abel', 'bea', 'carl', 'carl', 'carl', 'dora', 'eve', 'finn', 'oda owner', 'zoë'],
    ]);
    for (const first of [1, 2, 3, 11]) expect(await readAll({ first })).toEqual(all.names);
    const accountNow = await (await app.seed.account()).owner.login();
    expect((await list({}, accountNow)).totalCount).toBe(1);
  });

  test('a user who is deleted or renamed between two pages moves no one else', async () => {
    const ids = [];
    for (const name of ['Ada', 'Bob', 'Cem', 'Dan']) ids.push(await add(name));
    const { pageInfo } = await list({ first: 2 });
    await owner.gql(DELETE_USER, { userId: ids[0] });
    await rename(ids[1]!, 'Zed');
    expect((await list({ first: 2, after: pageInfo.endCursor })).names).toEqual(['Cem', 'Dan']);
    expect((await list()).names).toEqual(['Cem', 'Dan', 'Oda Owner', 'Zed']);
  });

  test('a state filter shows and counts the users in it', async () => {
    const service = backEnd(app, (await app.seed.serviceKey(account.id)).key);
    const external = (await service.create({ ...stranger(), name: 'Eve External' })).session.user.id;
    const invite = async (name: string) => {
      const input = { email: `invited-${(added += 1)}@${database}.example.test`, name };
      return (await owner.gql(INVITE, { input })).data.inviteUser;
    };
    await invite('Ina Invited');
    const linked = (await invite('Lin Linked')).user.id;
    await sql`insert into user_identities (issuer, subject, user_id, created_at)
      values ('https://idp.example.test', ${linked}, ${linked}, now())`.execute(
      app.database.em().getKysely(),
    );
    const arrived = await invite('Ari Arrived');
    await app.gql(SET_PASSWORD, {
      input: { token: tokenOf(arrived.setPasswordUrl), newPassword: 'a much better password' },
    });
    await add('Dea Deactivated', { isActive: false });
    await owner.gql(SET_ACTIVE, { userId: (await invite('Dan Dropped')).user.id, isActive: false });

    const inState = async (status: string | null) => {
      const { names, totalCount, nodes } = await list({ status });
      expect(totalCount).toBe(names.length);
      if (status) expect(nodes.every((node) => node.status === status)).toBe(true);
      return names;
    };
    expect(await inState('ACTIVE')).toEqual(['Ari Arrived', 'Lin Linked', 'Oda Owner']);
    expect(await inState('INVITED')).toEqual(['Ina Invited']);
    expect(await inState('DEACTIVATED')).toEqual(['Dan Dropped', 'Dea Deactivated']);
    expect(await inState('EXTERNAL')).toEqual(['Eve External']);
    expect(await inState(null)).toHaveLength(7);
    expect(await readAll({ first: 1, status: 'ACTIVE' })).toEqual(['Ari Arrived', 'Lin Linked', 'Oda Owner']);

    // The same where a user comes by another way.
    const { data } = await owner.gql('{ sessions { edges { node { user { id status } } } } }');
    expect(data.sessions.edges.map(({ node }: any) => node.user)).toEqual(
      expect.arrayContaining([
        { id: external, status: 'EXTERNAL' },
        { id: account.owner.id, status: 'ACTIVE' },
      ]),
    );
  });

  test.each([
    ['ZOË', ['Zoë Ångström']],
    ['ångSTRöm', ['Zoë Ångström']],
    ['  person-  ', ['50% Off_Sale', 'Back \\ slash', 'Zoë Ångström']],
    ['%', ['50% Off_Sale']],
    ['_', ['50% Off_Sale']],
    ['\\', ['Back \\ slash']],
    ["' or true --", []],
    ['a\0b', []],
    ['', ['50% Off_Sale', 'Back \\ slash', 'Oda Owner', 'Zoë Ångström']],
  ])('search for %j finds %j', async (search, found) => {
    for (const name of ['Zoë Ångström', '50% Off_Sale', 'Back \\ slash']) await add(name);
    const { names, totalCount } = await list({ search });
    expect(names).toEqual(found);
    expect(totalCount).toBe(found.length);
    expect(await readAll({ search, first: 1 })).toEqual(found);
    expect((await list({ search, status: 'INVITED' })).totalCount).toBe(0);
  });

  test('input that the list cannot take is BAD_USER_INPUT', async () => {
    const { pageInfo } = await list({ first: 1 });
    const forged = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');
    for (const after of [
      '',
      'x',
      `${pageInfo.endCursor}=`,
      forged(['a', 'x']),
      forged(['a\0', account.owner.id]),
      forged([1, account.owner.id]),
      forged({ name: 'a' }),
      'x'.repeat(10_000),
    ])
      expect((await owner.gql(USERS, { after })).extensions).toEqual({
        code: 'BAD_USER_INPUT',
        field: 'after',
        reason: 'MALFORMED',
      });
    for (const first of [0, -1, 101])
      expect((await owner.gql(USERS, { first })).extensions).toMatchObject({
        code: 'BAD_USER_INPUT',
        field: 'first',
      });
    expect((await owner.gql(USERS, { search: 'x'.repeat(201) })).extensions).toMatchObject({
      code: 'BAD_USER_INPUT',
      field: 'search',
      max: 200,
    });
    expect((await owner.gql(USERS, { status: 'GONE' })).code).toBe('BAD_USER_INPUT');
  });

  test('counts live sessions as everything else does: not the ended ones, nor those of a pending revocation', async () => {
    const member = await account.addUser();
    await member.login();
    await member.login();
    const ended = await member.login();
    await ended.gql('mutation { logout { ended } }');
    const countOf = async (id: string) => (await list()).nodes.find((node) => node.id === id)!.sessionCount;
    expect(await countOf(member.id)).toBe(2);
    expect(await countOf(account.owner.id)).toBe(1);
    await owner.gql(REVOKE_ALL, { scope: 'OTHERS' });
    expect(await countOf(member.id)).toBe(0);
  });

  test('an open link has its end until it is used or replaced by nothing', async () => {
    const input = { email: `link-${(added += 1)}@${database}.example.test`, name: 'Ina Invited' };
    const { user, setPasswordUrl } = (await owner.gql(INVITE, { input })).data.inviteUser;
    const linkOf = async () => (await list({ search: input.email })).nodes[0].linkExpiresAt;
    expect(await linkOf()).toBe(new Date(app.clock.now().getTime() + 24 * 3_600_000).toISOString());
    const newPassword = 'a much better password';
    await app.gql(SET_PASSWORD, { input: { token: tokenOf(setPasswordUrl), newPassword } });
    expect(await linkOf()).toBeNull();
    expect((await list({ search: user.email })).nodes[0].status).toBe('ACTIVE');
  });

  test('members read their own sessions only, and neither members nor service keys the list or a link', async () => {
    const member = await account.addUser();
    const session = await member.login();
    expect((await session.gql(USERS)).code).toBe('FORBIDDEN');
    expect((await session.gql('{ viewer { status sessionCount } }')).data.viewer).toEqual({
      status: 'ACTIVE',
      sessionCount: 1,
    });
    expect((await session.gql('{ viewer { linkExpiresAt } }')).code).toBe('FORBIDDEN');
    const service = backEnd(app, (await app.seed.serviceKey(account.id)).key);
    expect((await service.gql(USERS)).code).toBe('FORBIDDEN');
    const { data, code } = await service.gql(
      'query ($userId: ID!) { userSessions(userId: $userId) { user { sessionCount } } }',
      { userId: member.id },
    );
    expect([data, code]).toEqual([null, 'FORBIDDEN']);
  });
});
