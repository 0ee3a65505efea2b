import { sql, type Expression, type RawBuilder } from 'kysely';

/**
 * The same in every database: its own collation may be Turkish, where the small I has no dot, or C, which knows ASCII
 * only. All four letters i count as one, as people of each language expect of theirs. `collation`: see `Database`.
 */
export function lowerCaseOf(text: Expression<unknown>, collation: string | null): RawBuilder<unknown> {
  const lowered = collation === null ? sql`lower(${text})` : sql`lower(${text} collate ${sql.id(collation)})`;
  // Unicode gives the capital İ a dot of its own.
  return sql`replace(replace(${lowered}, ${'i\u0307'}, 'i'), 'ı', 'i')`;
}
