import { setTimeout as pause } from 'node:timers/promises';
import { findFreePort } from '../server/http/free-port.ts';
import { createGraphQLClient } from '../test/graphql-client.ts';
import { startCurfew } from './lib/child-server.ts';
import { createCredentials } from './lib/credentials.ts';
import { ask, graphqlCall } from './lib/graphql.ts';
import { spread } from './lib/load.ts';
import { publish, type Row } from './lib/report.ts';
import type { ScratchDatabase } from './lib/scratch-database.ts';
import { seedSessions } from './lib/seed.ts';
import { REDIS_URL, ROUNDS, SESSIONS } from './lib/settings.ts';
import { inBenchRun } from './lib/bench-run.ts';
import { until } from './lib/timing.ts';

// Two nodes on one PostgreSQL: a session is ended at one, and its subscriber is connected to the other. Compared are the
// ways that the event may take. Without one, a node finds the change when it next searches for changed rows.

const END = `mutation End($input: EndUserSessionsInput!) { endUserSessions(input: $input) { revokedCount } }`;
const WATCH = `subscription { sessionExpiry { kind endReason } }`;

const ENDS = Math.min(SESSIONS, 100);
const WARM_UP = 5;
/** Spreads the ends over the two seconds between two searches. */
const PAUSE_MS = 47;

type Way = 'none' | 'NOTIFY' | 'Redis';

/** Milliseconds from the call, one of each for every session. */
interface Delays {
  answer: number[];
  event: number[];
}

export async function nodes(): Promise<void> {
  await inBenchRun(async (bench) => {
    const database = await bench.database();
    const postgres = await database.describe();
    const ways: Way[] = REDIS_URL === undefined ? ['none', 'NOTIFY'] : ['none', 'NOTIFY', 'Redis'];
    const rounds = new Map(ways.map((way): [Way, Delays[]] => [way, []]));
    for (let round = 0; round < ROUNDS; round += 1)
      for (const way of ways) rounds.get(way)!.push(await measure(way, database));

    const afterAnswer = ({ answer, event }: Delays): number[] =>
      event.map((ms, index) => Math.max(0, ms - answer[index]!));
    const rows = (what: string, pick: (delays: Delays) => number[], key: 'median' | 'p99'): Row[] => {
      const valueOf = (way: Way): number => spread(rounds.get(way)!.flatMap(pick))[key];
      return ways.map((way) => ({
        what: `${what}, ${key}: ${way}`,
        value: valueOf(way),
        unit: 'ms',
        rounds: rounds.get(way)!.map((delays) => spread(pick(delays))[key]),
        ratio: way === 'none' ? undefined : { to: 'none', value: valueOf(way) / valueOf('none') },
      }));
    };
    await publish({
      name: 'nodes',
      title: `A session is ended at one node, its subscriber is at the other; ${ROUNDS} times ${ENDS} sessions`,
      rows: [
        ...rows('from the answer to the event', afterAnswer, 'median'),
        ...rows('from the answer to the event', afterAnswer, 'p99'),
        ...rows('from the call to the event', ({ event }) => event, 'median'),
        ...rows('from the call to the event', ({ event }) => event, 'p99'),
        ...rows('from the call to the answer', ({ answer }) => answer, 'median'),
      ],
      postgres,
      remarks: REDIS_URL === undefined ? ['Redis is left out: BENCH_REDIS_URL names none.'] : [],
    });
  });
}

/** Ends sessions one after the other at a node, while the other has a subscriber of each. */
async function measure(way: Way, database: ScratchDatabase): Promise<Delays> {
  const count = WARM_UP + ENDS;
  const seeded = await seedSessions(database, { sessions: count, users: count });
  const credentials = createCredentials();
  const ports = [await findFreePort(), await findFreePort()];
  const [here, there] = ports.map((port) => `http://127.0.0.1:${port}`) as [string, string];
  await using stack = new AsyncDisposableStack();
  for (const port of ports) {
    const node = await startCurfew(database.url, {
      ...credentials.env,
      PORT: String(port),
      // Events go to nodes of the same installation only, so two public URLs keep nodes from hearing each other.
      PUBLIC_URL: way === 'none' ? `http://127.0.0.1:${port}` : here,
      ...(way === 'Redis' && { REDIS_URL: REDIS_URL! }),
    });
    stack.defer(async () => void (await node.stop()));
  }
  const metrics = async (url: string): Promise<string> => (await fetch(`${url}/metrics`)).text();
  for (const url of [here, there])
    await until(async () => /^curfew_(notify|redis)_up 1$/m.test(await metrics(url)));

  const { accessTokenOf } = credentials.tokensOf(seeded, way === 'none' ? there : here);
  const client = createGraphQLClient(there);
  const subscribers = Array.from({ length: count }, (_, index) =>
    client.subscribe(WATCH, { accessToken: accessTokenOf(index) }),
  );
  await until(async () => (await metrics(there)).includes(`\ncurfew_watched_sessions ${count}\n`));

  const delays = await Promise.all(
    subscribers.map(async (subscriber, index) => {
      await pause(index * PAUSE_MS);
      const started = performance.now();
      const since = (): number => performance.now() - started;
      const input = { userId: seeded.userOf(index), reason: 'REVOKED_BY_SERVICE' };
      const [answer, event] = await Promise.all([
        ask(here, graphqlCall(seeded.serviceKey, END, { input })).then(since),
        subscriber.next().then(since),
      ]);
      if (subscriber.events[0]?.kind !== 'REVOKED')
        throw new Error(`Another event: ${JSON.stringify(subscriber.events)}`);
      return { answer, event };
    }),
  );
  const measured = delays.slice(WARM_UP);
  return { answer: measured.map(({ answer }) => answer), event: measured.map(({ event }) => event) };
}
