import { sql, type RawBuilder } from 'kysely';
import { randomUUID } from 'node:crypto';
import { startApp, type TestApp } from '../../test/harness.ts';
import { createManualClock, type ManualClock } from '../../test/manual-clock.ts';
import { waitUntil } from '../../test/wait-until.ts';
import { createAudit } from '../audit/audit.ts';
import { createLocalBus } from '../events/session-bus.ts';
import { createLogger } from '../logger.ts';
import type { Metrics } from '../metrics/metrics.ts';
import { startDispatcher, type Dispatcher } from './dispatcher.ts';
import type { StreamKind } from './stream-kind.ts';

// The app is here for its database. Its time stands still, so its own dispatcher looks at nothing.

let app: TestApp;
let clock: ManualClock;
let dispatcher: Dispatcher;
/** Streams of the deliveries that were sent, in that order. */
let sent: string[];

beforeAll(async () => {
  app = await startApp();
});
beforeEach(() => {
  clock = createManualClock(app.clock.now());
  sent = [];
});
afterEach(async () => {
  await dispatcher.stop();
  await query(sql`delete from event_deliveries`);
});
afterAll(() => app.close());

const query = (statement: RawBuilder<any>): Promise<any[]> =>
  statement.execute(app.database.em().getKysely()).then(({ rows }) => rows);

/** Starts a dispatcher with its own clock. @param onSend what the receiver does; by default it takes everything */
function start(onSend: (deliveryId: string, signal: AbortSignal) => unknown = () => {}): void {
  const kind: StreamKind = {
    label: 'webhook',
    envelope: ({ id, stream }) => ({ url: stream.id, headers: {}, body: id }),
    judge: () => ({ outcome: 'delivered' }),
  };
  dispatcher = startDispatcher({
    database: app.database,
    bus: createLocalBus(),
    clock,
    logger: createLogger('silent'),
    audit: createAudit({ retentionDays: 1 }),
    metrics: { eventDelivery: () => {} } as Partial<Metrics> as Metrics,
    kinds: { WEBHOOK: kind },
    async send({ url, body }, signal) {
      sent.push(url);
      await onSend(body, signal);
      return { status: 204, body: Buffer.alloc(0) };
    },
  });
}

/** Creates a stream with that many events that are due. @param ofAccount by default one of its own */
async function createStream(count: number, ofAccount?: string): Promise<string> {
  const accountId = ofAccount ?? (await app.seed.account()).id;
  const id = randomUUID();
  await query(sql`
    insert into event_streams (id, account_id, kind, subject_format, audience, status, created_at)
    values (${id}, ${accountId}, 'WEBHOOK', 'COMPLEX', '', 'ENABLED', now())`);
  await query(sql`
    with events as (
      insert into security_events (account_id, type, occurred_at)
      select ${accountId}, 'test', now() from generate_series(1, ${count}::int) returning id)
    insert into event_deliveries (stream_id, event_id, type, order_key, due_at)
    select ${id}::uuid, id, 'test', id::text, ${clock.now()}::timestamptz from events`);
  return id;
}

const readDeliveries = () =>
  query(sql`
    select status, attempts, lease_id is not null as "isClaimed", first_attempt_at is not null as "wasBegun",
      to_char(last_attempt_at at time zone 'UTC', 'YYYY-MM-DD') as "lastAttemptOn", count(*)::int from event_deliveries group by 1, 2, 3, 4, 5 order by attempts`);

const settled = () =>
  waitUntil(
    async () => (await query(sql`select 1 from event_deliveries where status = 'PENDING'`)).length === 0,
    {
      timeoutMs: 20_000,
    },
  );

test('a node that stops gives back what it has not begun, and that counts as no attempt', async () => {
  await createStream(8);
  const before = '2026-01-01';
  await query(sql`
    update event_deliveries set attempts = 3, first_attempt_at = ${before}::timestamptz, last_attempt_at = ${before}::timestamptz
    where id in (select id from event_deliveries order by sequence desc limit 2)`);
  start(() => {
    void dispatcher.stop();
    throw new Error('The request is ended.');
  });
  dispatcher.wake();
  await waitUntil(() => sent.length > 0, { timeoutMs: 10_000 });
  await dispatcher.stop();
  expect(sent).toHaveLength(1);
  const waiting = { status: 'PENDING', isClaimed: false };
  expect(await readDeliveries()).toEqual([
    { ...waiting, attempts: 0, wasBegun: false, lastAttemptOn: null, count: 5 },
    {
      ...waiting,
      attempts: 1,
      wasBegun: true,
      lastAttemptOn: clock.now().toISOString().slice(0, 10),
      count: 1,
    },
    { ...waiting, attempts: 3, wasBegun: true, lastAttemptOn: before, count: 2 },
  ]);
});

test('a node that stood still begins what it has claimed with a new claim only', async () => {
  await createStream(8);
  const leases: number[] = [];
  start(async (id) => {
    if (sent.length === 1) return clock.advance(20_000);
    const [row] = await query(sql`select due_at from event_deliveries where id = ${id}`);
    leases.push(new Date(row.due_at).getTime() - clock.now().getTime());
    // All at once: each has a lane again.
    await waitUntil(() => sent.length === 8, { timeoutMs: 5_000 });
  });
  dispatcher.wake();
  await settled();
  expect(leases).toHaveLength(7);
  // An attempt takes ten seconds at most.
  expect(Math.min(...leases)).toBeGreaterThanOrEqual(15_000);
  expect(await readDeliveries()).toMatchObject([{ status: 'DELIVERED', attempts: 1, count: 8 }]);
});

test('a burst delays the first event of another account by a turn', async () => {
  await createStream(400);
  start();
  dispatcher.wake();
  await waitUntil(() => sent.length > 20, { timeoutMs: 10_000 });
  const one = await createStream(1);
  const before = sent.length;
  dispatcher.wake();
  await waitUntil(() => sent.includes(one), { timeoutMs: 10_000 });
  expect(sent.indexOf(one) - before).toBeLessThan(100);
});

test('an account with three streams that have much gets no more than one with one', async () => {
  const account = await app.seed.account();
  for (let n = 0; n < 3; n += 1) await createStream(60, account.id);
  const alone = await createStream(60);
  start();
  dispatcher.wake();
  await waitUntil(() => sent.length >= 60, { timeoutMs: 10_000 });
  expect(sent.slice(0, 60).filter((id) => id === alone).length).toBeGreaterThanOrEqual(25);
});
