import { publish, type Row } from '../lib/report.ts';
import { measureInRounds, type Candidate } from '../lib/rounds.ts';
import { seedSessions } from '../lib/seed.ts';
import { inBenchRun } from '../lib/bench-run.ts';
import { timeTransaction } from './pgbench.ts';

// The database cost per session of the batched statements, and of a sign-in: the constants of bench/simulation/costs.ts.
// One connection without waiting for the disk, so the time is the database's own work.
//
//   BENCH_ROUNDS=3 BENCH_SECONDS=3 node bench/experiments/statement-costs.ts

const SESSIONS = Number(process.env.SESSIONS ?? 100_000);
const ROUNDS = Number(process.env.BENCH_ROUNDS ?? 3);
const SECONDS = Number(process.env.BENCH_SECONDS ?? 3);

await inBenchRun(async (bench) => {
  const database = await bench.database();
  const { accountId, userIds } = await seedSessions(database, { sessions: SESSIONS });
  await database.query(
    'create table numbered as select row_number() over () as n, id, token_hash, idle_expires_at, absolute_expires_at from sessions',
  );
  await database.query('alter table numbered add primary key (n)');
  await database.query('vacuum analyze numbered');

  // Scattered over the table, as concurrently active sessions are.
  const some = (size: number): string =>
    `(select k.* from (select distinct 1 + (:n + i * 7919::bigint) % ${SESSIONS} as n from generate_series(1, ${size}) i) w join numbered k on k.n = w.n)`;
  const statements: [name: string, sessions: number, sql: string][] = [
    ['a round trip', 1, 'select 1'],
    ['finding the sessions of 64', 64, `select count(*) from ${some(64)} k`],
    ['finding the sessions of 1,000', 1_000, `select count(*) from ${some(1_000)} k`],
    [
      'check, 64 at once',
      64,
      `select s.*, u.name, u.role, u.is_active from ${some(64)} k join sessions s on s.token_hash = k.token_hash join users u on u.id = s.user_id`,
    ],
    [
      'touch, 1,000 at once',
      1_000,
      `with held as (select s.id from sessions s join ${some(1_000)} k on k.id = s.id order by s.id for no key update of s skip locked)
       update sessions s set last_activity_at = now(), idle_expires_at = greatest(s.idle_expires_at,
         least(now() + s.idle_seconds * interval '1 second', s.absolute_expires_at))
       from held where s.id = held.id and session_is_live(s, now()) returning s.*`,
    ],
    [
      'ask whether watched sessions changed, 1,000 at once',
      1_000,
      `select s.* from ${some(1_000)} k join sessions s on s.id = k.id
       where s.ended_at is not null or s.absolute_expires_at <> k.absolute_expires_at`,
    ],
    [
      'sign-in',
      1,
      `begin;
       select * from accounts where id = '${accountId}' for share;
       update users set last_login_at = now() where id = ('{${userIds.join()}}'::uuid[])[1 + :n % ${userIds.length}] returning name;
       insert into sessions (id, account_id, user_id, app_type, authenticated_at, last_activity_at, idle_seconds, absolute_seconds,
         idle_expires_at, absolute_expires_at, rotated_at, token_expires_at, token_idle_seconds, token_absolute_seconds,
         token_secret, token_hash, next_check_at)
       values (gen_random_uuid(), '${accountId}', ('{${userIds.join()}}'::uuid[])[1 + :n % ${userIds.length}], 'TENANT_APP', now(), now(), 86400,
         2592000, now() + interval '1 day', now() + interval '30 days', now(), now() + interval '1 day', 86400, 2592000,
         sha256(gen_random_uuid()::text::bytea), sha256(gen_random_uuid()::text::bytea), now() + interval '1 day') returning *;
       insert into audit_events (id, account_id, action, actor_name, resource_type, resource_id, details, created_at, retain_until)
       values (gen_random_uuid(), '${accountId}', 'session.started', 'Bench', 'session', gen_random_uuid()::text,
         '{"app_type": "TENANT_APP", "idle_seconds": 86400, "absolute_seconds": 2592000}', now(), now() + interval '400 days');
       commit`,
    ],
  ];
  const candidates = statements.map(([name, , sql]): Candidate => ({
    name,
    measure: () =>
      timeTransaction({
        url: database.url,
        script: `\\set n random(1, ${SESSIONS})\n${sql.replaceAll('\n', ' ').replaceAll('; ', ';\n')};`,
        seconds: SECONDS,
        settings: ['synchronous_commit=off'],
      }),
  }));
  const measured = await measureInRounds(candidates, ROUNDS);
  const median = new Map(measured.map((each) => [each.name, each.median]));
  const finding = (sessions: number): number =>
    sessions === 1 ? 0 : median.get(`finding the sessions of ${sessions.toLocaleString('en-US')}`)!;
  await publish({
    name: 'experiment-statement-costs',
    title: `Microseconds of the database for each session, ${SESSIONS.toLocaleString('en-US')} sessions, one connection, medians of ${ROUNDS} rounds of ${SECONDS} s`,
    rows: statements.map(([what, sessions], index): Row => {
      const { median, rounds } = measured[index]!;
      const isFinding = what.startsWith('finding');
      return {
        what,
        value: isFinding ? median : (median - finding(sessions)) / sessions,
        unit: isFinding ? 'us in all' : 'us each',
        rounds,
        note: isFinding ? 'part of the bench, taken off below' : '',
      };
    }),
  });
});
