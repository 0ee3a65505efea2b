import { randomUUID } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { sql } from 'kysely';
import { createTestDatabase, onPostgres, type TestDatabase } from '../../test/databases.ts';
import { collectLog } from '../../test/log-lines.ts';
import { startTcpProxy, type TcpProxy } from '../../test/operations/tcp-proxy.ts';
import { waitUntil } from '../../test/wait-until.ts';
import type { Database } from '../database/database.ts';
import { rowsOf } from '../database/rows.ts';
import { createLogger } from '../logger.ts';
import { openDatabase } from '../open-database.ts';
import { createNotifyBus, notifyChannelOf, type NotifyBus } from './notify-bus.ts';
import type { SessionEvent } from './session-bus.ts';

const INSTALLATION = `https://${'very-long-name.'.repeat(10)}example.test`;
const LISTENERS = `from pg_stat_activity where datname = current_database() and application_name = 'curfew events'`;

onPostgres(() => {
  let testDatabase: TestDatabase;
  let database: Database;
  const open: NotifyBus[] = [];
  beforeAll(async () => {
    testDatabase = await createTestDatabase('postgresql');
    database = await testDatabase.open();
  });
  afterEach(() => Promise.all(open.splice(0).map((bus) => bus.close())));
  afterAll(async () => {
    await database.close();
    await testDatabase.drop();
  });

  const query = (text: string) => rowsOf(database.em(), sql.raw<any>(text));

  function openBus({
    at = database,
    connectTo,
    installation = INSTALLATION,
  }: { at?: Database; connectTo?: Database; installation?: string } = {}) {
    const log = collectLog();
    const bus = createNotifyBus({
      database: at,
      connect: (connectTo ?? at).openDedicatedConnection!,
      installation,
      logger: log.logger,
      tracing: null,
    });
    open.push(bus);
    const received: SessionEvent[] = [];
    bus.subscribe((event) => received.push(event));
    const warnings = () => log.lines.filter(({ level }) => level >= 40).map(({ msg }) => msg as string);
    return { bus, received, log, warnings, up: () => waitUntil(() => bus.isUp) };
  }
  const event = (...sessionIds: string[]): SessionEvent => ({
    accountId: randomUUID(),
    kind: 'ENDED',
    sessionIds,
  });

  test('an event reaches every node of the installation once, and no other installation', async () => {
    const [a, b, other] = [openBus(), openBus(), openBus({ installation: 'https://other.test' })];
    await Promise.all([a.up(), b.up(), other.up()]);
    const [first, second] = [event('1'), event('2')];
    a.bus.publish(first);
    b.bus.publish(second);
    await waitUntil(() => a.received.length === 2 && b.received.length === 2);
    await pause(100);
    expect(a.received).toEqual([first, second]);
    expect(b.received.toSorted((one, two) => one.sessionIds[0]!.localeCompare(two.sessionIds[0]!))).toEqual([
      first,
      second,
    ]);
    expect(other.received).toEqual([]);
    expect([...a.warnings(), ...b.warnings()]).toEqual([]);
  });

  test('an event of 10,000 sessions arrives whole', async () => {
    const [a, b] = [openBus(), openBus()];
    await Promise.all([a.up(), b.up()]);
    const large = event(...Array.from({ length: 10_000 }, () => randomUUID()));
    a.bus.publish(large);
    const arrived = () => b.received.flatMap(({ sessionIds }) => sessionIds);
    await waitUntil(() => arrived().length === large.sessionIds.length);
    expect(arrived()).toEqual(large.sessionIds);
  });

  test('a thousand events of one moment arrive, and need no connection of the pool', async () => {
    const [a, b] = [openBus(), openBus()];
    await Promise.all([a.up(), b.up()]);
    const held = Promise.withResolvers<void>();
    const holders = Array.from({ length: 16 }, () =>
      database.transaction(async (em) => {
        await rowsOf(em, sql`select 1`);
        await held.promise;
      }),
    );
    for (let n = 0; n < 1_000; n += 1) a.bus.publish(event(String(n)));
    await waitUntil(() => b.received.length === 1_000);
    expect(b.received.map(({ sessionIds }) => sessionIds[0])).toEqual(
      Array.from({ length: 1_000 }, (_, n) => String(n)),
    );
    held.resolve();
    await Promise.all(holders);
  });

  test('invalid messages on the channel are skipped', async () => {
    const { bus, received, up, warnings } = openBus();
    await up();
    const channel = notifyChannelOf(INSTALLATION);
    expect(Buffer.byteLength(channel)).toBeLessThan(64);
    for (const payload of ['', 'x', '{}', '{"v":1}'])
      await query(`select pg_notify('${channel}', '${payload}')`);
    const good = { v: 1, from: randomUUID(), ...event('1') };
    await query(`select pg_notify('${channel}', '${JSON.stringify({ ...good, kind: 'FORGOTTEN' })}')`);
    await query(`select pg_notify('${channel}', '${JSON.stringify(good)}')`);
    await waitUntil(() => received.length > 0);
    expect(received.map(({ kind }) => kind)).toEqual(['ENDED']);
    expect([bus.isUp, warnings()]).toEqual([true, []]);
  });

  test('a connection that the database ends is opened again', async () => {
    const [a, b] = [openBus(), openBus()];
    await Promise.all([a.up(), b.up()]);
    const before = (await query(`select pid ${LISTENERS}`)).map(({ pid }) => pid);
    expect(before).toHaveLength(2);
    await query(`select pg_terminate_backend(pid) ${LISTENERS}`);
    await waitUntil(() => !a.bus.isUp && !b.bus.isUp);
    // Dropped, not kept for later.
    a.bus.publish(event('lost'));
    await Promise.all([a.up(), b.up()]);
    const later = event('later');
    a.bus.publish(later);
    await waitUntil(() => b.received.length > 0);
    expect(b.received).toEqual([later]);
    expect(a.warnings()).toEqual(['the connection for events between nodes is lost; trying again']);
    expect(a.log.lines.at(-1)).toMatchObject({ msg: 'events from other nodes arrive at once again' });
    expect([a.bus.isDown, b.bus.isDown]).toEqual([false, false]);
  });

  describe('over a network that fails', () => {
    let proxy: TcpProxy;
    let remote: Database;
    beforeAll(async () => {
      const url = new URL(testDatabase.url!);
      proxy = await startTcpProxy({ host: url.hostname, port: Number(url.port || 5432) });
      url.hostname = '127.0.0.1';
      url.port = String(proxy.port);
      remote = await openDatabase({ url: url.href, dataDir: '' }, createLogger('silent'));
    });
    afterAll(async () => {
      await proxy.restore();
      await remote.close();
      await proxy.close();
    });

    test.each([
      ['refuses connections', () => proxy.cut()],
      ['swallows everything', () => proxy.hang()],
      ['has forgotten the connection', () => proxy.silence()],
    ])('a network that %s is noticed within seconds, and the node listens again', async (_, interrupt) => {
      const [near, far] = [openBus(), openBus({ at: remote })];
      await Promise.all([near.up(), far.up()]);
      interrupt();
      const since = performance.now();
      await waitUntil(() => !far.bus.isUp);
      expect(performance.now() - since).toBeLessThan(4_000);
      await proxy.restore();
      await far.up();
      const later = event('later');
      near.bus.publish(later);
      await waitUntil(() => far.received.length > 0);
      expect(far.received).toEqual([later]);
      expect(far.warnings()).toHaveLength(1);
    });

    test('a node closes its bus while the network swallows everything', async () => {
      const { bus, up } = openBus({ at: remote });
      await up();
      proxy.hang();
      const since = performance.now();
      bus.publish(event('last'));
      await bus.close();
      expect(performance.now() - since).toBeLessThan(1_000);
      await proxy.restore();
    });
  });

  test('a connection that hears no notification is reported once', async () => {
    // LISTEN in another database succeeds and hears nothing, like LISTEN behind a pooler in transaction mode.
    const elsewhere = await createTestDatabase('postgresql');
    const deafTo = await elsewhere.open();
    try {
      const { bus, warnings } = openBus({ connectTo: deafTo });
      await waitUntil(() => bus.isDown);
      await pause(5_500);
      expect(bus.isUp).toBe(false);
      expect(warnings()).toEqual([expect.stringContaining('behind a pooler in transaction mode')]);
      await bus.close();
    } finally {
      await deafTo.close();
      await elsewhere.drop();
    }
  }, 30_000);

  test('the last event of a node that stops is sent', async () => {
    const [a, b] = [openBus(), openBus()];
    await Promise.all([a.up(), b.up()]);
    const last = event('last');
    a.bus.publish(last);
    await a.bus.close();
    await waitUntil(() => b.received.length > 0);
    expect(b.received).toEqual([last]);
    expect(a.warnings()).toEqual([]);
    expect(await query(`select ${LISTENERS}`)).toHaveLength(1);
  });
});
