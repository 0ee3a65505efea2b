import { sql } from 'kysely';
import { onEachDatabase } from '../databases.ts';
import type { TestApp } from '../harness.ts';
import type { Person, SeededAccount, SignedIn } from '../seed.ts';
import { idsOf, nodesOf, pageOf, readPage, readPages } from './lists.ts';
import { dataOf, MINUTE, REVOKE_OTHERS, savePolicy, startPolicyApp } from './policy-calls.ts';

const SEARCH = `query Search($first: Int, $after: String, $status: SessionStatus, $userId: ID, $search: String, $orderBy: SessionOrder) {
  sessions(first: $first, after: $after, status: $status, userId: $userId, search: $search, orderBy: $orderBy) {
    totalCount pageInfo { hasNextPage hasPreviousPage startCursor endCursor }
    edges { cursor node { id device endedAt endReason user { id } } } } }`;
const CREATE_SESSION = `mutation ($input: CreateSessionInput!) { createSession(input: $input) { session { id } } }`;
const REVOKE_ONE = `mutation ($id: ID!) { revokeSession(sessionId: $id) { revokedCount } }`;

const IPHONE =
  'Mozilla/5.0 (iPhone; CPU iPhone OS 18_1 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.1 Mobile/15E148 Safari/604.1';
const FIREFOX = 'Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:128.0) Gecko/20100101 Firefox/128.0';
const EDGE =
  'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/126.0.0.0 Safari/537.36 Edg/126.0.0.0';

