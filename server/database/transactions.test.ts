import { setImmediate as nextTurn } from 'node:timers/promises';
import { sql } from 'kysely';
import { createTestDatabase, onPostgres, type TestDatabase } from '../../test/databases.ts';
import { isUnavailable } from './database-errors.ts';
import type { Database, EntityManager } from './database.ts';

onPostgres(() => {
  let testDatabase: TestDatabase;
  let database: Database;
  beforeEach(async () => {
    testDatabase = await createTestDatabase('postgresql');
    database = await testDatabase.open();
  });
  afterEach(() => testDatabase.drop());

  const ask = (em: EntityManager = database.em()) => sql`select 1`.execute(em.getKysely());

  test('a database that closes while connections are being opened answers the open requests first', async () => {
    await ask();
    const asked = Promise.allSettled(Array.from({ length: 10 }, () => ask()));
    await nextTurn();
    await database.close();
    expect((await asked).map(({ status }) => status)).toEqual(Array.from({ length: 10 }, () => 'fulfilled'));
  });

  /** More than the pool has connections. */
  const LOSSES = 20;

  const loseOwn = (em: EntityManager) =>
    sql`select pg_terminate_backend(pg_backend_pid())`.execute(em.getKysely());

  async function loseFromElsewhere(em: EntityManager): Promise<void> {
    const { rows } = await sql<{ pid: number }>`select pg_backend_pid() as pid`.execute(em.getKysely());
    await sql`select pg_terminate_backend(${rows[0]!.pid}, 5000)`.execute(database.em().getKysely());
  }

  test.each<[string, () => Promise<unknown>]>([
    ['in a statement of a transaction', () => database.transaction(loseOwn)],
    [
      'between statements of a transaction',
      () =>
        database.transaction(async (em) => {
          await loseFromElsewhere(em);
          await ask(em);
        }),
    ],
    ['before a commit', () => database.transaction(loseFromElsewhere)],
    ['before a begin', () => database.statement(loseOwn).catch(() => database.transaction(ask))],
    ['before a statement', () => database.statement(loseOwn).catch(() => database.statement(ask))],
  ])('connections lost %s are replaced, and the database closes', async (_, lose) => {
    for (let loss = 0; loss < LOSSES; loss += 1)
      expect(await lose().then(() => 'nothing lost', isUnavailable)).toBe(true);
    await ask();
    await database.close();
  });
});
