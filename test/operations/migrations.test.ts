import { jest } from '@jest/globals';
import { sql } from 'kysely';
import { createLogger } from '../../server/logger.ts';
import { migrate } from '../../server/database/migrate.ts';
import type { Database, EntityManager } from '../../server/database/database.ts';
import { openDatabase } from '../../server/open-database.ts';
import { createTestDatabase, onEachDatabase, onPostgres, type TestDatabase } from '../databases.ts';
import { waitUntil } from '../wait-until.ts';
import { newFolder, runOnce } from './processes.ts';

onEachDatabase((kind) => {
  let testDatabase: TestDatabase;
  let database: Database;
  beforeEach(async () => {
    testDatabase = await createTestDatabase(kind);
    database = await testDatabase.open();
  });
  afterEach(async () => {
    await database.close();
    await testDatabase.drop();
  });

  /**
   * Everything but the migrations' own table: relations, functions, constraints and triggers, by name and definition.
   */
  async function shape(): Promise<string[]> {
    const { rows } = await sql<{ line: string }>`
      select 'relation ' || relname || ' ' || relkind::text as line from pg_class
        where relnamespace = 'public'::regnamespace and relname not like 'curfew_migrations%'
      union all select 'column ' || table_name || '.' || column_name || ' ' || data_type || ' ' || is_nullable
        from information_schema.columns where table_schema = 'public' and table_name not like 'curfew_migrations%'
      union all select 'function ' || pg_get_functiondef(oid) from pg_proc where pronamespace = 'public'::regnamespace
      union all select 'constraint ' || conname || ' ' || pg_get_constraintdef(oid) from pg_constraint
        where connamespace = 'public'::regnamespace and conname not like 'curfew_migrations%'
      union all select 'trigger ' || pg_get_triggerdef(oid) from pg_trigger where not tgisinternal
      order by 1`.execute(database.em().getKysely());
    return rows.map(({ line }) => line);
  }

  test('down leaves nothing, and up restores the schema', async () => {
    const before = await shape();
    expect(before.length).toBeGreaterThan(50);
    await database.orm.migrator.down({ to: 0 });
    expect(await shape()).toEqual([]);
    expect(await migrate(database)).not.toEqual([]);
    expect(await shape()).toEqual(before);
    expect(await migrate(database)).toEqual([]);
  });
});

/** Before the migrations that add triggers to `sessions` and columns to `users`. */
const BEFORE_EVENTS = '20261130100000-authentication-at-the-provider';

onPostgres(() => {
  test('a migration that meets a sign-in under way waits for it, and neither is the victim of a deadlock', async () => {
    const testDatabase = await createTestDatabase('postgresql');
    const database = await testDatabase.open();
    try {
      await database.orm.migrator.down({ to: BEFORE_EVENTS });
      const run = (em: EntityManager, text: string) => sql.raw(text).execute(em.getKysely());
      const isWaiting = async () =>
        (await run(database.em(), `select from pg_locks where not granted and relation = 'users'::regclass`))
          .rows.length > 0;
      const up = jest.spyOn(database.orm.migrator, 'up');
      let migrating: Promise<string[]> | undefined;
      let attempts = 0;
      // As a sign-in does: the user, then the session.
      await database.transaction(async (em) => {
        attempts += 1;
        await run(em, `update users set name = name`);
        migrating ??= migrate(database);
        migrating.catch(() => {});
        await waitUntil(isWaiting, { what: 'a migration that waits' });
        await run(em, `update sessions set ended_at = ended_at`);
      });
      expect(await migrating).toContain('20261130130000-event-streams');
      // Either would be tried again after a deadlock.
      expect({ attempts, migrations: up.mock.calls.length }).toEqual({ attempts: 1, migrations: 1 });
    } finally {
      await database.close();
      await testDatabase.drop();
    }
  });

  test('several processes migrate an empty database at once: one applies, the others wait and find it done', async () => {
    const testDatabase = await createTestDatabase('postgresql');
    const folder = await newFolder();
    const database = await openDatabase({ url: testDatabase.url, dataDir: '' }, createLogger('silent'));
    try {
      await sql`drop schema public cascade`.execute(database.em().getKysely());
      await sql`create schema public`.execute(database.em().getKysely());
      const env = { DATABASE_URL: testDatabase.url!, DATA_DIR: folder.path };
      const answers = await Promise.all(
        Array.from({ length: 4 }, () => runOnce('server/cli/migrate.ts', [], env)),
      );
      expect(answers.map(({ code, stderr }) => ({ code, stderr }))).toEqual(
        answers.map(() => ({ code: 0, stderr: '' })),
      );
      expect(answers.filter(({ stdout }) => stdout.startsWith('Applied: '))).toHaveLength(1);
      expect(answers.filter(({ stdout }) => stdout.startsWith('Nothing to apply'))).toHaveLength(3);
    } finally {
      await database.close();
      await testDatabase.drop();
      await folder.remove();
    }
  });
});
