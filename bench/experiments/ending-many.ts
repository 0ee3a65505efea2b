import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import pg from 'pg';
import { openDatabase } from '../../server/open-database.ts';
import { COMMAND_TIMEOUT_MS } from '../../server/database/timeouts.ts';
import { createLogger } from '../../server/logger.ts';
import { revokeSessions } from '../../server/sessions/revoke.sql.ts';
import { spread } from '../lib/load.ts';
import { publish, type Row } from '../lib/report.ts';
import type { ScratchDatabase } from '../lib/scratch-database.ts';
import { seedSessions } from '../lib/seed.ts';
import { inBenchRun } from '../lib/bench-run.ts';

// Ends every session of one account in several ways. Measures the duration, the log volume, the time until it takes effect,
// and the effect on another account. Every measurement uses its own account.
//
//   SESSIONS=100000 BENCH_ROUNDS=3 node bench/experiments/ending-many.ts [WAY...]

const SESSIONS = Number(process.env.SESSIONS ?? 100_000);
const ROUNDS = Number(process.env.BENCH_ROUNDS ?? 3);
const BATCH_SIZE = 10_000;

interface Setting {
  client: pg.Client;
  accountId: string;
  url: string;
}

/** Ends all sessions of the account. Returns the milliseconds until none was live. */
type Way = (setting: Setting) => Promise<{ effectMs?: number; ended: number }>;

const ways: Record<string, Way> = {
  async 'the plain UPDATE'({ client, accountId }) {
    const { rowCount } = await client.query(
      `update sessions s set ended_at = now(), end_reason = 'REVOKED_BY_OWNER'
       where s.account_id = $1 and session_is_live(s, now())`,
      [accountId],
    );
    return { ended: rowCount! };
  },
  async 'revokeSessions() as it is, ids returned'({ url, accountId }) {
    const database = await openDatabase({ url, dataDir: '' }, createLogger('warn'));
    const now = new Date();
    const ids = await database.longTransaction(COMMAND_TIMEOUT_MS, (em) =>
      revokeSessions(em, { accountId }, 'REVOKED_BY_OWNER', now),
    );
    await database.close();
    return { ended: ids.length };
  },
  'batches of 1,000': (setting) => inBatches(setting, 1_000),
  'batches of 10,000': (setting) => inBatches(setting, 10_000),
  'batches of 50,000': (setting) => inBatches(setting, 50_000),
  async 'an ending, then marked'(setting) {
    const { client, accountId } = setting;
    const started = performance.now();
    await client.query('begin');
    await client.query('select 1 from accounts where id = $1 for no key update', [accountId]);
    const { rows } = await client.query<{ live: number }>(
      'select count(*)::int as live from live_sessions(now()) s where s.account_id = $1',
      [accountId],
    );
    await client.query(
      `with ending as (update accounts set endings = endings + 1 where id = $1 returning id, endings)
       insert into account_revocations (account_id, epoch, ended_at, end_reason)
       select id, endings, now(), 'REVOKED_BY_OWNER' from ending`,
      [accountId],
    );
    await client.query('commit');
    const effectMs = performance.now() - started;
    const { ended } = await inBatches(setting, BATCH_SIZE);
    await client.query('delete from account_revocations where account_id = $1', [accountId]);
    if (ended !== rows[0]!.live) throw new Error(`counted ${rows[0]!.live}, marked ${ended}`);
    return { effectMs, ended };
  },
};

/** Commits each batch. The next one continues after it. */
async function inBatches({ client, accountId }: Setting, size: number): Promise<{ ended: number }> {
  let ended = 0;
  for (let after: unknown[] = ['infinity', '']; ;) {
    const { rows } = await client.query<{ n: number; since: string; id: string }>(
      `with due as (
         select s.id, s.authenticated_at from sessions s
         where s.account_id = $1 and s.ended_at is null and (s.authenticated_at, s.id) < ($3::timestamptz, $4)
         order by s.authenticated_at desc, s.id desc limit $2 for update),
       ended as (
         update sessions s set ended_at = now(), end_reason = 'REVOKED_BY_OWNER' from due where s.id = due.id returning s.id)
       select (select count(*)::int from ended) as n, authenticated_at::text as since, id from due
       order by authenticated_at, id limit 1`,
      [accountId, size, ...after],
    );
    const last = rows[0];
    if (!last) return { ended };
    ended += last.n;
    after = [last.since, last.id];
  }
}

