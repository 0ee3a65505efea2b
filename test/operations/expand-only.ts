// Nodes of the version before run on the database of this one while it is upgraded (docs/decisions/047-upgrades.md). So a
// migration adds, and what it would remove or change is left to a migration of a later version.

/** Statements that a node which knows the schema before would fail on, or wait for. */
const BREAKING: readonly { pattern: RegExp; why: string }[] = [
  {
    pattern: /\bdrop\s+(?:table|column|type|schema|sequence)\b/,
    why: 'removes what the version before uses',
  },
  { pattern: /\brename\b/, why: 'renames what the version before uses' },
  { pattern: /\balter\s+(?:column\s+)?\w+\s+(?:set\s+data\s+)?type\b/, why: 'changes the type of a column' },
  { pattern: /\bset\s+not\s+null\b/, why: 'requires a value that the version before may not write' },
  { pattern: /\bset\s+schema\b/, why: 'moves what the version before uses' },
  { pattern: /\btruncate\b/, why: 'deletes rows' },
];
/** What may be dropped when the same migration creates one of that name again. */
const DROPPED =
  /\bdrop\s+(view|function|index|trigger|constraint)\s+(?:concurrently\s+)?(?:if\s+exists\s+)?(\w+)/g;
const ADD_COLUMN = /\badd\s+column\s/;

/** Returns what a migration does that the version before could not live with. */
export function findBreakingSteps(statements: readonly string[]): string[] {
  const plain = statements.map(withoutBodies);
  const everything = plain.join(';\n');
  return plain.flatMap((statement) => [
    ...BREAKING.filter(({ pattern }) => pattern.test(statement)).map(
      ({ why }) => `${first(statement)}: ${why}`,
    ),
    ...[...statement.matchAll(DROPPED)]
      .filter(([, kind, name]) => !isCreated(everything, kind!, name!))
      .map(([, kind, name]) => `drops the ${kind} ${name}, which the version before uses`),
    ...statement
      .split(ADD_COLUMN)
      .slice(1)
      .filter((definition) => /\bnot\s+null\b/.test(definition) && !/\bdefault\b/.test(definition))
      .map(
        (definition) =>
          `the column ${/\w+/.exec(definition)?.[0]} requires a value, and the version before writes none`,
      ),
  ]);
}

const isCreated = (statements: string, kind: string, name: string): boolean =>
  kind === 'constraint'
    ? new RegExp(`\\badd\\s+constraint\\s+${name}\\b`).test(statements)
    : new RegExp(`\\bcreate\\s+(?:or\\s+replace\\s+)?(?:unique\\s+)?${kind}\\s+${name}\\b`).test(statements);

/** In lower case, without comments, texts, and the bodies of functions. */
const withoutBodies = (statement: string): string =>
  statement
    .replaceAll(/\$(\w*)\$[^]*?\$\1\$/g, "''")
    .replaceAll(/--[^\n]*/g, '')
    .replaceAll(/'[^']*'/g, "''")
    .toLowerCase()
    .trim();

const first = (statement: string): string => `"${statement.replaceAll(/\s+/g, ' ').slice(0, 60)}"`;
