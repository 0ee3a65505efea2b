/** One way to break a promise, and the test that has to fail. */
export interface Mutant {
  /** The broken invariants ("I4") and faults ("fault 6"); the first one names it in the table. */
  readonly covers: readonly string[];
  /** The damage, in one sentence. */
  readonly breaks: string;
  readonly file: string;
  /** The original code, exactly once in the file: a patch that survives moved lines. */
  readonly find: string;
  readonly replace: string;
  readonly test: string;
  /** The name of the test that has to fail, as written in its file, with placeholders. */
  readonly name: string;
  /** Words of the surrounding describe blocks, when one of several runs of the test is enough. */
  readonly within?: string;
  /** For a test that fails by an error and not by an assertion: its message. */
  readonly failsWith?: RegExp;
  /** The patch changes a migration, so the databases are prepared from the copy. */
  readonly changesDatabase?: boolean;
  /** One of the few that run with every test run. */
  readonly isSample?: boolean;
  /** Why the mutant may survive. */
  readonly reason?: string;
}

/** How often the patch applies; it has to be once. */
export function occurrences(text: string, find: string): number {
  return text.split(find).length - 1;
}

export const applied = (text: string, { find, replace }: Mutant): string => text.replace(find, () => replace);

const SPECIAL = /[.*+?^${}()|[\]\\]/g;
const PLACEHOLDER = /%[a-z#]/g;

/** Matches the full name of the test as Jest reports it. */
export function namePattern({ within = '', name }: Pick<Mutant, 'within' | 'name'>): string {
  const escaped = name
    .split(PLACEHOLDER)
    .map((text) => text.replace(SPECIAL, '\\$&'))
    .join('.*');
  return within === '' ? escaped : `${within}.*${escaped}`;
}
