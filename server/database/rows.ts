import type { RawBuilder } from 'kysely';
import type { EntityManager } from './database.ts';

/** Runs one statement in the transaction of `em`, or on a connection of the pool, and returns its rows. */
export async function rowsOf<Row>(em: EntityManager, statement: RawBuilder<Row>): Promise<Row[]> {
  const { rows } = await statement.execute(em.getKysely());
  return rows;
}
