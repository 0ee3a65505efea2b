import { sql } from 'kysely';
import { onUsualDatabase } from '../databases.ts';
import type { TestApp } from '../harness.ts';
import type { Person, SeededAccount, SignedIn } from '../seed.ts';
import { UNKNOWN_ID } from '../security/root-fields.ts';
import { dataOf, startPolicyApp } from './policy-calls.ts';

const ACTIVE_USERS = `query ActiveUsers($first: Int, $after: ID, $search: String) { sessionPolicy {
  activeUserCount(search: $search)
  activeUsers(first: $first, after: $after, search: $search) { userId } } }`;

onUsualDatabase((database) => {
  let app: TestApp;
  beforeAll(async () => {
    app = await startPolicyApp(database);
  });
  afterAll(() => app.close());

  const read = async (
    who: SignedIn,
    variables: Record<string, unknown> = {},
  ): Promise<{ ids: string[]; count: number }> => {
    const { activeUsers, activeUserCount } = dataOf(await who.gql(ACTIVE_USERS, variables)).sessionPolicy;
    return { ids: activeUsers.map(({ userId }: { userId: string }) => userId), count: activeUserCount };
  };

  const update = (person: Person, change: Record<string, unknown>) =>
    Promise.all(
      Object.entries(change).map(([column, value]) =>
        sql`update users set ${sql.ref(column)} = ${value} where id = ${person.id}`.execute(
          app.database.em().getKysely(),
        ),
      ),
    );

  async function signedInPeople(account: SeededAccount, count: number): Promise<Person[]> {
    const people = [];
    for (let number = 0; number < count; number += 1) {
      const person = await account.addUser();
      await person.login();
      people.push(person);
    }
    return people;
  }

  async function readAll(who: SignedIn, variables: Record<string, unknown>): Promise<string[]> {
    const seen: string[] = [];
    for (;;) {
      const { ids } = await read(who, { ...variables, after: seen.at(-1) });
      seen.push(...ids);
      if (ids.length === 0) return seen;
    }
  }

  test('pages are consecutive without gap or repeat, latest sign-in first, unrecorded ones last', async () => {
    const account = await app.seed.account();
    const people = await signedInPeople(account, 7);
    app.clock.advance(1);
    const viewer = await account.owner.login();
    // One signed in earlier, the others within one millisecond, and two have no recorded sign-in.
    await update(people[0]!, { last_login_at: new Date(app.clock.now().getTime() - 60_000) });
    for (const person of people.slice(1, 3)) await update(person, { last_login_at: null });

    const idsOf = (some: Person[]) => some.map(({ id }) => id).toSorted();
    const expected = [
      account.owner.id,
      ...idsOf(people.slice(3)),
      people[0]!.id,
      ...idsOf(people.slice(1, 3)),
    ];
    expect(await read(viewer)).toEqual({ ids: expected, count: 8 });
    for (const first of [1, 2, 3, 7, 8, 100]) expect(await readAll(viewer, { first })).toEqual(expected);
    expect((await read(viewer, { first: 2, after: expected.at(-1) })).ids).toEqual([]);
  });

  test('a page continues after a user who has signed out since', async () => {
    const account = await app.seed.account();
    const [first] = await signedInPeople(account, 1);
    app.clock.advance(1);
    const gone = await account.addUser();
    const session = await gone.login();
    app.clock.advance(1);
    const viewer = await account.owner.login();
    expect((await read(viewer, { first: 2 })).ids).toEqual([account.owner.id, gone.id]);
    await session.gql('mutation { logout { ended } }');
    expect(await read(viewer, { first: 2, after: gone.id })).toEqual({ ids: [first!.id], count: 2 });
  });

  test('after is a user of the account, else BAD_USER_INPUT, for unknown and foreign users alike', async () => {
    const viewer = await (await app.seed.account()).owner.login();
    const stranger = (await app.seed.account()).owner.id;
    for (const after of [
      UNKNOWN_ID,
      stranger,
      viewer.payload.user.id.toUpperCase(),
      'x',
      '',
      'x\0',
      viewer.sessionId,
    ])
      expect((await viewer.gql(ACTIVE_USERS, { after })).errors).toEqual([
        expect.objectContaining({
          message: 'after is not a user of this account.',
          extensions: { code: 'BAD_USER_INPUT', field: 'after', reason: 'UNKNOWN_USER' },
        }),
      ]);
  });

  describe('search', () => {
    let account: SeededAccount;
    let viewer: SignedIn;
    let people: Person[];
    beforeAll(async () => {
      account = await app.seed.account();
      viewer = await account.owner.login();
      people = await signedInPeople(account, 4);
      await update(account.owner, { name: 'Owner', email: 'owner@search.test' });
      for (const [index, [name, email]] of [
        ['Zoë Ångström', 'zoe@first.test'],
        ['50% Off_Sale', 'sales@first.test'],
        ['Backslash \\ Quote\' "', 'quote@second.test'],
        ['First Aid', 'aid@second.test'],
      ].entries())
        await update(people[index]!, { name, email });
      const elsewhere = await app.seed.account();
      await elsewhere.owner.login();
      await update(elsewhere.owner, { name: 'Zoë Elsewhere', email: 'zoe@elsewhere.test' });
    });

    test.each<[string, number[]]>([
      ['zoë', [0]],
      ['ZOË', [0]],
      ['ångSTRöm', [0]],
      ['first', [0, 1, 3]],
      ['FIRST.TEST', [0, 1]],
      ['  aid@  ', [3]],
      ['%', [1]],
      ['_', [1]],
      ['50% off_', [1]],
      ['5% ', []],
      ['\\', [2]],
      [`quote' "`, [2]],
      ["' or true --", []],
      ['zoe@elsewhere', []],
      ['a\0id', []],
      ['\ud800', []],
    ])('%j finds each user with it in the name or e-mail, and counts them', async (search, found) => {
      const expected = found.map((index) => people[index]!.id);
      const { ids, count } = await read(viewer, { search });
      expect(ids.toSorted()).toEqual(expected.toSorted());
      expect(count).toBe(expected.length);
      expect(await readAll(viewer, { search, first: 1 })).toEqual(ids);
    });

    test.each([null, '', ' \t\n '])('%j finds every user', async (search) => {
      expect(await read(viewer, { search })).toMatchObject({ count: 5 });
    });

    test('of more than 200 characters is BAD_USER_INPUT; spaces around it do not count', async () => {
      const longest = 'x'.repeat(200);
      expect(await read(viewer, { search: ` ${longest} ` })).toEqual({ ids: [], count: 0 });
      expect((await viewer.gql(ACTIVE_USERS, { search: `${longest}x` })).extensions).toEqual({
        code: 'BAD_USER_INPUT',
        field: 'search',
        reason: 'OUT_OF_BOUNDS',
        max: 200,
      });
      const { extensions } = await viewer.gql(
        `query($search: String) { sessionPolicy { activeUserCount(search: $search) } }`,
        { search: `${longest}x` },
      );
      expect(extensions).toMatchObject({ code: 'BAD_USER_INPUT', field: 'search' });
    });
  });
});
