import { publish, type Row } from '../lib/report.ts';
import { measureInRounds, type Candidate } from '../lib/rounds.ts';
import { inBenchRun } from '../lib/bench-run.ts';
import { timeTransaction } from './pgbench.ts';

// Compares the sessions table with one partitioned by hash of the account: size, and cost of the statements.
//
//   SESSIONS=1000000 BENCH_ROUNDS=3 BENCH_SECONDS=2 node bench/experiments/partitions.ts

const SESSIONS = Number(process.env.SESSIONS ?? 1_000_000);
const ACCOUNTS = 1_000;
const PARTITIONS = 16;
const ROUNDS = Number(process.env.BENCH_ROUNDS ?? 3);
const SECONDS = Number(process.env.BENCH_SECONDS ?? 2);

await inBenchRun(async (bench) => {
  const database = await bench.database();
  await database.query(`insert into accounts (id, name, created_at)
    select md5('account' || n)::uuid, 'Account ' || n, now() from generate_series(0, ${ACCOUNTS - 1}) n`);
  await database.query(`insert into users (id, account_id, name, email, role, created_at)
    select md5('user' || n)::uuid, md5('account' || n)::uuid, 'User', 'user@example.test', 'MEMBER', now()
    from generate_series(0, ${ACCOUNTS - 1}) n`);
  await database.query(`insert into sessions (id, account_id, user_id, app_type, authenticated_at, last_activity_at, idle_seconds,
      absolute_seconds, idle_expires_at, absolute_expires_at, rotated_at, token_expires_at, token_idle_seconds, token_absolute_seconds,
      token_secret, token_hash, next_check_at)
    select md5('session' || n)::uuid, md5('account' || n % ${ACCOUNTS})::uuid, md5('user' || n % ${ACCOUNTS})::uuid, 'TENANT_APP',
      now() - n * interval '1 millisecond', now(), 86400, 2592000, now() + interval '1 day', now() + interval '30 days', now(),
      now() + interval '1 day', 86400, 2592000, sha256(convert_to('secret' || n, 'UTF8')), sha256(convert_to('token' || n, 'UTF8')),
      now() + interval '1 day'
    from generate_series(0, ${SESSIONS - 1}) n`);

  await database.query(
    'create table sessions_by_account (like sessions including defaults) partition by hash (account_id)',
  );
  for (let n = 0; n < PARTITIONS; n += 1)
    await database.query(`create table sessions_by_account_${n} partition of sessions_by_account
      for values with (modulus ${PARTITIONS}, remainder ${n}) with (fillfactor = 85)`);
  const loading = performance.now();
  await database.query('insert into sessions_by_account select * from sessions');
  // Every unique index must include the partition key, so the id and the hash are unique only within an account.
  await database.query(`
    alter table sessions_by_account add primary key (account_id, id);
    create unique index on sessions_by_account (account_id, token_hash) where token_hash is not null;
    create index on sessions_by_account (id);
    create index on sessions_by_account (token_hash) where token_hash is not null;
    create index on sessions_by_account (account_id, authenticated_at desc, id desc) where ended_at is null;
    create index on sessions_by_account (account_id, authenticated_at desc, id desc) where ended_at is not null;
    create index on sessions_by_account (user_id, authenticated_at desc, id desc) where ended_at is null;
    create index on sessions_by_account (user_id, authenticated_at desc, id desc) where ended_at is not null;
    create index on sessions_by_account (next_check_at) where ended_at is null;
    create index on sessions_by_account (ended_at, account_id) where ended_at is not null`);
  const loaded = (performance.now() - loading) / 1000;
  // The indexes of the partitions were built at once, so those of the other table are rebuilt.
  await database.query('reindex table sessions');
  await database.query('vacuum analyze sessions');
  await database.query('vacuum analyze sessions_by_account');

  const [size] = await database.query<{
    one: string;
    many: string;
    one_indexes: string;
    many_indexes: string;
  }>(`
    select pg_table_size('sessions') as one, pg_indexes_size('sessions') as one_indexes,
      (select sum(pg_table_size(relid)) from pg_partition_tree('sessions_by_account') where isleaf) as many,
      (select sum(pg_indexes_size(relid)) from pg_partition_tree('sessions_by_account') where isleaf) as many_indexes`);

  const random = `\\set n random(0, ${SESSIONS - 1})\n\\set a :n % ${ACCOUNTS}\n`;
  const account = `s.account_id = md5('account' || :a)::uuid`;
  const id = `s.id = md5('session' || :n)::uuid::text`;
  const hash = `s.token_hash = sha256(convert_to('token' || :n, 'UTF8'))`;
  const live = 's.ended_at is null and s.idle_expires_at > now() and s.absolute_expires_at > now()';
  const check = (table: string, where: string): string =>
    `${random}select s.*, u.is_active from ${table} s join users u on u.id = s.user_id where ${where};`;
  const rotate = (table: string, where: string): string =>
    `${random}update ${table} s set generation = s.generation + 1, rotated_at = now() where ${where} and ${live} returning s.*;`;
  const page = (table: string): string =>
    `${random}select s.* from ${table} s where ${account} and ${live} order by s.authenticated_at desc, s.id desc limit 51;`;
  const end = (table: string): string =>
    `${random}begin;\nupdate ${table} s set ended_at = now(), end_reason = 'REVOKED_BY_OWNER' where ${account} and ${live};\nrollback;`;

  const candidate = (name: string, script: string): Candidate => ({
    name,
    measure: () =>
      timeTransaction({ url: database.url, script, seconds: SECONDS, settings: ['synchronous_commit=off'] }),
  });
  const parted = 'sessions_by_account';
  const measured = await measureInRounds(
    [
      candidate('one table: check by hash', check('sessions', hash)),
      candidate('partitions: check by hash alone', check(parted, hash)),
      candidate('partitions: check by account and hash', check(parted, `${account} and ${hash}`)),
      candidate('one table: refresh by id', rotate('sessions', id)),
      candidate('partitions: refresh by id alone', rotate(parted, id)),
      candidate('partitions: refresh by account and id', rotate(parted, `${account} and ${id}`)),
      candidate('one table: page of an account', page('sessions')),
      candidate('partitions: page of an account', page(parted)),
      candidate('one table: end an account, rolled back', end('sessions')),
      candidate('partitions: end an account, rolled back', end(parted)),
    ],
    ROUNDS,
  );
  const megabytes = (what: string, bytes: string): Row => ({ what, value: Number(bytes) / 1e6, unit: 'MB' });
  await publish({
    name: `experiment-partitions-${SESSIONS}`,
    title: `${SESSIONS.toLocaleString('en-US')} sessions of ${ACCOUNTS} accounts, one table and ${PARTITIONS} partitions; one connection, medians of ${ROUNDS} rounds of ${SECONDS} s`,
    rows: [
      ...measured.map(({ name, median, rounds }): Row => ({ what: name, value: median, unit: 'us', rounds })),
      megabytes('one table: rows', size!.one),
      megabytes('one table: indexes', size!.one_indexes),
      megabytes('partitions: rows', size!.many),
      megabytes('partitions: indexes', size!.many_indexes),
      { what: 'partitions: filling and indexing them from the table', value: loaded, unit: 's' },
    ],
  });
});
