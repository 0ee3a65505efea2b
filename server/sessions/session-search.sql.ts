import { sql, type RawBuilder } from 'kysely';
import { lowerCaseOf } from '../database/lower-case.ts';
import type { SearchWord } from './session-search.ts';

export interface SessionSearch {
  /** At least one; a session has to match each of them. */
  words: readonly SearchWord[];
  /** See `Database`. */
  unicodeCollation: string | null;
}

/**
 * Whether `s` matches a search. Not LIKE, whose wildcards the words may contain. `device`: the stored name, which a view
 * does not have.
 */
export const matchesSearch = (
  { words, unicodeCollation }: SessionSearch,
  device: RawBuilder<unknown> = sql`s.device`,
): RawBuilder<unknown> =>
  sql.join(
    words.map((word) => sql`(${sql.join([...matchesOf(word, device, unicodeCollation)], sql` or `)})`),
    sql` and `,
  );

/** The cheap ones first: the planner keeps the order, and the last one reads another row. */
function* matchesOf(
  { text, appTypes, isAddress }: SearchWord,
  device: RawBuilder<unknown>,
  collation: string | null,
): Generator<RawBuilder<unknown>> {
  if (appTypes.length > 0) yield sql`s.app_type = any(${appTypes}::text[])`;
  if (isAddress) yield sql`starts_with(s.ip_address, ${text})`;
  // Names of browsers and systems are ASCII, and this is the cheapest way to lower its letters.
  for (const ascii of [device, sql`s.user_agent`])
    yield sql`strpos(lower(${ascii} collate "C"), ${text} collate "C") > 0`;
  const contains = (column: string) => sql`strpos(${lowerCaseOf(sql.ref(column), collation)}, ${text}) > 0`;
  yield sql`exists (select from users u where u.id = s.user_id and (${contains('u.name')} or ${contains('u.email')}))`;
}
