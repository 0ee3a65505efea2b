import { sql, type Expression } from 'kysely';
import { lowerCaseOf } from '../database/lower-case.ts';
import { replaceNul } from '../database/replace-nul.ts';
import { badInput } from '../errors.ts';

const MAX_SEARCH_LENGTH = 200;

export interface UserSearch {
  /** Part of the name or the e-mail, in any case. Null: all users. */
  search: string | null;
  /** See `Database`. */
  unicodeCollation: string | null;
}

/** Null: no search. @throws BAD_USER_INPUT for more than 200 characters */
export function toSearch(text: string | null): string | null {
  const search = text?.trim() ?? '';
  if (search.length > MAX_SEARCH_LENGTH) {
    throw badInput('search', `search has at most ${MAX_SEARCH_LENGTH} characters.`, {
      reason: 'OUT_OF_BOUNDS',
      max: MAX_SEARCH_LENGTH,
    });
  }
  return search === '' ? null : replaceNul(search);
}

/** The condition that a user `u` matches the search. */
export function matchesSearch({ search, unicodeCollation }: UserSearch) {
  if (search === null) return sql`true`;
  const lower = (text: Expression<unknown>) => lowerCaseOf(text, unicodeCollation);
  /** Not LIKE, whose wildcards the search text may contain. */
  const contains = (column: string) =>
    sql`strpos(${lower(sql.ref(column))}, ${lower(sql`${search}::text`)}) > 0`;
  return sql`(${contains('u.name')} or ${contains('u.email')})`;
}
