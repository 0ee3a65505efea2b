import { sql, type RawBuilder } from 'kysely';
import { createTestDatabase, onEachDatabase, onPostgres, type DatabaseKind } from '../../test/databases.ts';
import { startApp, type TestApp } from '../../test/harness.ts';
import { createManualClock } from '../../test/manual-clock.ts';
import type { SeededAccount } from '../../test/seed.ts';
import type { Database } from '../database/database.ts';
import { createLogger } from '../logger.ts';
import { createLocalBus, type SessionEvent } from '../events/session-bus.ts';
import { startSweeper } from './sweeper.ts';

const DAY_SECONDS = 86_400;

/** Starts another sweeper on the app's database, with its own clock. */
function createSweeper(app: TestApp, database: Database = app.database) {
  const clock = createManualClock(app.clock.now());
  const bus = createLocalBus();
  const events: SessionEvent[] = [];
  bus.subscribe((event) => events.push(event));
  const sweeper = startSweeper({
    database,
    bus,
    clock,
    logger: createLogger('silent'),
    sweepSeconds: 15,
    sessionRetentionDays: 90,
    writePendingChanges: () => {},
    erasePending: () => {},
    events: [],
  });
  return { ...sweeper, clock, events };
}

const query = (app: TestApp, statement: RawBuilder<any>): Promise<any[]> =>
  statement.execute(app.database.em().getKysely()).then(({ rows }) => rows);

interface Given {
  count?: number;
  idle: number;
  absolute: number;
  /** When the sweep is due to check it; by default at the idle deadline. */
  check?: number;
  ended?: number;
}

/** Inserts sessions whose instants are given in seconds from now. */
async function insertSessions(
  app: TestApp,
  account: SeededAccount,
  tag: string,
  given: Given,
): Promise<void> {
  const now = app.clock.now();
  const from = (seconds: number) => new Date(now.getTime() + seconds * 1000);
  const { count = 1, idle, absolute, check = idle, ended } = given;
  await query(
    app,
    sql`insert into sessions (id, account_id, user_id, app_type, authenticated_at, last_activity_at, idle_seconds, absolute_seconds,
        idle_expires_at, absolute_expires_at, rotated_at, token_expires_at, token_secret, next_check_at, ended_at, end_reason)
      select ${tag}::text || '-' || n, ${account.id}, ${account.owner.id}, 'CONTROL_PANEL', ${now}::timestamptz, ${now}::timestamptz, 60, 60,
        ${from(idle)}::timestamptz, ${from(absolute)}::timestamptz, ${now}::timestamptz, ${now}::timestamptz, '\\x00', ${from(check)}::timestamptz,
        ${ended === undefined ? null : from(ended)}::timestamptz, ${ended === undefined ? null : 'LOGOUT'}::text
      from generate_series(1, ${count}::int) n`,
  );
}

const rowsOf = (app: TestApp, tag: string) =>
  query(app, sql`select * from sessions where id like ${`${tag}-%`} order by id`);

async function scene(kind: DatabaseKind) {
  const app = await startApp({ database: kind });
  return { app, account: await app.seed.account() };
}

