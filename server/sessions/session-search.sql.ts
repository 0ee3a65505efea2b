import { sql, type RawBuilder } from 'kysely';
import { lowerCaseOf } from '../database/lower-case.ts';
import type { SearchWord } from './session-search.ts';

export interface SessionSearch {
  /** At least one; a session has to match each of them. */
  words: readonly SearchWord[];
  /** See `Database`. */
  unicodeCollation: string | null;
}

/** How a condition reads what it needs. */
export interface SearchOptions {
  /** Where to find the stored name of the device. Absent: in `s`; a view does not have it. */
  device?: RawBuilder<unknown>;
  /** Looks the user of each session up: for few sessions. Else every user of the account may be read once. */
  isForFew?: boolean;
}

/** Whether `s` matches a search. Not LIKE, whose wildcards the words may contain. */
export const matchesSearch = (
  { words, unicodeCollation }: SessionSearch,
  accountId: string,
  options: SearchOptions = {},
): RawBuilder<unknown> =>
  sql.join(
    words.map(
      (word) =>
        sql`(${sql.join([...matchesOf(word, { unicodeCollation, accountId, ...options })], sql` or `)})`,
    ),
    sql` and `,
  );

/** The cheap ones first: the planner keeps the order, and the last one reads another row. */
function* matchesOf(
  { text, appTypes, isAddress }: SearchWord,
  {
    unicodeCollation,
    accountId,
    device = sql`s.device`,
    isForFew,
  }: SearchOptions & { unicodeCollation: string | null; accountId: string },
): Generator<RawBuilder<unknown>> {
  if (appTypes.length > 0) yield sql`s.app_type = any(${appTypes}::text[])`;
  if (isAddress) yield sql`starts_with(s.ip_address, ${text})`;
  // Names of browsers and systems are ASCII, and this is the cheapest way to lower its letters.
  for (const ascii of [device, sql`s.user_agent`])
    yield sql`strpos(lower(${ascii} collate "C"), ${text} collate "C") > 0`;
  const contains = (column: string) =>
    sql`strpos(${lowerCaseOf(sql.ref(column), unicodeCollation)}, ${text}) > 0`;
  const isNamed = sql`(${contains('u.name')} or ${contains('u.email')})`;
  // An offset keeps the planner from reading all users; a list that depends on no session, from looking each one up.
  yield isForFew
    ? sql`exists (select from users u where u.id = s.user_id and ${isNamed} offset 0)`
    : sql`s.user_id in (select u.id from users u where u.account_id = ${accountId} and ${isNamed})`;
}
