import { setTimeout as pause } from 'node:timers/promises';
import { Client } from 'undici';
import { inBenchRun, type BenchRun } from './lib/bench-run.ts';
import { startCurfew, type ChildServer } from './lib/child-server.ts';
import { createCredentials } from './lib/credentials.ts';
import { createProbe, type Probe } from './lib/create-probe.ts';
import { spread, type LoadResult } from './lib/load.ts';
import { loadOfOthers, OTHERS } from './lib/load-of-others.ts';
import { publish, type Row } from './lib/report.ts';
import type { ScratchDatabase } from './lib/scratch-database.ts';
import { seedSessions, type Seeded } from './lib/seed.ts';
import { inWords, ROUNDS, SECONDS } from './lib/settings.ts';

// An owner takes a long audit trail home while others go on working: how long it takes, what memory it needs, and what
// the others notice.

const EVENTS = Number(process.env.BENCH_AUDIT_EVENTS ?? 1_000_000);
const FORMATS = ['csv', 'jsonl'] as const;
type Format = (typeof FORMATS)[number];

const SAMPLE_MS = 50;
const MEGABYTE = 1024 * 1024;
/** What the export may take more, and what the requests of others may. */
const MAX_MEMORY_MB = 100;
const MAX_SLOWER = 1.5;

type Latency = LoadResult['latency'];

/** Times in milliseconds, memory in megabytes. */
interface Figures {
  took: number;
  megabytes: number;
  memory: number;
  blocked: number;
  /** Before the export and after it, since a machine is not always equally quick. */
  without: [Latency, Latency];
  beside: Latency;
}

export async function exportTrail(): Promise<void> {
  await inBenchRun(async (bench) => {
    const database = await bench.database();
    const seeded = await seedSessions(database, { sessions: 1, users: 1 });
    const others = await seedSessions(database, { sessions: OTHERS });
    await seedTrail(database, seeded);
    const figures: Record<Format, Figures[]> = { csv: [], jsonl: [] };
    for (let round = 0; round < ROUNDS; round += 1)
      for (const format of FORMATS)
        figures[format].push(await measureExport(bench, database, { seeded, others, format }));
    await publish({
      name: 'export',
      title: `Exports of ${inWords(EVENTS)} audit events; medians of ${ROUNDS} ${ROUNDS === 1 ? 'round' : 'rounds'}`,
      rows: FORMATS.flatMap((format) => rowsOf(format, figures[format])),
      postgres: await database.describe(),
    });
  });
}

function rowsOf(format: Format, figures: readonly Figures[]): Row[] {
  const row = (what: string, unit: string, pick: (of: Figures) => number): Row => {
    const rounds = figures.map(pick);
    return { what: `${what}: ${format}`, value: spread(rounds).median, unit, rounds };
  };
  const compared = (name: 'median' | 'p99'): Row[] => {
    const without = row(
      `requests of another account, ${name}, without it`,
      'ms',
      ({ without }) => (without[0][name] + without[1][name]) / 2,
    );
    const beside = row(`requests of another account, ${name}, beside it`, 'ms', (of) => of.beside[name]);
    return [
      without,
      { ...beside, ratio: { to: 'without it', value: beside.value / without.value, atMost: MAX_SLOWER } },
    ];
  };
  const memory = row('memory more at most', 'MB', ({ memory }) => memory);
  return [
    row('from the request to the last byte', 'ms', ({ took }) => took),
    row('size', 'MB', ({ megabytes }) => megabytes),
    {
      ...memory,
      ratio: { to: `${MAX_MEMORY_MB} MB`, value: memory.value / MAX_MEMORY_MB, atMost: 1 },
    },
    row('event loop blocked', 'ms', ({ blocked }) => blocked),
    ...compared('median'),
    ...compared('p99'),
    row('requests of another account, the slowest, beside it', 'ms', ({ beside }) => beside.slowest),
  ];
}

