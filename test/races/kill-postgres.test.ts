import { sql } from 'kysely';
import type { App } from '../../server/app.ts';
import type { Database } from '../../server/database/database.ts';
import { createTestDatabase, onPostgres, type TestDatabase } from '../databases.ts';
import { createGraphQLClient } from '../graphql-client.ts';
import { createManualClock } from '../manual-clock.ts';
import { createSeed, PASSWORD } from '../seed.ts';
import { crashOnce } from './crash.ts';
import { query, RACE_TIMEOUT_MS } from './race-app.ts';
import { createInstallation } from './server-process.ts';

onPostgres(() => {
  let testDatabase: TestDatabase;
  let database: Database;
  beforeAll(async () => {
    testDatabase = await createTestDatabase('postgresql');
    database = await testDatabase.open();
  });
  afterAll(async () => {
    await database.close();
    await testDatabase.drop();
  });

  test(
    'a server killed amid its work leaves every acknowledged state, and of each token one line of descent',
    async () => {
      const url = 'http://127.0.0.1';
      const app = { database, url, clock: createManualClock() } as Pick<
        App,
        'database' | 'url' | 'clock'
      > as App;
      const { owner } = await createSeed({ app, client: createGraphQLClient(url) }).account();
      const installation = await createInstallation(
        { DATABASE_URL: testDatabase.url! },
        // Without a grace only the requestId recovers a lost answer.
        { REFRESH_REUSE_GRACE_SECONDS: '0' },
      );
      for (const answers of [20, 120, 333])
        await crashOnce(installation, { email: owner.email, password: PASSWORD }, answers);

      // Every end has its audit row and every audit row its end: they were committed together or not at all.
      const torn = await query(
        { database },
        sql`select s.id from sessions s where (s.end_reason is not distinct from 'LOGOUT') <> exists (
        select 1 from audit_events a where a.resource_id = s.id and a.action = 'session.ended')`,
      );
      expect(torn).toEqual([]);
      const unborn = await query(
        { database },
        sql`select s.id from sessions s where not exists (
        select 1 from audit_events a where a.resource_id = s.id and a.action = 'session.started')`,
      );
      expect(unborn).toEqual([]);
    },
    RACE_TIMEOUT_MS,
  );
});
