import type { Pool, PoolClient } from 'pg';

/**
 * Releases a lost connection to its pool. Kysely does this itself unless the `begin` or the `rollback` of a transaction
 * fails. Then the pool would keep the slot taken, and closing the pool would wait for it forever.
 */
export function releaseLostConnections(pool: Pool): void {
  const inUse = new WeakSet<PoolClient>();
  pool.on('acquire', (client) => inUse.add(client));
  pool.on('release', (_, client) => inUse.delete(client));
  pool.on('connect', (client) => {
    client.once('end', () => {
      if (!inUse.has(client)) return;
      client.release(true);
      // Kysely may still release it. The pool would throw at a second release.
      client.release = () => {};
    });
  });
}
