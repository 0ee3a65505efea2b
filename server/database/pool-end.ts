import type { Pool } from 'pg';

/**
 * Lets a pool be ended before Kysely ends it. Kysely forgets the pool at once, gives a connection that is being made at
 * that moment never back, and the end of the pool waits for it forever. Ended first, the pool answers all who have asked.
 */
export function endingOnce(pool: Pool): Pool {
  const end = pool.end.bind(pool) as () => Promise<void>;
  let ended: Promise<void> | null = null;
  pool.end = () => (ended ??= end());
  return pool;
}
