import { sql } from 'kysely';
import { readFile } from 'node:fs/promises';
import type { Pool } from 'pg';
import {
  createTestDatabase,
  hasPostgres,
  onEachDatabase,
  onPostgres,
  type DatabaseKind,
} from '../../test/databases.ts';
import { startTcpProxy } from '../../test/operations/tcp-proxy.ts';
import { createLogger } from '../logger.ts';
import { isUnavailable } from './database-errors.ts';
import type { Database, EntityManager } from './database.ts';
import { openDatabase } from '../open-database.ts';

const TEST_TIMEOUT_MS = 60_000;
const logger = createLogger('silent');

const ask = (em: EntityManager, statement = 'select 1') => sql.raw(statement).execute(em.getKysely());
const never = new Promise<never>(() => {});

/** Opens a database with the timeouts of a server. */
async function open(kind: DatabaseKind): Promise<{ database: Database; close(): Promise<void> }> {
  if (kind === 'embedded') {
    const image = new Blob([await readFile(process.env.CURFEW_TEST_IMAGE!)]);
    const database = await openDatabase({ url: null, dataDir: '', image }, logger);
    return { database, close: () => database.close() };
  }
  const testDatabase = await createTestDatabase(kind);
  const database = await openDatabase({ url: testDatabase.url, dataDir: '' }, logger);
  return { database, close: async () => (await database.close(), await testDatabase.drop()) };
}

onEachDatabase((kind) => {
  let database: Database;
  let close: () => Promise<void>;
  beforeAll(async () => ({ database, close } = await open(kind)));
  afterAll(() => close());

  test(
    'a transaction that does not end is rolled back, and requests for its connection are answered',
    async () => {
      const stuck = database.transaction(async (em) => {
        await ask(
          em,
          `insert into accounts (id, name, created_at) values (gen_random_uuid(), 'stuck', now())`,
        );
        return never;
      });
      await expect(stuck.catch(isUnavailable)).resolves.toBe(true);
      const { rows } = await database.statement((em) => ask(em, `select from accounts where name = 'stuck'`));
      expect(rows).toEqual([]);
      await expect(database.transaction((em) => ask(em))).resolves.toBeDefined();
    },
    TEST_TIMEOUT_MS,
  );
});

onPostgres(() => {
  let database: Database;
  let close: () => Promise<void>;
  beforeAll(async () => ({ database, close } = await open('postgresql')));
  afterAll(() => close());

  test('every connection has its timeouts, in the database too', async () => {
    const { rows } = await database.statement((em) =>
      ask(
        em,
        `select name, setting from pg_settings where name in ('statement_timeout', 'lock_timeout',
          'idle_in_transaction_session_timeout', 'tcp_user_timeout', 'tcp_keepalives_idle') order by name`,
      ),
    );
    expect(rows).toEqual([
      { name: 'idle_in_transaction_session_timeout', setting: '5000' },
      { name: 'lock_timeout', setting: '2000' },
      { name: 'statement_timeout', setting: '5000' },
      { name: 'tcp_keepalives_idle', setting: '5' },
      { name: 'tcp_user_timeout', setting: '5000' },
    ]);
  });

  test(
    'a long transaction may take longer, and the next one on its connection may not',
    async () => {
      await database.longTransaction(60_000, (em) => ask(em, 'select pg_sleep(10)'));
      const timeout = await database.statement((em) => ask(em, 'show statement_timeout'));
      expect(timeout.rows).toEqual([{ statement_timeout: '5s' }]);
      expect(await database.statement((em) => ask(em, 'select pg_sleep(10)')).catch(isUnavailable)).toBe(
        true,
      );
    },
    TEST_TIMEOUT_MS,
  );

  test(
    'a pool whose connections all hang refuses in time, and serves again after their timeout',
    async () => {
      const hanging = Promise.allSettled(
        Array.from({ length: 40 }, () => database.statement((em) => ask(em, 'select pg_sleep(20)'))),
      );
      await expect(database.withTimeout(database.statement((em) => ask(em))).catch(isRefused)).resolves.toBe(
        true,
      );
      const ends = await hanging;
      expect(ends.map(({ status }) => status)).toEqual(ends.map(() => 'rejected'));
      await expect(database.withTimeout(database.statement((em) => ask(em)))).resolves.toBeDefined();
    },
    TEST_TIMEOUT_MS,
  );
});

const isRefused = (error: { code?: string }): boolean => error.code === 'UNAVAILABLE' || isUnavailable(error);

(hasPostgres ? test : test.skip)(
  'a silent connection is destroyed after its request was answered, and the idle ones with it',
  async () => {
    const testDatabase = await createTestDatabase('postgresql');
    const url = new URL(testDatabase.url!);
    const proxy = await startTcpProxy({ host: url.hostname, port: Number(url.port || 5432) });
    url.hostname = '127.0.0.1';
    url.port = String(proxy.port);
    const database = await openDatabase({ url: url.href, dataDir: '' }, logger);
    try {
      await Promise.all(Array.from({ length: 5 }, () => database.statement((em) => ask(em))));
      const pool = (await database.orm.em.getConnection().getNativeClient()) as unknown as Pool;
      expect(pool.totalCount).toBe(5);
      proxy.hang();
      const removed = new Promise<void>((done) => pool.on('remove', () => pool.totalCount === 0 && done()));
      expect(await database.withTimeout(database.statement((em) => ask(em))).catch(isRefused)).toBe(true);
      await removed;
      // Closing does not wait for the silent server.
      const asking = database.statement((em) => ask(em)).catch(isRefused);
      await database.close();
      expect(await asking).toBe(true);
    } finally {
      await proxy.close();
      await testDatabase.drop();
    }
  },
  TEST_TIMEOUT_MS,
);