/** Checks and touches sessions of another account one by one, and records the durations. */
function probe(url: string, accountId: string) {
  const reads: number[] = [];
  const touches: number[] = [];
  let isOver = false;
  const running = (async () => {
    const client = new pg.Client({ connectionString: url });
    await client.connect();
    const { rows } = await client.query<{ id: string }>('select id from sessions where account_id = $1', [
      accountId,
    ]);
    const timed = async (into: number[], text: string, id: string): Promise<void> => {
      const started = performance.now();
      await client.query({ name: text.slice(0, 6), text, values: [id] });
      into.push(performance.now() - started);
    };
    for (let n = 0; !isOver; n += 1) {
      const { id } = rows[n % rows.length]!;
      await timed(
        reads,
        'select s.*, u.is_active from sessions s join users u on u.id = s.user_id where s.id = $1',
        id,
      );
      await timed(
        touches,
        'update sessions s set last_activity_at = now() where s.id = $1 and session_is_live(s, now())',
        id,
      );
    }
    await client.end();
  })();
  return {
    async stop() {
      isOver = true;
      await running;
      return { read: spread(reads), touch: spread(touches) };
    },
  };
}

type Felt = Awaited<ReturnType<ReturnType<typeof probe>['stop']>>;

interface Figures {
  seconds: number;
  megabytes: number;
  effectMs?: number;
  felt: Felt;
}

async function measure(database: ScratchDatabase, way: Way, otherId: string): Promise<Figures> {
  const { accountId } = await seedSessions(database, { sessions: SESSIONS });
  await database.query('checkpoint');
  const client = new pg.Client({ connectionString: database.url });
  await client.connect();
  const position = async (): Promise<string> =>
    (await client.query<{ at: string }>('select pg_current_wal_lsn() as at')).rows[0]!.at;
  const before = await position();
  const other = probe(database.url, otherId);
  const started = performance.now();
  const { effectMs, ended } = await way({ client, accountId, url: database.url });
  const seconds = (performance.now() - started) / 1000;
  const felt = await other.stop();
  if (ended !== SESSIONS) throw new Error(`ended ${ended} of ${SESSIONS}`);
  const { rows } = await client.query<{ bytes: string }>(
    'select pg_current_wal_lsn() - $1::pg_lsn as bytes',
    [before],
  );
  await client.end();
  return { seconds, megabytes: Number(rows[0]!.bytes) / 1e6, effectMs, felt };
}

const wanted = process.argv.length > 2 ? process.argv.slice(2) : Object.keys(ways);
await inBenchRun(async (bench) => {
  const database = await bench.database();
  await database.query(await readFile(join(import.meta.dirname, 'endings.sql'), 'utf8'));
  const other = await seedSessions(database, { sessions: 1_000 });

  const idle = probe(database.url, other.accountId);
  await new Promise((done) => setTimeout(done, 3_000));
  const calm = await idle.stop();

  const figures = new Map(wanted.map((name): [string, Figures[]] => [name, []]));
  for (let round = 0; round < ROUNDS; round += 1)
    for (const [name, measured] of figures) {
      measured.push(await measure(database, ways[name]!, other.accountId));
      console.log(round + 1, name, JSON.stringify(measured.at(-1)));
    }

  const median = (values: number[]): number => spread(values).median;
  const feeling = ({ read, touch }: Felt): string =>
    `other account: read p99 ${read.p99.toFixed(1)} ms, touch p99 ${touch.p99.toFixed(1)} ms, slowest ${Math.max(read.slowest, touch.slowest).toFixed(0)} ms`;
  const plain = figures.get('the plain UPDATE');
  const rows = [...figures].map(([what, measured]): Row => {
    const seconds = median(measured.map((each) => each.seconds));
    const effect =
      measured[0]!.effectMs === undefined
        ? ''
        : `effect after ${median(measured.map((each) => each.effectMs!)).toFixed(0)} ms; `;
    const worst = measured.toSorted((a, b) => a.felt.touch.p99 - b.felt.touch.p99)[measured.length >> 1]!;
    return {
      what,
      value: seconds,
      unit: 's',
      rounds: measured.map((each) => each.seconds),
      ratio: plain && { to: 'the plain UPDATE', value: seconds / median(plain.map((each) => each.seconds)) },
      note: `${median(measured.map((each) => each.megabytes)).toFixed(0)} MB of log; ${effect}${feeling(worst.felt)}`,
    };
  });
  await publish({
    name: `experiment-ending-${SESSIONS}`,
    title: `Ending ${SESSIONS.toLocaleString('en-US')} sessions, medians of ${ROUNDS} rounds; nothing else running: ${feeling(calm)}`,
    rows,
  });
});