onEachDatabase((kind) => {
  let app: TestApp;
  let account: SeededAccount;
  beforeAll(async () => ({ app, account } = await scene(kind)));
  afterEach(() => query(app, sql`delete from sessions`));
  afterAll(() => app.close());

  test('idle and absolute ends are told apart, each stamped with its deadline, and the living are left alone', async () => {
    await insertSessions(app, account, 'idle', { idle: -60, absolute: 600 });
    await insertSessions(app, account, 'absolute', { idle: -90, absolute: -60, check: -90 });
    await insertSessions(app, account, 'equal', { idle: -60, absolute: -60 });
    await insertSessions(app, account, 'now', { idle: 0, absolute: 600 });
    await insertSessions(app, account, 'live', { idle: 0.001, absolute: 600, check: -60 });
    await insertSessions(app, account, 'later', { idle: 60, absolute: 600 });
    const sweeper = createSweeper(app);
    expect(await sweeper.sweep()).toEqual({ idle: 2, absolute: 2 });

    const endOfSession = async (tag: string) => {
      const [{ end_reason, ended_at }] = await rowsOf(app, tag);
      return [end_reason, ended_at && (new Date(ended_at).getTime() - app.clock.now().getTime()) / 1000];
    };
    expect(await endOfSession('idle')).toEqual(['IDLE_TIMEOUT', -60]);
    expect(await endOfSession('absolute')).toEqual(['ABSOLUTE_TIMEOUT', -60]);
    expect(await endOfSession('equal')).toEqual(['ABSOLUTE_TIMEOUT', -60]);
    expect(await endOfSession('now')).toEqual(['IDLE_TIMEOUT', 0]);
    expect(await endOfSession('live')).toEqual([null, null]);
    expect(await endOfSession('later')).toEqual([null, null]);
    const ended = { accountId: account.id, kind: 'ENDED', sessionIds: expect.any(Array) };
    expect(sweeper.events).toEqual([
      { ...ended, reason: 'ABSOLUTE_TIMEOUT' },
      { ...ended, reason: 'IDLE_TIMEOUT' },
    ]);
    expect(sweeper.events.flatMap(({ sessionIds }) => sessionIds).toSorted()).toEqual([
      'absolute-1',
      'equal-1',
      'idle-1',
      'now-1',
    ]);
    // A session found live is checked again at its deadline; no end is stamped twice.
    sweeper.clock.advance(1);
    expect(await sweeper.sweep()).toEqual({ idle: 1, absolute: 0 });
    expect(await endOfSession('idle')).toEqual(['IDLE_TIMEOUT', -60]);
    await sweeper.stop();
  });

  test('one sweep ends all sessions that are due, however many', async () => {
    await insertSessions(app, account, 'due', { count: 2_500, idle: -1, absolute: 600 });
    await insertSessions(app, account, 'live', { count: 2_500, idle: 60, absolute: 600, check: -1 });
    const sweeper = createSweeper(app);
    expect(await sweeper.sweep()).toEqual({ idle: 2_500, absolute: 0 });
    const [{ live }] = await query(
      app,
      sql`select count(*)::int as live from sessions where ended_at is null`,
    );
    expect(live).toBe(2_500);
    expect(new Set(sweeper.events.flatMap(({ sessionIds }) => sessionIds)).size).toBe(2_500);
    await sweeper.stop();
  });

  test('it runs at its interval', async () => {
    await insertSessions(app, account, 'due', { idle: 10, absolute: 600 });
    const sweeper = createSweeper(app);
    sweeper.clock.advance(15_000);
    await sweeper.stop();
    expect((await rowsOf(app, 'due'))[0].end_reason).toBe('IDLE_TIMEOUT');
    expect(sweeper.clock.pendingTimers).toBe(0);
  });

  test('ended sessions are kept for their retention, and then purged', async () => {
    const retention = 90 * DAY_SECONDS;
    await insertSessions(app, account, 'old', { count: 1_200, idle: 0, absolute: 0, ended: -retention - 1 });
    await insertSessions(app, account, 'kept', { idle: 0, absolute: 0, ended: -retention });
    await insertSessions(app, account, 'live', { idle: 60, absolute: 600 });
    const sweeper = createSweeper(app);
    await sweeper.sweep();
    expect(await rowsOf(app, 'old')).toEqual([]);
    expect(await rowsOf(app, 'kept')).toHaveLength(1);
    expect(await rowsOf(app, 'live')).toHaveLength(1);
    await sweeper.stop();
  });

  test('devices are named in rows that a node of the version before has written', async () => {
    const firefox = 'Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:128.0) Gecko/20100101 Firefox/128.0';
    await insertSessions(app, account, 'before', { count: 700, idle: 60, absolute: 600 });
    await insertSessions(app, account, 'unknown', { idle: 60, absolute: 600 });
    await insertSessions(app, account, 'none', { idle: 60, absolute: 600 });
    await query(app, sql`update sessions set user_agent = ${firefox} where id like 'before-%'`);
    await query(app, sql`update sessions set user_agent = '((' where id like 'unknown-%'`);
    const sweeper = createSweeper(app);
    await sweeper.sweep();
    const devicesOf = async (tag: string) => [
      ...new Set((await rowsOf(app, tag)).map(({ device }) => device)),
    ];
    expect(await devicesOf('before')).toEqual(['Firefox on Windows']);
    expect(await devicesOf('unknown')).toEqual(['']);
    expect(await devicesOf('none')).toEqual([null]);
    await sweeper.stop();
  });

  describe('audit events', () => {
    const insertEvents = (tag: string, count: number, retainForSeconds: number) =>
      query(
        app,
        sql`insert into audit_events (id, account_id, action, actor_name, resource_type, resource_id, details, created_at, retain_until)
          select gen_random_uuid(), ${account.id}, 'session.started', 'system', 'session', ${tag}, '{}', now() - interval '400 days',
            now() + ${retainForSeconds}::int * interval '1 second' from generate_series(1, ${count}::int)`,
      );
    const countOf = async (tag: string) => {
      const [{ count }] = await query(
        app,
        sql`select count(*)::int as count from audit_events where resource_id = ${tag}`,
      );
      return count;
    };

    test('are deleted after their retention and not before', async () => {
      await insertEvents('old', 1_200, -60);
      await insertEvents('kept', 10, 3_600);
      const sweeper = createSweeper(app);
      await sweeper.sweep();
      expect(await countOf('old')).toBe(0);
      expect(await countOf('kept')).toBe(10);
      await sweeper.stop();
    });

    test('are kept by the database itself when a clock runs ahead, and the sweep goes on', async () => {
      await insertEvents('ahead', 1, 3_600);
      await insertSessions(app, account, 'due', { idle: 60, absolute: 600 });
      const sweeper = createSweeper(app);
      sweeper.clock.advance(7_200_000);
      await sweeper.sweep().catch(() => {});
      expect(await countOf('ahead')).toBe(1);
      expect((await rowsOf(app, 'due'))[0].end_reason).toBe('ABSOLUTE_TIMEOUT');
      await sweeper.stop();
    });

    test('cannot be changed, deleted early or truncated', async () => {
      await insertEvents('past', 1, -60);
      await insertEvents('guarded', 1, 3_600);
      const refused = (statement: RawBuilder<any>) =>
        expect(query(app, statement)).rejects.toMatchObject({ code: '23001' });
      await refused(sql`update audit_events set actor_name = 'nobody' where resource_id = 'past'`);
      await refused(sql`update audit_events set retain_until = now() where resource_id = 'guarded'`);
      await refused(sql`delete from audit_events where resource_id = 'guarded'`);
      await refused(sql`truncate audit_events`);
      await refused(sql`truncate accounts cascade`);
      expect([await countOf('past'), await countOf('guarded')]).toEqual([1, 1]);
    });

    test('say how long they are kept when they are written', async () => {
      await account.owner.login();
      const [{ days }] = await query(
        app,
        sql`select extract(epoch from retain_until - created_at)::int / ${DAY_SECONDS}::int as days from audit_events
          where account_id = ${account.id} and action = 'session.started'`,
      );
      expect(days).toBe(400);
    });
  });
});

