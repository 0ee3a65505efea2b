import { readFile } from 'node:fs/promises';
import { inBenchRun } from '../lib/bench-run.ts';
import { publish } from '../lib/report.ts';
import { measureInRounds, type Candidate } from '../lib/rounds.ts';
import type { ScratchDatabase } from '../lib/scratch-database.ts';
import { seedSessions } from '../lib/seed.ts';

// What two conveniences of the pages cost the database: the index by which "recently ended" is read, at every end; and the
// numbers of an applied policy, beside the count of live sessions that it needs anyway. Processor time of the backend, which
// other work on the machine hardly changes: PostgreSQL has to run on this machine, with the same /proc.
//
//   SESSIONS=200000 BENCH_ROUNDS=7 node bench/experiments/ends-and-counts.ts

const SESSIONS = Number(process.env.SESSIONS ?? 200_000);
const ROUNDS = Number(process.env.BENCH_ROUNDS ?? 7);
/** Ends of one round: single ones, and those of one statement. */
const SINGLE = Math.floor(SESSIONS / ROUNDS / 5);
const TOGETHER = Math.floor(SESSIONS / ROUNDS / 2);
/** `USER_HZ` of Linux. */
const TICKS_PER_SECOND = 100;

async function processorSeconds(database: ScratchDatabase): Promise<number> {
  const [backend] = await database.query<{ pid: number }>('select pg_backend_pid() as pid');
  const stat = await readFile(`/proc/${backend!.pid}/stat`, 'utf8');
  // The name of the process, in brackets, may hold blanks.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return (Number(fields[11]) + Number(fields[12])) / TICKS_PER_SECOND;
}

/** Microseconds of processor time for each of `count` ends. */
const costOf = (
  name: string,
  database: ScratchDatabase,
  count: number,
  statement: () => string,
): Candidate => ({
  name,
  async measure() {
    const before = await processorSeconds(database);
    await database.query(statement());
    return (((await processorSeconds(database)) - before) / count) * 1e6;
  },
});

/** Candidates that end sessions of a database of their own, each session once. */
async function endsIn(database: ScratchDatabase, which: string, drop: string | null): Promise<Candidate[]> {
  const { idInSql } = await seedSessions(database, { sessions: SESSIONS, users: SESSIONS / 10 });
  if (drop !== null) await database.query(`drop index ${drop}`);
  await database.query('set synchronous_commit = off');
  await database.query('alter table sessions set (autovacuum_enabled = false)');
  let ended = 0;
  const next = (count: number) => ({ from: ended, to: (ended += count) - 1 });
  return [
    costOf(`an end, ${which}`, database, SINGLE, () => {
      const { from, to } = next(SINGLE);
      return `do $$ begin for n in ${from}..${to} loop
        update sessions set ended_at = clock_timestamp(), end_reason = 'LOGOUT' where id = ${idInSql('n')} and ended_at is null;
      end loop; end $$`;
    }),
    costOf(`one of many ends, ${which}`, database, TOGETHER, () => {
      const { from, to } = next(TOGETHER);
      return `update sessions set ended_at = now(), end_reason = 'REVOKED_BY_OWNER'
        where id in (select ${idInSql('n')} from generate_series(${from}::int, ${to}::int) n) and ended_at is null`;
    }),
  ];
}

/** The count of live sessions, without and with those that a policy of 30 and 45 minutes ends and shortens. */
async function countsIn(database: ScratchDatabase): Promise<Candidate[]> {
  const { accountId } = await seedSessions(database, { sessions: SESSIONS, users: SESSIONS / 10 });
  await database.query('set max_parallel_workers_per_gather = 0');
  const live = `from live_sessions(now()) s where s.account_id = '${accountId}'`;
  const absolute = `least(s.absolute_expires_at, s.authenticated_at + interval '45 minutes')`;
  const idle = `least(s.idle_expires_at, s.last_activity_at + interval '30 minutes', ${absolute})`;
  const isPast = `${idle} <= now()`;
  return [
    costOf('a live session in the count', database, SESSIONS, () => `select count(*) ${live}`),
    costOf(
      'the same with what a policy does to it',
      database,
      SESSIONS,
      () => `select count(*), count(*) filter (where ${isPast}),
        count(*) filter (where not ${isPast} and (${idle} < s.idle_expires_at or ${absolute} < s.absolute_expires_at)) ${live}`,
    ),
  ];
}

await inBenchRun(async (bench) => {
  const candidates = [
    ...(await endsIn(await bench.database(), 'with the index of ends', null)),
    ...(await endsIn(await bench.database(), 'without it', 'sessions_account_ended_at')),
    ...(await countsIn(await bench.database())),
  ];
  const measured = await measureInRounds(candidates, ROUNDS);
  await publish({
    name: 'ends-and-counts',
    title: `Processor time of the database, ${SESSIONS} sessions, medians of ${ROUNDS} rounds`,
    rows: measured.map(({ name, median, rounds }) => ({ what: name, value: median, unit: 'µs', rounds })),
  });
});
