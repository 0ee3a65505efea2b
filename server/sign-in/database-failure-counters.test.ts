import { randomUUID } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { sql } from 'kysely';
import { createTestDatabase, onPostgres, type TestDatabase } from '../../test/databases.ts';
import { collectLog } from '../../test/log-lines.ts';
import { createManualClock } from '../../test/manual-clock.ts';
import type { Database } from '../database/database.ts';
import { rowsOf } from '../database/rows.ts';
import { createDatabaseFailureCounters } from './database-failure-counters.ts';
import { purgeFailures } from './sign-in-failures.sql.ts';

const MINUTE = 60_000;

onPostgres(() => {
  let testDatabase: TestDatabase;
  /** One for each node: a batch is a node's own. */
  let databases: [Database, Database];
  let database: Database;
  beforeAll(async () => {
    testDatabase = await createTestDatabase('postgresql');
    databases = [await testDatabase.open(), await testDatabase.open()];
    database = databases[0];
  });
  afterAll(async () => {
    for (const each of databases) await each.close();
    await testDatabase.drop();
  });

  const clock = createManualClock();
  const run = (text: string) => rowsOf(database.em(), sql.raw<any>(text));

  function createNodes() {
    const log = collectLog();
    const counters = databases.map((each) =>
      createDatabaseFailureCounters({ database: each, clock, logger: log.logger }),
    );
    const [a, b] = counters.map((each) => each.create('pair', 3));
    return { a: a!, b: b!, counters, log };
  }

  test('nodes count together, for 15 minutes from the first failure', async () => {
    const { a, b } = createNodes();
    const key = randomUUID();
    expect(await a.read(key)).toBeNull();
    await a.add(key);
    clock.advance(10 * MINUTE);
    await b.add(key);
    for (const node of [a, b]) expect(await node.read(key)).toEqual({ failures: 2, msLeft: 5 * MINUTE });
    clock.advance(5 * MINUTE);
    for (const node of [a, b]) expect(await node.read(key)).toBeNull();
    await b.add(key);
    expect(await a.read(key)).toEqual({ failures: 1, msLeft: 15 * MINUTE });
  });

  test('a success on one node clears the count of all', async () => {
    const { a, b } = createNodes();
    const key = randomUUID();
    await a.add(key);
    await a.add(key);
    await b.clear(key);
    expect(await a.read(key)).toBeNull();
    await a.add(key);
    expect(await b.read(key)).toMatchObject({ failures: 1 });
  });

  test('kinds are counted apart', async () => {
    const { a, counters } = createNodes();
    const key = randomUUID();
    await a.add(key);
    expect(await counters[0]!.create('email', 3).read(key)).toBeNull();
  });

  test('very many failures of the same keys at once are all counted, in any order', async () => {
    const { counters, log } = createNodes();
    const keys = Array.from({ length: 5 }, () => randomUUID());
    const kinds = counters.map((each) => ['pair', 'email', 'address'].map((name) => each.create(name, 3)));
    for (let round = 0; round < 20; round += 1)
      await Promise.all(
        Array.from({ length: 100 }, async (_, n) => {
          const shuffled = keys.toSorted(() => Math.random() - 0.5);
          const ofNode = kinds[n % 2]!.toSorted(() => Math.random() - 0.5);
          for (const key of shuffled.slice(0, 2))
            await Promise.all(ofNode.map((counter) => counter.add(key)));
        }),
      );
    let total = 0;
    for (const key of keys) {
      const counts = await Promise.all(kinds[0]!.map(async (kind) => (await kind.read(key))?.failures ?? 0));
      expect(new Set(counts).size).toBe(1);
      total += counts[0]!;
    }
    expect(total).toBe(20 * 100 * 2);
    expect(log.lines).toEqual([]);
  });

  test('the failure of one key does not wait for the lock of another', async () => {
    const { a, b } = createNodes();
    const [locked, free] = [randomUUID(), randomUUID()];
    await a.add(locked);
    const waiting = await database.transaction(async (em) => {
      await rowsOf(em, sql`select from sign_in_failures where key = ${`pair:${locked}`} for update`);
      const added = a.add(locked);
      // Those of one moment share a statement.
      await pause(10);
      await Promise.all([a.add(free), b.add(free)]);
      expect(await b.read(free)).toMatchObject({ failures: 2 });
      expect(await b.read(locked)).toMatchObject({ failures: 1 });
      return { added };
    });
    await waiting.added;
    expect(await b.read(locked)).toMatchObject({ failures: 2 });
  });

  test('a database that does not count turns no limit off, and the log says so once', async () => {
    const { a, b, counters, log } = createNodes();
    const key = randomUUID();
    await a.add(key);
    await run('alter table sign_in_failures rename to elsewhere');
    try {
      await a.add(key);
      await a.add(key);
      expect(await a.read(key)).toMatchObject({ failures: 3 });
      expect(counters[0]!.isShared).toBe(false);
      expect(log.lines.map(({ msg }) => msg)).toEqual([
        'failed sign-ins cannot be counted in the database; each node counts for itself',
      ]);
    } finally {
      await run('alter table elsewhere rename to sign_in_failures');
    }
    // The node keeps what the database has missed, and both go on counting there.
    expect(await a.read(key)).toMatchObject({ failures: 3 });
    expect(await b.read(key)).toMatchObject({ failures: 1 });
    expect(counters[0]!.isShared).toBe(true);
    expect(log.lines.at(-1)).toMatchObject({ msg: 'failed sign-ins are counted in the database again' });
  });

  test('counts whose window is over are purged, and no others', async () => {
    await run('truncate sign_in_failures');
    const { a } = createNodes();
    const [old, young] = [randomUUID(), randomUUID()];
    await a.add(old);
    clock.advance(14 * MINUTE);
    await a.add(young);
    expect(await purgeFailures(database.em(), clock.now(), 10)).toBe(0);
    clock.advance(MINUTE);
    expect(await purgeFailures(database.em(), clock.now(), 10)).toBe(1);
    expect(await run('select key from sign_in_failures')).toEqual([{ key: `pair:${young}` }]);
  });
});
