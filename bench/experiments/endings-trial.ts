import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import pg from 'pg';
import { seedSessions } from '../lib/seed.ts';
import { onStage } from '../lib/stage.ts';

// The statements of docs/decisions/018-ending-many-at-once.md, tried for what they promise: the count, at once, OTHERS,
// twice, births, single ends and the sweep in the middle of it, and somebody else who finishes.
//
//   node bench/experiments/endings-trial.ts

const SESSIONS = 1_000;
const BATCH = 100;

const PENDING = `exists (select from account_endings e
  where e.account_id = s.account_id and e.number > s.born_after and e.except_user_id is distinct from s.user_id)`;
const LIVE = `session_is_live(s, now()) and not ${PENDING}`;

/** One batch of the oldest ending of the account: how many it marked, null when there is nothing left or somebody is at it. */
async function markBatch(client: pg.Client, accountId: string): Promise<number | null> {
  await client.query('begin');
  const { rows } = await client.query<{ number: number }>(
    'select number from account_endings where account_id = $1 order by number limit 1 for update skip locked',
    [accountId],
  );
  const number = rows[0]?.number;
  if (number === undefined) {
    await client.query('commit');
    return null;
  }
  const { rowCount } = await client.query(
    `with picked as (
       select s.id from sessions s join account_endings e on e.account_id = s.account_id and e.number = $2
       where s.account_id = $1 and s.ended_at is null and s.born_after < e.number and e.except_user_id is distinct from s.user_id
         and s.idle_expires_at > e.ended_at and s.absolute_expires_at > e.ended_at
       order by s.authenticated_at desc, s.id desc limit ${BATCH}),
     held as (select s.id from sessions s join picked on picked.id = s.id where s.ended_at is null order by s.id for update of s)
     update sessions s set ended_at = e.ended_at, end_reason = e.end_reason
     from held, account_endings e where s.id = held.id and e.account_id = $1 and e.number = $2`,
    [accountId, number],
  );
  if (rowCount! < BATCH) {
    await client.query('delete from account_endings where account_id = $1 and number = $2', [
      accountId,
      number,
    ]);
    await client.query('update accounts set endings_marked = $2 where id = $1', [accountId, number]);
  }
  await client.query('commit');
  return rowCount;
}

async function markAll(client: pg.Client, accountId: string): Promise<number> {
  let marked = 0;
  for (
    let batch = await markBatch(client, accountId);
    batch !== null;
    batch = await markBatch(client, accountId)
  )
    marked += batch;
  return marked;
}

/** Up to the commit, which is left to the caller: how many sessions it ends. */
async function begin(
  client: pg.Client,
  accountId: string,
  exceptUserId: string | null = null,
): Promise<number> {
  await client.query('begin');
  await client.query('select 1 from accounts where id = $1 for no key update', [accountId]);
  const { rows } = await client.query<{ live: number }>(
    `select count(*)::int as live from sessions s where s.account_id = $1 and ${LIVE} and s.user_id is distinct from $2`,
    [accountId, exceptUserId],
  );
  await client.query(
    `with counted as (update accounts set endings = endings + 1 where id = $1 returning endings)
     insert into account_endings (account_id, number, ended_at, end_reason, except_user_id)
     select $1, endings, now(), 'REVOKED_BY_OWNER', $2 from counted`,
    [accountId, exceptUserId],
  );
  return rows[0]!.live;
}

const SWEEP = `
  with due as (
    select s.id from sessions s join accounts a on a.id = s.account_id
    where s.ended_at is null and s.next_check_at <= now() and a.endings = a.endings_marked
    order by s.next_check_at limit 1000 for update of s skip locked for share of a skip locked)
  update sessions s set ended_at = s.idle_expires_at, end_reason = 'IDLE_TIMEOUT' from due
  where s.id = due.id and s.idle_expires_at <= now()`;

/** A logout: the account is held in share first, so that it comes wholly before a bulk end or wholly after it. */
async function logout(client: pg.Client, accountId: string, id: string): Promise<number> {
  await client.query('begin');
  await client.query('select 1 from accounts where id = $1 for share', [accountId]);
  const { rowCount } = await client.query(
    `update sessions s set ended_at = now(), end_reason = 'LOGOUT' where s.id = $1 and ${LIVE}`,
    [id],
  );
  await client.query('commit');
  return rowCount!;
}

