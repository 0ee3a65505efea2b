import { sql } from 'kysely';

const PREPARED_COMMENT = '/*prepared*/';

/**
 * In front of a statement: PostgreSQL parses and plans it once per connection. Only for the few statements that every
 * request runs and whose text never varies. Each text stays prepared for the life of the connection. It lists its columns:
 * after a migration `select *` would be another result, which PostgreSQL refuses.
 */
export const PREPARED = sql.raw(PREPARED_COMMENT);

export type ListType = 'text' | 'int' | 'bool' | 'timestamptz' | 'uuid';

/**
 * A list as a parameter of a prepared statement. The subquery hides its length from the planner. Otherwise the plan for
 * this one list looks cheaper than the generic plan, and PostgreSQL plans again at every call.
 */
export const listOf = (type: ListType, values: readonly unknown[]) =>
  sql`(select ${values}::${sql.raw(type)}[])`;

export const isPrepared = (text: string): boolean => text.startsWith(PREPARED_COMMENT);
