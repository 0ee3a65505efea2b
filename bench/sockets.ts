import { execFileSync } from 'node:child_process';
import { startBare, startCurfew, type ChildServer } from './lib/child-server.ts';
import { dashboard, SESSION_EXPIRY } from './lib/documents.ts';
import { spread } from './lib/load.ts';
import { createProbe } from './lib/create-probe.ts';
import { publish, type Row } from './lib/report.ts';
import { seedSignedIn } from './lib/signed-in.ts';
import { inBenchRun, type BenchRun } from './lib/bench-run.ts';
import { openSubscribers, type Received } from './lib/subscribers.ts';

// The cost of one idle subscriber of a node, and the time until all have their event: after one revocation of the account,
// and when all warnings are due in one second. Each round has a new server.

const SUBSCRIBERS = Number(process.env.BENCH_SUBSCRIBERS ?? 10_000);
const ROUNDS = Number(process.env.BENCH_ROUNDS ?? 5);
const WARNING_SECONDS = 300;
/** Time to connect all subscribers and become idle before the deadlines. */
const CONNECTING_SECONDS = 10 + SUBSCRIBERS / 250;
const SPARE_FILES = 100;

/** One round of one server, in milliseconds and bytes. */
interface Figures {
  rss: number;
  heap: number;
  connectMs: number;
  lastToldMs: number;
  blockedMs: number;
  busiestMs: number;
}

interface DeadlineFigures {
  /** The maximum delay of a WARNING by the server's clock. */
  latestMs: number;
  /** The time from the last due WARNING until the last client got its own. */
  lastToldMs: number;
  blockedMs: number;
  busiestMs: number;
}

type Server = { running: ChildServer; init: (index: number) => object; tell: () => Promise<unknown> };

export async function sockets(): Promise<void> {
  refuseFewFiles();
  const servers = { 'bare ws': startBareWs, 'bare graphql-ws': startGraphQLWs, Curfew: startSignedIn };
  const names = Object.keys(servers) as (keyof typeof servers)[];
  const rounds: Record<string, Figures[]> = Object.fromEntries(names.map((name) => [name, []]));
  const deadlines: DeadlineFigures[] = [];
  for (let round = 0; round < ROUNDS; round += 1) {
    for (const name of names) rounds[name]!.push(await inBenchRun((bench) => revoke(bench, servers[name])));
    deadlines.push(await inBenchRun(warn));
  }

  const list = (name: string, key: keyof Figures): number[] => rounds[name]!.map((figures) => figures[key]);
  const rows = (what: string, key: keyof Figures, unit: string, aims: Record<string, Row['ratio']>): Row[] =>
    names.map((name) => ({
      what: `${what}: ${name}`,
      value: spread(list(name, key)).median,
      unit,
      rounds: list(name, key),
      ratio: aims[name],
    }));
  const toBare = (key: keyof Figures, atMost?: number): Row['ratio'] => ({
    to: 'bare graphql-ws',
    value: spread(list('Curfew', key)).median / spread(list('bare graphql-ws', key)).median,
    atMost,
  });
  const toAim = (values: number[], aim: number): Row['ratio'] => ({
    to: `${aim} ms`,
    value: spread(values).median / aim,
    atMost: 1,
  });
  const ofDeadlines = (what: string, key: keyof DeadlineFigures, aim?: number): Row => {
    const values = deadlines.map((figures) => figures[key]);
    const ratio = aim === undefined ? undefined : toAim(values, aim);
    return { what, value: spread(values).median, unit: 'ms', rounds: values, ratio };
  };
  const many = SUBSCRIBERS.toLocaleString('en-US');

  await publish({
    name: 'sockets',
    title: `${many} subscribers of sessionExpiry, each with its own session; medians of ${ROUNDS} rounds`,
    rows: [
      ...rows('memory per subscriber, RSS', 'rss', 'KB', { Curfew: toBare('rss', 1.25) }),
      ...rows('memory per subscriber, alive', 'heap', 'KB', { Curfew: toBare('heap') }),
      ...rows('to connect all', 'connectMs', 'ms', { Curfew: toBare('connectMs') }),
      ...rows('one call, last client told', 'lastToldMs', 'ms', { Curfew: toBare('lastToldMs', 1.5) }),
      ...rows('... event loop blocked', 'blockedMs', 'ms', {
        Curfew: toAim(list('Curfew', 'blockedMs'), 100),
      }),
      ...rows('... of that its own work at most', 'busiestMs', 'ms', {}),
      ofDeadlines(`${many} deadlines in one second, latest WARNING`, 'latestMs', 1_000),
      ofDeadlines('... last client told, after the last was due', 'lastToldMs'),
      ofDeadlines('... event loop blocked', 'blockedMs', 100),
      ofDeadlines('... of that its own work at most', 'busiestMs'),
    ],
  });
}

type Start = (bench: BenchRun, env: Record<string, string>) => Promise<Server>;