await onStage(async (stage) => {
  const database = await stage.database();
  await database.query(await readFile(join(import.meta.dirname, 'endings.sql'), 'utf8'));
  const connect = async (): Promise<pg.Client> => {
    const client = new pg.Client({ connectionString: database.url });
    await client.connect();
    await stage.use({ stop: () => client.end() });
    return client;
  };
  const owner = await connect();
  const marker = await connect();
  const other = await connect();
  const standing = async (accountId: string): Promise<Record<string, number>> => {
    const { rows } = await other.query<{ reason: string; n: number }>(
      `select coalesce(end_reason, 'LIVE') as reason, count(*)::int as n from sessions_as_they_stand where account_id = $1 group by 1`,
      [accountId],
    );
    return Object.fromEntries(rows.map(({ reason, n }) => [reason, n]));
  };
  const live = async (accountId: string): Promise<number> =>
    (await other.query(`select 1 from live_sessions(now()) s where s.account_id = $1`, [accountId]))
      .rowCount!;
  const fresh = () => seedSessions(database, { sessions: SESSIONS, users: 10 });
  const tried = (what: string): void => console.log(`ok  ${what}`);

  {
    const { accountId, userIds } = await fresh();
    const ended = await begin(owner, accountId, userIds[0]);
    assert.equal(await live(accountId), SESSIONS);
    await owner.query('commit');
    assert.equal(ended, SESSIONS * 0.9);
    assert.deepEqual(await standing(accountId), { REVOKED_BY_OWNER: SESSIONS * 0.9, LIVE: SESSIONS * 0.1 });
    assert.equal(await live(accountId), SESSIONS * 0.1);
    tried('OTHERS ends all but the sessions of one user with its commit, before any row is marked');

    const { rows } = await other.query<{ id: string }>(
      'select id from sessions where account_id = $1 and user_id = $2 limit 1',
      [accountId, userIds[1]],
    );
    assert.equal(await logout(other, accountId, rows[0]!.id), 0);
    const touched = await other.query(
      `update sessions s set last_activity_at = now() where s.id = $1 and ${LIVE}`,
      [rows[0]!.id],
    );
    assert.equal(touched.rowCount, 0);
    tried('what is ended and not marked is neither touched nor ended again');

    assert.equal(await begin(owner, accountId, userIds[0]), 0);
    await owner.query('commit');
    assert.equal(await begin(owner, accountId), SESSIONS * 0.1);
    await owner.query('commit');
    assert.equal(await live(accountId), 0);
    tried('repeated it counts 0; ALL after it counts and ends the rest, with three endings pending');

    await other.query(
      `insert into sessions select (jsonb_populate_record(s, jsonb_build_object('id', 'newborn', 'token_hash', null,
         'born_after', (select endings from accounts where id = $1)))).* from sessions s where s.account_id = $1 limit 1`,
      [accountId],
    );
    assert.equal(await live(accountId), 1);
    assert.equal(await markBatch(marker, accountId), BATCH);
    assert.deepEqual(await standing(accountId), { REVOKED_BY_OWNER: SESSIONS, LIVE: 1 });
    assert.equal(await markAll(other, accountId), SESSIONS - BATCH);
    assert.deepEqual(await standing(accountId), { REVOKED_BY_OWNER: SESSIONS, LIVE: 1 });
    const times = await other.query(
      'select distinct ended_at from sessions where account_id = $1 and ended_at is not null',
      [accountId],
    );
    assert.equal(times.rowCount, 2);
    assert.deepEqual((await other.query('select from account_endings')).rowCount, 0);
    tried(
      'a session that is born meanwhile lives; another connection finishes the marking; each ending has one time',
    );
  }

  {
    const { accountId } = await fresh();
    const ids = (
      await other.query<{ id: string }>('select id from sessions where account_id = $1', [accountId])
    ).rows;
    await database.query(
      `update sessions set idle_expires_at = now() + interval '300 milliseconds', next_check_at = now() where id = any($1)`,
      [ids.slice(0, 50).map(({ id }) => id)],
    );
    const ended = await begin(owner, accountId);
    const leaving = logout(other, accountId, ids[100]!.id);
    // Where a check below fails first, this fails with its connection, and nobody is interested.
    leaving.catch(() => {});
    await marker.query('select pg_sleep(0.5)');
    assert.equal((await marker.query(SWEEP)).rowCount, 0);
    await owner.query('commit');
    assert.equal(await leaving, 0);
    assert.equal((await marker.query(SWEEP)).rowCount, 0);
    assert.equal(await markAll(marker, accountId), ended);
    assert.equal(ended, SESSIONS);
    tried(
      'a logout and deadlines that pass between the count and the commit: what was counted is what is marked',
    );
  }

  {
    const { accountId } = await fresh();
    const ids = (
      await other.query<{ id: string }>('select id from sessions where account_id = $1', [accountId])
    ).rows;
    let left = 0;
    const leaving = (async () => {
      for (const { id } of ids) left += await logout(other, accountId, id);
    })();
    await owner.query('select pg_sleep(0.05)');
    const ended = await begin(owner, accountId);
    await owner.query('commit');
    await leaving;
    assert.equal(await markAll(marker, accountId), ended);
    assert.equal(left + ended, SESSIONS);
    assert.ok(left > 0 && ended > 0, `${left} left, ${ended} ended`);
    tried(`everybody logs out one after the other while all are ended: ${left} + ${ended} = ${SESSIONS}`);
  }
});
