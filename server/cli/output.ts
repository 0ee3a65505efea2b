import { UsageError, type Arguments } from './arguments.ts';
import { formatTable } from './table.ts';
import { toSafeJson } from './safe-text.ts';

/** The flag of every command that answers in JSON, too. */
export const JSON_FLAG = 'json';

const DEFAULT_LIMIT = 100;
const MAX_LIMIT = 10_000;

/** Rows of a list, at most `limit` of them, and whether there are more. */
export interface Page<T> {
  rows: readonly T[];
  hasMore: boolean;
}

/** Returns a page from up to `limit + 1` rows: the extra one only shows that there are more. */
export const toPage = <T>(rows: readonly T[], limit: number): Page<T> => ({
  rows: rows.slice(0, limit),
  hasMore: rows.length > limit,
});

/** Reads `--limit`, 100 without it. @throws UsageError unless it is 1 to 10,000 */
export function readLimit(given: Arguments): number {
  const text = given.text('limit');
  if (text === null) return DEFAULT_LIMIT;
  const limit = /^\d{1,5}$/.test(text) ? Number(text) : 0;
  if (limit >= 1 && limit <= MAX_LIMIT) return limit;
  throw new UsageError(`--limit must be a whole number from 1 to ${MAX_LIMIT}.`);
}

/** Prints an answer: one JSON document with `--json`, else text for people. */
export const print = (given: Arguments, json: object, text: () => string): string =>
  given.has(JSON_FLAG) ? toSafeJson(json) : text();

/**
 * Prints a list. In JSON: `{ "<name>": [...], "hasMore": false }`. Else a table, and a line when there are more rows.
 * @param none what the text says where the list is empty
 */
export function printList<T extends object>(
  given: Arguments,
  { name, none, page }: { name: string; none: string; page: Page<T> },
  columns: Readonly<Record<string, (row: T) => string>>,
): string {
  const { rows, hasMore } = page;
  return print(given, { [name]: rows, hasMore }, () => {
    if (rows.length === 0) return none;
    const cells = rows.map((row) => Object.values(columns).map((cell) => cell(row)));
    const table = formatTable([Object.keys(columns), ...cells]);
    return hasMore
      ? `${table}\nThere are more than these ${rows.length} ${name}. Use --limit, up to ${MAX_LIMIT}.`
      : table;
  });
}

/** A time as the tables show it, RFC 3339 in UTC to the second. */
export const shownTime = (moment: Date | null): string =>
  moment === null ? '-' : `${moment.toISOString().slice(0, 19)}Z`;