onEachDatabase((database) => {
  let app: TestApp;
  let account: SeededAccount;
  let member: Person;
  let owner: SignedIn;
  let key: string;
  beforeAll(async () => {
    app = await startPolicyApp(database, { SESSION_SWEEP_SECONDS: '86400' });
  });
  beforeEach(async () => {
    account = await app.seed.account();
    member = await account.addUser();
    owner = await account.owner.login();
    ({ key } = await app.seed.serviceKey(account.id));
    app.clock.advance(1);
  });
  afterAll(() => app.close());

  /** Later than the one before. */
  async function open(input: Record<string, unknown>): Promise<string> {
    app.clock.advance(1);
    const answer = await app.gql(CREATE_SESSION, { input }, { token: key });
    return dataOf(answer).createSession.session.id as string;
  }
  const rename = (id: string, name: string) =>
    sql`update users set name = ${name} where id = ${id}`.execute(app.database.em().getKysely());
  const page = (who: SignedIn, variables: Record<string, unknown>) => readPage(who, SEARCH, variables);
  const found = async (search: string, variables: Record<string, unknown> = {}, who = owner) => {
    const answer = await page(who, { search, ...variables });
    expect(answer.totalCount).toBe(answer.edges.length);
    return idsOf(answer);
  };
  const end = (id: string) => owner.gql(REVOKE_ONE, { id });

  /** Ended by the owner, so that each search is tried on both lists. */
  async function inBothLists(expectFound: (variables: Record<string, unknown>) => Promise<void>) {
    await expectFound({ status: 'ACTIVE' });
    dataOf(await owner.gql(REVOKE_OTHERS));
    await expectFound({ status: 'ENDED' });
  }

  test('a session is found by the device that is shown and by its user agent, in any case', async () => {
    const phone = await open({ userId: member.id, userAgent: IPHONE });
    const firefox = await open({ userId: member.id, userAgent: FIREFOX });
    const edge = await open({ userId: member.id, userAgent: EDGE });
    await inBothLists(async (list) => {
      expect(nodesOf(await page(owner, { ...list, search: 'iphone' }))).toMatchObject([
        { id: phone, device: 'Safari on iOS' },
      ]);
      for (const search of ['iOS', 'safari on IOS', 'IPHONE', 'Version/18.1', 'İPHONE'])
        expect(await found(search, list)).toEqual([phone]);
      expect(await found('firefox', list)).toEqual([firefox]);
      expect(await found('windows', list)).toEqual([edge, firefox]);
      // Only the device is called that: the user agent says `Edg`.
      expect(await found('microsoft edge', list)).toEqual([edge]);
      expect(await found('netscape', list)).toEqual([]);
    });
  });

  test('a session is found by the name or the e-mail of its user', async () => {
    await rename(member.id, 'Şükrü Größe');
    const theirs = await open({ userId: member.id });
    const colleague = await account.addUser();
    const other = await open({ userId: colleague.id });
    await inBothLists(async (list) => {
      for (const search of ['şükrü', 'GRÖSSE'.replace('SS', 'ß'), 'größe şük', member.email.toUpperCase()])
        expect(await found(search, list)).toEqual([theirs]);
      expect(await found(colleague.email, list)).toEqual([other]);
      expect(await found('member-', list)).toEqual([other, theirs]);
    });
  });

  test('a session is found by the beginning of its address', async () => {
    const home = await open({ userId: member.id, ipAddress: '192.0.2.17' });
    const office = await open({ userId: member.id, ipAddress: '198.51.100.2' });
    const six = await open({ userId: member.id, ipAddress: '2001:db8::17' });
    await inBothLists(async (list) => {
      expect(await found('192.0.2.17', list)).toEqual([home]);
      expect(await found('192.0.', list)).toEqual([home]);
      expect(await found('198.51', list)).toEqual([office]);
      expect(await found('2001:DB8', list)).toEqual([six]);
      expect(await found('51.100', list)).toEqual([]);
      expect(await found('0.2.17', list)).toEqual([]);
    });
  });

  test('a session is found by what its application is called', async () => {
    const tenant = await open({ userId: member.id });
    const panel = await open({ userId: member.id, appType: 'CONTROL_PANEL' });
    const ofMember = { userId: member.id };
    await inBothLists(async (list) => {
      for (const search of ['tenant app', 'TENANT_APP', 'your application', 'Anwendung'])
        expect(await found(search, { ...list, ...ofMember })).toEqual([tenant]);
      for (const search of ['control panel', 'panel', 'Verwaltung'])
        expect(await found(search, { ...list, ...ofMember })).toEqual([panel]);
    });
  });

  test('every word has to match, each wherever it does', async () => {
    await rename(member.id, 'Noor Haddad');
    const phone = await open({ userId: member.id, userAgent: IPHONE, ipAddress: '192.0.2.17' });
    await open({ userId: member.id, userAgent: FIREFOX, ipAddress: '192.0.2.17' });
    await open({ userId: account.owner.id, userAgent: IPHONE, ipAddress: '192.0.2.17' });
    await inBothLists(async (list) => {
      expect(await found('noor iphone', list)).toEqual([phone]);
      expect(await found('  192.0.2.  tenant \t NOOR ios ', list)).toEqual([phone]);
      expect(await found('noor iphone firefox', list)).toEqual([]);
    });
  });

  test('no character has a meaning of its own', async () => {
    await rename(member.id, '100% _under\\score');
    const theirs = await open({ userId: member.id });
    for (const search of ['%', '100%', '_under', 'under\\s', '\\'])
      expect(await found(search, { userId: member.id })).toEqual([theirs]);
    await rename(member.id, 'Plain');
    for (const search of [
      '%',
      '_',
      '\\',
      '.*',
      "'",
      "' or 1=1 --",
      '\u0000',
      '\ud800',
      '(',
      '[a',
      '\u{1f600}',
    ])
      expect(await found(search, { userId: member.id })).toEqual([]);
    for (const search of ['', ' \t ', null]) expect((await page(owner, { search })).totalCount).toBe(2);
  });

  test('a search has at most 200 characters', async () => {
    expect(await found('x'.repeat(200))).toEqual([]);
    expect(await found(`  ${'zq '.repeat(66)}  `)).toEqual([]);
    expect((await owner.gql(SEARCH, { search: 'x'.repeat(201) })).extensions).toMatchObject({
      code: 'BAD_USER_INPUT',
      field: 'search',
      reason: 'OUT_OF_BOUNDS',
      max: 200,
    });
  });

  test('a member finds their own sessions only, and no one those of another account', async () => {
    const me = await member.login();
    await open({ userId: account.owner.id, userAgent: IPHONE });
    const mine = await open({ userId: member.id, userAgent: IPHONE });
    expect(await found('iphone', {}, me)).toEqual([mine]);
    expect(await found(account.owner.email, {}, me)).toEqual([]);
    expect(await found('iphone', { userId: account.owner.id }, me)).toEqual([]);
    const stranger = await (await app.seed.account()).owner.login();
    expect(await found('iphone', {}, stranger)).toEqual([]);
    expect(await found(member.email, { userId: member.id }, stranger)).toEqual([]);
    expect((await app.gql(SEARCH, { search: 'iphone' })).code).toBe('UNAUTHENTICATED');
  });

  test('pages of a search have no gap and no repeat, and totalCount covers all of them', async () => {
    const phones: string[] = [];
    for (let count = 0; count < 7; count += 1) {
      phones.unshift(await open({ userId: member.id, userAgent: IPHONE }));
      await open({ userId: member.id, userAgent: FIREFOX });
    }
    await inBothLists(async (list) => {
      const pages = await readPages(owner, SEARCH, { ...list, first: 3, search: 'iphone' });
      expect(pages.map(idsOf)).toEqual([phones.slice(0, 3), phones.slice(3, 6), phones.slice(6)]);
      expect(pages.map(({ totalCount }) => totalCount)).toEqual([7, 7, 7]);
    });
  });

  test('a session past its deadline is found among the ended ones before a sweep has seen it', async () => {
    await savePolicy(owner, { idleMinutes: 10, absoluteMinutes: 60 });
    const phone = await open({ userId: member.id, userAgent: IPHONE });
    app.clock.advance(10 * MINUTE);
    expect(await found('iphone')).toEqual([]);
    expect(await found('safari ios', { status: 'ENDED' })).toEqual([phone]);
    expect(await found('netscape', { status: 'ENDED' })).toEqual([]);
  });

  describe('endedBy', () => {
    const ENDED_BY = `{ sessions(status: ENDED) { edges { node { id endReason endedBy { id } } } } }`;
    const endersOf = async (who: SignedIn): Promise<Record<string, string | null>> =>
      Object.fromEntries(
        nodesOf(pageOf(await who.gql(ENDED_BY))).map(({ id, endedBy }) => [id, endedBy?.id ?? null]),
      );

    test('an owner is told which owner ended a session, alone or with others', async () => {
      const second = await account.addUser('OWNER');
      const other = await second.login();
      const [one, two, three, four] = [
        await open({ userId: member.id }),
        await open({ userId: (await account.addUser()).id }),
        await open({ userId: member.id }),
        await open({ userId: member.id }),
      ];
      await end(one);
      app.clock.advance(1);
      dataOf(
        await other.gql(
          'mutation ($ids: [ID!]!) { revokeSelectedSessions(sessionIds: $ids) { revokedCount } }',
          { ids: [two] },
        ),
      );
      app.clock.advance(1);
      const me = await member.login();
      dataOf(
        await me.gql('mutation ($id: ID!) { revokeSession(sessionId: $id) { revokedCount } }', { id: three }),
      );
      app.clock.advance(1);
      dataOf(
        await other.gql('mutation ($id: ID!) { revokeUserSessions(userId: $id) { revokedCount } }', {
          id: member.id,
        }),
      );
      expect(await endersOf(owner)).toEqual({
        [one]: account.owner.id,
        [two]: second.id,
        [three]: null,
        [four]: second.id,
        [me.sessionId]: second.id,
      });
      app.clock.advance(1);
      const last = await open({ userId: member.id });
      dataOf(await owner.gql(REVOKE_OTHERS));
      expect(await endersOf(owner)).toMatchObject({ [last]: account.owner.id, [four]: second.id });
      const again = await member.login();
      expect(Object.values(await endersOf(again))).toEqual(
        expect.not.arrayContaining([account.owner.id, second.id]),
      );
    });
  });

  describe('latest end first', () => {
    const ENDED = { status: 'ENDED', orderBy: 'ENDED_AT' };

    test('ended sessions are listed by their end, page by page, expired ones included', async () => {
      const [first, second, third] = [
        await open({ userId: member.id, userAgent: IPHONE }),
        await open({ userId: member.id }),
        await open({ userId: member.id, userAgent: IPHONE }),
      ];
      await savePolicy(owner, { idleMinutes: 10, absoluteMinutes: 60 });
      const expiring = await open({ userId: member.id });
      app.clock.advance(5 * MINUTE);
      await end(second!);
      app.clock.advance(1);
      await end(third!);
      app.clock.advance(5 * MINUTE);
      await end(first!);
      const expected = [first, expiring, third, second];
      expect(idsOf(await page(owner, ENDED))).toEqual(expected);
      expect((await readPages(owner, SEARCH, { ...ENDED, first: 1 })).map(idsOf)).toEqual(
        expected.map((id) => [id]),
      );
      expect(idsOf(await page(owner, { status: 'ENDED' }))).toEqual([expiring, third, second, first]);
      expect(await found('iphone', ENDED)).toEqual([first, third]);
      expect(idsOf(await page(owner, { ...ENDED, userId: member.id }))).toEqual(expected);
      expect(idsOf(await page(owner, { ...ENDED, userId: account.owner.id }))).toEqual([]);
    });

    test('live sessions have no such order', async () => {
      for (const status of ['ACTIVE', null])
        expect((await owner.gql(SEARCH, { status, orderBy: 'ENDED_AT' })).extensions).toMatchObject({
          code: 'BAD_USER_INPUT',
          field: 'orderBy',
          reason: 'NOT_ENDED',
        });
      const byDefault = pageOf(await owner.gql(SEARCH, { orderBy: null }));
      expect(byDefault).toEqual(pageOf(await owner.gql(SEARCH, { orderBy: 'SIGN_IN' })));
    });
  });
});
