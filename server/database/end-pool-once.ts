import type { Pool } from 'pg';

/**
 * Lets the pool be ended before Kysely ends it. Kysely drops its reference at once and never releases a connection that
 * is being opened at that moment, so ending the pool would wait forever. A pool ended first serves every open request.
 */
export function endPoolOnce(pool: Pool): Pool {
  const end = pool.end.bind(pool) as () => Promise<void>;
  let ended: Promise<void> | null = null;
  pool.end = () => (ended ??= end());
  return pool;
}
