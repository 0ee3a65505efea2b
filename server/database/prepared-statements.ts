import { sql } from 'kysely';
import type { Pool } from 'pg';

const MARK = '/*prepared*/';

/**
 * Put in front of a statement it has PostgreSQL parse and plan it once for each connection. For the few statements that
 * every request runs, and whose text is always the same: each different text stays prepared for as long as the connection.
 */
export const PREPARED = sql.raw(MARK);

export type ListType = 'text' | 'int' | 'bool' | 'timestamptz';

/**
 * A list as a parameter of such a statement. How long it is PostgreSQL does not see: else the plan for this very list
 * looks cheaper than the one for any list, and is made anew each time, which costs more than what it is for.
 */
export const listOf = (type: ListType, values: readonly unknown[]) =>
  sql`(select ${values}::${sql.raw(type)}[])`;

/** Names the marked statements, which is how pg prepares them. */
export function prepareMarked(pool: Pool): void {
  const names = new Map<string, string>();
  const nameOf = (text: string): string => {
    const name = names.get(text) ?? `curfew_${names.size + 1}`;
    names.set(text, name);
    return name;
  };
  pool.on('connect', (client) => {
    const query = client.query.bind(client) as (...args: unknown[]) => unknown;
    const prepared = (text: unknown, ...rest: unknown[]): unknown =>
      typeof text === 'string' && text.startsWith(MARK)
        ? query({ name: nameOf(text), text, values: rest[0] })
        : query(text, ...rest);
    client.query = prepared as typeof client.query;
  });
}