onPostgres(() => {
  test('any number of sweepers share the work: each session ends and is published once', async () => {
    const database = await createTestDatabase('postgresql');
    const app = await startApp({ sharedDatabase: database });
    const account = await app.seed.account();
    const others = [await database.open(), await database.open()];
    const sweepers = [app.database, ...others].map((each) => createSweeper(app, each));
    for (let round = 0; round < 5; round += 1) {
      await insertSessions(app, account, `due${round}`, { count: 4_000, idle: -2, absolute: 600 });
      let ended = 0;
      // A sweeper that finds all rows locked by the others leaves them until its next sweep.
      while (ended < 4_000)
        for (const report of await Promise.all(sweepers.map((sweeper) => sweeper.sweep())))
          ended += report.idle;
      expect(ended).toBe(4_000);
    }
    const published = sweepers.flatMap(({ events }) => events.flatMap(({ sessionIds }) => sessionIds));
    expect(published).toHaveLength(20_000);
    expect(new Set(published).size).toBe(20_000);
    for (const sweeper of sweepers) await sweeper.stop();
    await app.close();
    for (const other of others) await other.close();
    await database.drop();
  });

  test('a locked session is left to the next sweep, and delays no other', async () => {
    const { app, account } = await scene('postgresql');
    await insertSessions(app, account, 'due', { count: 10, idle: -2, absolute: 600 });
    const sweeper = createSweeper(app);
    await app.database.transaction(async (em) => {
      await sql`select 1 from sessions where id = 'due-1' for update`.execute(em.getKysely());
      expect(await sweeper.sweep()).toEqual({ idle: 9, absolute: 0 });
    });
    expect(await sweeper.sweep()).toEqual({ idle: 1, absolute: 0 });
    await sweeper.stop();
    await app.close();
  });
});