async function seedTrail(database: ScratchDatabase, { accountId, userIds }: Seeded): Promise<void> {
  await database.query(
    `insert into audit_events (id, account_id, action, actor_id, actor_name, resource_type, resource_id, subject_name, details,
       ip_address, created_at, retain_until)
     select gen_random_uuid(), $1, case n % 2 when 0 then 'session.started' else 'session.ended' end, $2, 'User 1', 'session',
       gen_random_uuid()::text, 'User 1',
       '{"app_type": "CONTROL_PANEL", "idle_seconds": 1800, "absolute_seconds": 43200, "authentication_method": "PASSWORD"}',
       '192.0.2.1', now() - interval '10 seconds' * n, now() + interval '400 days'
     from generate_series(1, $3::int) n`,
    [accountId, userIds[0], EVENTS],
  );
  await database.query('vacuum analyze audit_events');
}

async function measureExport(
  bench: BenchRun,
  database: ScratchDatabase,
  { seeded, others, format }: { seeded: Seeded; others: Seeded; format: Format },
): Promise<Figures> {
  const credentials = createCredentials();
  const probe = await createProbe();
  // The sign-in is as old as the trail: later rounds come after it was new enough for an export.
  const env = { ...credentials.env, ...probe.env, SENSITIVE_ACTION_MAX_AGE_SECONDS: '0' };
  const curfew = await bench.use(startCurfew(database.url, env));
  try {
    const token = credentials.tokensOf(seeded, curfew.url).accessTokenOf(0);
    const load = loadOfOthers(curfew, others);
    // Without requests of others, which leave garbage, too.
    await probe.reset();
    const { rss } = await probe.sample();
    const alone = downloadTrail(curfew, token, format);
    const [, peak] = await Promise.all([alone, peakUntil(probe, alone)]);

    await load(SECONDS / 2);
    const before = await load(SECONDS);
    await probe.reset();
    const download = downloadTrail(curfew, token, format);
    const [{ took, bytes, lines }, beside] = await Promise.all([download, load(600, download)]);
    const { blockedMs } = await probe.sample();
    const after = await load(SECONDS);
    // The events, the export's own, and the head of the CSV file.
    const expected = EVENTS + 1 + (format === 'csv' ? 1 : 0) + (await earlierExports(database, seeded));
    if (lines !== expected) throw new Error(`The file has ${lines} lines of ${expected}.`);
    return {
      took,
      megabytes: bytes / MEGABYTE,
      memory: Math.max(0, peak - rss) / MEGABYTE,
      blocked: blockedMs,
      without: [before.latency, after.latency],
      beside: beside.latency,
    };
  } finally {
    await curfew.stop();
  }
}

/** Each export is an event of the trail that the next ones have, too. */
async function earlierExports(database: ScratchDatabase, { accountId }: Seeded): Promise<number> {
  const [row] = await database.query<{ count: number }>(
    `select count(*)::int as count from audit_events where account_id = $1 and action = 'export.created'`,
    [accountId],
  );
  return row!.count - 1;
}

/** Reads the file as it comes and keeps nothing of it. */
async function downloadTrail(
  curfew: ChildServer,
  token: string,
  format: Format,
): Promise<{ took: number; bytes: number; lines: number }> {
  const client = new Client(curfew.url, { bodyTimeout: 60_000 });
  const started = performance.now();
  const { statusCode, body } = await client.request({
    path: `/export/audit?format=${format}`,
    method: 'GET',
    headers: { authorization: `Bearer ${token}` },
  });
  let [bytes, lines] = [0, 0];
  for await (const chunk of body as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    for (let at = chunk.indexOf(10); at >= 0; at = chunk.indexOf(10, at + 1)) lines += 1;
  }
  const took = performance.now() - started;
  await client.close();
  if (statusCode !== 200) throw new Error(`The export was answered ${statusCode}.`);
  return { took, bytes, lines };
}

/** The most memory of the process, in bytes, until `end`. */
async function peakUntil(probe: Probe, end: Promise<unknown>): Promise<number> {
  let isOver = false;
  const stop = (): void => void (isOver = true);
  end.then(stop, stop);
  let peak = 0;
  while (!isOver) {
    peak = Math.max(peak, (await probe.sample()).rss);
    await pause(SAMPLE_MS);
  }
  return peak;
}
