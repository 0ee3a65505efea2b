import type { Pool, PoolClient } from 'pg';

/**
 * Gives a connection back to its pool when it is lost. Kysely does so itself, except where the `begin` or the `rollback`
 * of a transaction fails: that place in the pool would stay taken, and the end of the pool wait for it forever.
 */
export function giveBackLost(pool: Pool): void {
  const held = new WeakSet<PoolClient>();
  pool.on('acquire', (client) => held.add(client));
  pool.on('release', (_, client) => held.delete(client));
  pool.on('connect', (client) => {
    client.once('end', () => {
      if (!held.has(client)) return;
      client.release(true);
      // Where Kysely does give it back it may come second, which the pool would take for a mistake.
      client.release = () => {};
    });
  });
}
