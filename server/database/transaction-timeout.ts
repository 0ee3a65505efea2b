import { sql } from 'kysely';
import type { EntityManager } from './database.ts';
import { rowsOf } from './rows.ts';

/** Marks the statement, so that `watchConnections` reads the timeout from its text. */
const TIMEOUT_COMMENT = '/*timeout ';

/** Sets the timeout of this transaction and of each of its statements, in the database and on its connection. */
export async function setTransactionTimeout(em: EntityManager, timeoutMs: number): Promise<void> {
  const timeout = Math.ceil(timeoutMs);
  await rowsOf(
    em,
    sql`${sql.raw(`${TIMEOUT_COMMENT}${timeout}*/`)} select set_config('statement_timeout', ${String(timeout)}, true)`,
  );
}

/** The timeout in milliseconds that a statement sets for its transaction. Null: none. */
export function readTransactionTimeout(text: unknown): number | null {
  if (typeof text !== 'string' || !text.startsWith(TIMEOUT_COMMENT)) return null;
  return Number.parseInt(text.slice(TIMEOUT_COMMENT.length), 10);
}
