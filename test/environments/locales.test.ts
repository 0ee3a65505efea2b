import { sql } from 'kysely';
import { rowsOf } from '../../server/database/rows.ts';
import { onUsualDatabase, onPostgres } from '../databases.ts';
import { startApp, type TestApp } from '../harness.ts';
import { createScratchDatabase, type ScratchDatabase } from './scratch-database.ts';
import { startOn } from './start-on.ts';

const SEARCH = `query Search($search: String) {
  sessionPolicy { activeUserCount(search: $search) activeUsers(search: $search, first: 10) { name } } }`;

/** The names that each search finds, of users named as in `NAMES`. */
const FOUND = {
  ISTANBUL: ['Işık İstanbul'],
  istanbul: ['Işık İstanbul'],
  İSTANBUL: ['Işık İstanbul'],
  IŞIK: ['Işık İstanbul'],
  ışık: ['Işık İstanbul'],
  ÉMILE: ['Émile Zola'],
  zola: ['Émile Zola'],
  IVAN: ['Ivan INFO'],
  ivan: ['Ivan INFO'],
  'ivan.info@': ['Ivan INFO'],
  'IVAN.INFO@': ['Ivan INFO'],
};
const NAMES = ['Işık İstanbul', 'Émile Zola', 'Ivan INFO'];

async function expectSearches(app: TestApp): Promise<void> {
  const account = await app.seed.account();
  const owner = await account.owner.login();
  for (const name of NAMES) {
    const person = await account.addUser();
    await person.login();
    await rowsOf(
      app.database.em(),
      sql`update users set name = ${name}, email = ${name === 'Ivan INFO' ? 'Ivan.INFO@example.com' : 'other@example.com'}
        where id = ${person.id}`,
    );
  }
  const found: Record<string, string[]> = {};
  for (const search of Object.keys(FOUND)) {
    const { data, errors } = await owner.gql(SEARCH, { search });
    expect(errors).toBeUndefined();
    expect(data.sessionPolicy.activeUserCount).toBe(1);
    found[search] = data.sessionPolicy.activeUsers.map(({ name }: any) => name);
  }
  expect(found).toEqual(FOUND);
}

onUsualDatabase((kind) => {
  test('search ignores case by the rules of Unicode', async () => {
    const app = await startApp({ database: kind, clock: 'real' });
    try {
      await expectSearches(app);
    } finally {
      await app.close();
    }
  });
});

onPostgres(() => {
  describe.each([
    ['Turkish ICU', `locale_provider icu icu_locale 'tr-TR' locale 'C'`],
    ['C', `locale 'C'`],
  ])('in a database whose locale is %s', (_, options) => {
    let scratch: ScratchDatabase;
    let app: TestApp;
    beforeEach(async () => {
      scratch = await createScratchDatabase(`encoding 'UTF8' ${options}`);
      await scratch.run(`grant create on schema public to ${scratch.role}`);
      app = await startOn({ url: scratch.url });
    });
    afterEach(async () => {
      await app.close();
      await scratch.drop();
    });

    test('search ignores case all the same', () => expectSearches(app));

    test('an e-mail signs in in any case, and is unique', async () => {
      const { owner } = await app.seed.account();
      await rowsOf(
        app.database.em(),
        sql`update users set email = 'INFO@I.example', sign_in_email = 'info@i.example' where id = ${owner.id}`,
      );
      const answer = await owner.tryLogin({ email: 'Info@I.EXAMPLE' });
      expect(answer.errors).toBeUndefined();
      const { accessToken } = answer.data.login;
      const invited = await app.gql(
        'mutation { inviteUser(input: { email: "iNFO@i.example", name: "Other", role: MEMBER }) { user { id } } }',
        {},
        { token: accessToken },
      );
      expect(invited.errors?.[0]?.extensions?.code).toBe('CONFLICT');
    });

    test('the pages of a list fit together', async () => {
      const account = await app.seed.account();
      const owner = await account.owner.login();
      for (let index = 0; index < 6; index += 1) await account.owner.login();
      const ids: string[] = [];
      for (let after: string | null = null, more = true; more;) {
        const { data, errors }: any = await owner.gql(
          `query Page($after: String) { sessions(first: 2, after: $after) {
            pageInfo { hasNextPage endCursor } edges { node { id } } } }`,
          { after },
        );
        expect(errors).toBeUndefined();
        ids.push(...data.sessions.edges.map((edge: any) => edge.node.id));
        ({ endCursor: after, hasNextPage: more } = data.sessions.pageInfo);
      }
      expect(new Set(ids).size).toBe(7);
      expect(ids).toHaveLength(7);
    });
  });
});