const bare =
  (name: string): Start =>
  async (bench, env) => {
    const running = await bench.use(startBare(name, env));
    return { running, init: () => ({}), tell: () => fetch(running.url, { method: 'POST' }) };
  };
const startBareWs = bare('bare-ws');
const startGraphQLWs = bare('graphql-ws');

const startSignedIn: Start = async (bench, env) => {
  const database = await bench.database();
  const signedIn = await seedSignedIn(database, SUBSCRIBERS);
  const running = await bench.use(startCurfew(database.url, { ...env, ...signedIn.env }));
  const tokens = signedIn.tokens(running.url);
  const authorization = `Bearer ${signedIn.ownerToken(running.url)}`;
  return {
    running,
    init: (index) => ({ accessToken: tokens[index] }),
    async tell() {
      const headers = { 'content-type': 'application/json', authorization };
      const body = JSON.stringify({ query: dashboard.sessionsRevokeMany, variables: { scope: 'ALL' } });
      const answer = await fetch(`${running.url}/graphql`, { method: 'POST', headers, body });
      const { data, errors } = (await answer.json()) as {
        data?: { revokeSessions: { revokedCount: number } };
        errors?: unknown;
      };
      if (data?.revokeSessions.revokedCount !== SUBSCRIBERS + 1)
        throw new Error(`revokeSessions answered ${JSON.stringify(data ?? errors)}`);
    },
  };
};

async function revoke(bench: BenchRun, start: Start): Promise<Figures> {
  const probe = await createProbe();
  const { running, init, tell } = await start(bench, probe.env);
  await probe.quiet();
  const before = await probe.collected();
  const connecting = performance.now();
  const subscribers = await openSubscribers({
    url: running.url,
    count: SUBSCRIBERS,
    init,
    query: SESSION_EXPIRY,
  });
  const connectMs = performance.now() - connecting;
  await probe.quiet();
  const idle = await probe.collected();
  await probe.reset();
  const called = performance.timeOrigin + performance.now();
  const [received] = await Promise.all([subscribers.firstEvents, tell()]);
  await subscribers.closed;
  const { blockedMs, busiestMs } = await probe.sample();
  const perSubscriber = (key: 'rss' | 'heap'): number => (idle[key] - before[key]) / SUBSCRIBERS / 1000;
  await subscribers.stop();
  return {
    rss: perSubscriber('rss'),
    heap: perSubscriber('heap'),
    connectMs,
    lastToldMs: received.at(-1)!.at - called,
    blockedMs,
    busiestMs,
  };
}

/** Spreads the deadlines evenly over one second. */
async function warn(bench: BenchRun): Promise<DeadlineFigures> {
  const probe = await createProbe();
  const database = await bench.database();
  const signedIn = await seedSignedIn(database, SUBSCRIBERS);
  const running = await bench.use(startCurfew(database.url, { ...probe.env, ...signedIn.env }));
  const tokens = signedIn.tokens(running.url);
  const [{ due }] = (await database.query<{ due: Date }>(
    `with due as (select date_trunc('second', clock_timestamp()) + $1 * interval '1 second' as at), numbered as (
       select id, row_number() over () - 1 as n from sessions)
     update sessions s set idle_expires_at = date_trunc('milliseconds', due.at + interval '1 second' * ($2 + n::float / $3))
     from due, numbered where numbered.id = s.id returning due.at as due`,
    [CONNECTING_SECONDS, WARNING_SECONDS, SUBSCRIBERS + 1],
  )) as [{ due: Date }];
  const subscribers = await openSubscribers({
    url: running.url,
    count: SUBSCRIBERS,
    init: (index) => ({ accessToken: tokens[index] }),
    query: SESSION_EXPIRY,
  });
  await probe.quiet();
  await probe.reset();
  if (performance.timeOrigin + performance.now() > due.getTime())
    throw new Error('Connecting took so long that the warnings had begun.');
  const received = await subscribers.firstEvents;
  const { blockedMs, busiestMs } = await probe.sample();
  await subscribers.stop();
  return {
    latestMs: Math.max(...received.map(lateness)),
    lastToldMs: received.at(-1)!.at - due.getTime() - 1_000,
    blockedMs,
    busiestMs,
  };
}

function lateness({ text }: Received): number {
  const { kind, idleExpiresAt, serverTime } = JSON.parse(text).payload.data.sessionExpiry;
  if (kind !== 'WARNING') throw new Error(`A subscriber was told ${kind} instead of WARNING.`);
  return Date.parse(serverTime) - (Date.parse(idleExpiresAt) - WARNING_SECONDS * 1_000);
}

/** Node raises its soft limit to the hard limit itself. */
function refuseFewFiles(): void {
  const limit = execFileSync('sh', ['-c', 'ulimit -Hn'], { encoding: 'utf8' }).trim();
  if (limit === 'unlimited' || Number(limit) >= SUBSCRIBERS + SPARE_FILES) return;
  throw new Error(
    `${SUBSCRIBERS} sockets need as many open files; this shell allows ${limit}. Raise it (ulimit -n) or set BENCH_SUBSCRIBERS.`,
  );
}
