import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { publish, type Row } from '../lib/report.ts';
import { measureInRounds, type Candidate } from '../lib/rounds.ts';
import { seedSessions } from '../lib/seed.ts';
import { inBenchRun } from '../lib/bench-run.ts';
import { timeTransaction } from './pgbench.ts';

// The cost of a check, a touch, a count and a page when an account revocation is stored outside of the session rows: not at
// all (without endings), on the account's row, or in a table that is nearly always empty.
//
//   SESSIONS=1000000 BENCH_ROUNDS=5 BENCH_SECONDS=3 node bench/experiments/check-cost.ts [check]

const SESSIONS = Number(process.env.SESSIONS ?? 1_000_000);
const ROUNDS = Number(process.env.BENCH_ROUNDS ?? 5);
const SECONDS = Number(process.env.BENCH_SECONDS ?? 3);
/** Prefix of the names to measure. */
const WANTED = process.argv[2] ?? '';

const ended = `r.account_id = s.account_id and r.epoch > s.revocation_epoch and r.except_user_id is distinct from s.user_id`;
const endedByAccount = `a.revocation_epoch > s.revocation_epoch and a.sessions_ended_except is distinct from s.user_id`;

await inBenchRun(async (bench) => {
  const database = await bench.database();
  await database.query(await readFile(join(import.meta.dirname, 'endings.sql'), 'utf8'));
  const { accountId, userIds } = await seedSessions(database, { sessions: SESSIONS });
  await database.query(`create table numbered as select row_number() over () as n, id from sessions`);
  await database.query('alter table numbered add primary key (n)');
  await database.query('vacuum analyze numbered');
  await database.query('analyze accounts, account_revocations, users');

  const random = `\\set n random(1, ${SESSIONS})\n`;
  const one = `s.id = (select id from numbered where n = :n)`;
  const check = (columns: string, joins: string): string =>
    `${random}select s.*, u.name as user_name, u.role as user_role, u.is_active as user_is_active${columns}
     from sessions s join users u on u.id = s.user_id ${joins} where ${one};`;
  const touch = (gate: string): string =>
    `${random}update sessions s set last_activity_at = greatest(s.last_activity_at, now()),
       idle_expires_at = greatest(s.idle_expires_at, least(now() + s.idle_seconds * interval '1 second', s.absolute_expires_at))
     where ${one} and ${gate} returning s.*;`;
  const live = 's.ended_at is null and s.idle_expires_at > now() and s.absolute_expires_at > now()';
  const count = (gate: string): string =>
    `select count(*) from sessions s where s.account_id = '${accountId}' and ${gate};`;
  const page = (gate: string): string =>
    `select s.* from sessions s where s.account_id = '${accountId}' and s.user_id = '${userIds[0]}' and ${gate}
     order by s.authenticated_at desc, s.id desc limit 51;`;
  const notEnding = `not exists (select from account_revocations r where ${ended})`;
  const lateral = `left join lateral (select r.ended_at as also_ended_at, r.end_reason as also_end_reason
    from account_revocations r where ${ended} order by r.epoch limit 1) e on true`;

  const candidate = (name: string, script: string): Candidate => ({
    name,
    measure: () =>
      timeTransaction({ url: database.url, script, seconds: SECONDS, settings: ['synchronous_commit=off'] }),
  });
  const gates: [string, string][] = [
    ['without endings', live],
    ['endings in a table', `${live} and ${notEnding}`],
    ['the predicate as a function with the endings inside', 'session_is_live_or_ending(s, now())'],
  ];
  const onAccount = `${live} and not exists (select from accounts a where a.id = s.account_id and ${endedByAccount})`;
  const candidates = [
    candidate('nothing but the id', `${random}select id from numbered where n = :n;`),
    candidate('check, without endings', check('', '')),
    candidate(
      'check, ending on the account',
      check(
        `, case when ${endedByAccount} then a.sessions_ended_at end as also_ended_at`,
        'join accounts a on a.id = s.account_id',
      ),
    ),
    candidate('check, endings in a table', check(', e.*', lateral)),
    candidate('touch, ending on the account', touch(onAccount)),
    ...gates.map(([name, gate]) => candidate(`touch, ${name}`, touch(gate))),
    ...gates.map(([name, gate]) => candidate(`count, ${name}`, count(gate))),
    ...gates.map(([name, gate]) => candidate(`page of a user, ${name}`, page(gate))),
  ];
  const rowsOf = async (when: string, names: readonly string[]): Promise<Row[]> => {
    const measured = await measureInRounds(
      candidates.filter(({ name }) => names.includes(name) && name.startsWith(WANTED)),
      ROUNDS,
    );
    const figure = new Map(measured.map(({ name, median }) => [name, median]));
    return measured.map(({ name, median, rounds }) => {
      const plain = `${name.split(',')[0]}, without endings`;
      return {
        what: name,
        value: median,
        unit: 'us',
        rounds,
        ratio: figure.has(plain) ? { to: plain, value: median / figure.get(plain)! } : undefined,
        note: when,
      };
    });
  };
  const quiet = await rowsOf(
    'no ending pending',
    candidates.map(({ name }) => name),
  );

  // A thousand other accounts with pending revocations.
  await database.query(
    `with made as (insert into accounts (id, name, created_at) select gen_random_uuid(), 'Other', now() from generate_series(1, 1000) returning id)
     insert into account_revocations (account_id, epoch, ended_at, end_reason) select id, 1, now(), 'REVOKED_BY_OWNER' from made`,
  );
  await database.query('analyze account_revocations');
  const busy = await rowsOf('1,000 endings pending elsewhere', [
    'check, without endings',
    'check, endings in a table',
    'touch, without endings',
    'touch, endings in a table',
    'count, without endings',
    'count, endings in a table',
  ]);
  await publish({
    name: 'experiment-check-cost',
    title: `Microseconds a statement takes on one connection, ${SESSIONS.toLocaleString('en-US')} sessions, medians of ${ROUNDS} rounds of ${SECONDS} s; each includes a round trip and, but for counts and pages, finding the id`,
    rows: [...quiet, ...busy],
  });
});
