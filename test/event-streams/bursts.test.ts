import { sql } from 'kysely';
import { createTestDatabase, USUAL_DATABASE } from '../databases.ts';
import { startApp, type TestApp } from '../harness.ts';
import type { SeededAccount, SignedIn } from '../seed.ts';
import { waitUntil } from '../wait-until.ts';
import { startReceiver, type Receiver } from './receiver.ts';
import { createStream, PRIVATE, readStream, sendTest } from './stream-calls.ts';

// Many events at once share the node with the checks of sessions.

let app: TestApp;
let statements: number;
let account: SeededAccount;
let owner: SignedIn;
let receiver: Receiver;
let streamId: string;

beforeAll(async () => {
  app = await startApp({
    env: PRIVATE,
    wrapDatabase: (database) => ({
      ...database,
      statement(work) {
        statements += 1;
        return database.statement(work);
      },
    }),
  });
});
beforeEach(async () => {
  account = await app.seed.account();
  owner = await account.owner.login();
  receiver = await startReceiver();
  streamId = (await createStream(owner, { url: receiver.url })).stream.id;
});
afterEach(() => receiver.close());
afterAll(() => app.close());

/** Writes that many ends of sessions into the outbox. */
const burst = (count: number) =>
  sql`
    with events as (
      insert into security_events (account_id, type, session_id, occurred_at)
      select ${account.id}, 'session.ended', 'session ' || n, now() from generate_series(1, ${count}::int) n
      returning id, session_id)
    insert into event_deliveries (stream_id, event_id, type, session_id, order_key, due_at)
    select ${streamId}::uuid, id, 'session.ended', session_id, session_id, now() - interval '1 hour' from events`.execute(
    app.database.em().getKysely(),
  );

const untilDelivered = (count: number) =>
  waitUntil(async () => (await readStream(owner, streamId)).pendingCount === 0, {
    what: `${count} deliveries`,
    timeoutMs: 60_000,
  });

test('events of a burst share statements and connections, and each arrives once', async () => {
  const COUNT = 300;
  await burst(COUNT);
  statements = 0;
  app.clock.advance(1_000);
  await waitUntil(() => receiver.received.length >= COUNT, { what: 'the burst', timeoutMs: 60_000 });
  const used = statements;
  await untilDelivered(COUNT);
  expect(new Set(receiver.received.map(({ id }) => id)).size).toBe(COUNT);
  expect(receiver.received).toHaveLength(COUNT);
  // Of its own each would have a claim and a store, and a connection.
  expect(used).toBeLessThan(COUNT);
  expect(receiver.connections).toBeLessThan(COUNT / 2);
});

test('a stream with a burst delays the first event of another account by a turn, not by the burst', async () => {
  const COUNT = 3_000;
  const other = await startReceiver();
  const otherOwner = await (await app.seed.account()).owner.login();
  const { stream } = await createStream(otherOwner, { url: other.url });
  await burst(COUNT);
  app.clock.advance(1_000);
  await waitUntil(() => receiver.received.length > 0, { what: 'the burst', timeoutMs: 10_000 });
  await sendTest(otherOwner, stream.id);
  await waitUntil(() => other.received.length > 0, { what: 'the other one', timeoutMs: 60_000 });
  expect(receiver.received.length).toBeLessThan(COUNT / 2);
  await other.close();
});

test('a node that stops gives back what it has claimed', async () => {
  const testDatabase = await createTestDatabase(USUAL_DATABASE);
  const node = await startApp({ env: PRIVATE, sharedDatabase: testDatabase });
  const user = await (await node.seed.account()).owner.login();
  const { stream } = await createStream(user, { url: receiver.url });
  receiver.answer(() => {});
  for (let count = 0; count < 10; count += 1) await sendTest(user, stream.id);
  await waitUntil(() => receiver.openRequests > 0, { what: 'a request', timeoutMs: 10_000 });
  await node.close();
  const database = await testDatabase.open();
  const { rows } = await sql`
    select status, lease_id is not null as claimed, count(*)::int from event_deliveries group by 1, 2`.execute(
    database.em().getKysely(),
  );
  expect(rows).toEqual([{ status: 'PENDING', claimed: false, count: 10 }]);
  await database.close();
  await testDatabase.drop();
});
