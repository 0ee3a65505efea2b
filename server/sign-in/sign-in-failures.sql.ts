import { sql } from 'kysely';
import { addSeconds } from '../clock.ts';
import type { EntityManager } from '../database/database.ts';
import { rowsOf } from '../database/rows.ts';
import { WINDOW_SECONDS, type FailureCount } from './failure-counters.ts';

/** Reads the counts whose window is not over. A key without failures is not in the answer. */
export async function findFailures(
  em: EntityManager,
  keys: readonly string[],
  now: Date,
): Promise<Map<string, FailureCount>> {
  const rows = await rowsOf(
    em,
    sql<FailureCount & { key: string }>`
    select key, failures, ceil(extract(epoch from expires_at - ${now}::timestamptz) * 1000)::int as "msLeft"
    from sign_in_failures where key = any(${[...keys]}::text[]) and expires_at > ${now}`,
  );
  return new Map(rows.map(({ key, failures, msLeft }) => [key, { failures, msLeft }]));
}

/**
 * Adds one failure for each time a key is given. The first one opens its window. Keys are written in their order, so that
 * two nodes that write the same ones wait for each other in turn.
 */
export async function addFailures(
  em: EntityManager,
  keys: readonly string[],
  now: Date,
  windowSeconds = WINDOW_SECONDS,
): Promise<void> {
  const counts = [...Map.groupBy(keys.toSorted(), (key) => key)];
  await rowsOf(
    em,
    sql`
    insert into sign_in_failures as stored (key, failures, expires_at)
    select key, failures, ${addSeconds(now, windowSeconds)}::timestamptz
    from unnest(${counts.map(([key]) => key)}::text[], ${counts.map(([, same]) => same.length)}::int[]) given (key, failures)
    on conflict (key) do update set
      failures = case when stored.expires_at > ${now} then stored.failures else 0 end + excluded.failures,
      expires_at = case when stored.expires_at > ${now} then stored.expires_at else excluded.expires_at end`,
  );
}

export async function clearFailures(em: EntityManager, key: string): Promise<void> {
  await rowsOf(em, sql`delete from sign_in_failures where key = ${key}`);
}

/** Clears every key that begins so. Reads the whole table, which holds the failures of some minutes. */
export async function clearFailuresFrom(em: EntityManager, prefix: string): Promise<void> {
  await rowsOf(em, sql`delete from sign_in_failures where starts_with(key, ${prefix})`);
}

/** Deletes a batch of counts whose window is over, and returns their number. Skips those that are being written. */
export async function purgeFailures(em: EntityManager, now: Date, limit: number): Promise<number> {
  const rows = await rowsOf(
    em,
    sql`
    delete from sign_in_failures where key in (
      select key from sign_in_failures where expires_at <= ${now} order by expires_at limit ${limit}
      for update skip locked)
    returning 1 as purged`,
  );
  return rows.length;
}
