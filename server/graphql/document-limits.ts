import { maxAliasesRule } from '@escape.tech/graphql-armor-max-aliases';
import { maxDepthRule } from '@escape.tech/graphql-armor-max-depth';
import { maxDirectivesRule } from '@escape.tech/graphql-armor-max-directives';
import { GraphQLError, Lexer, Source, TokenKind, type ValidationContext, type ValidationRule } from 'graphql';

const MAX_DEPTH = 12;
const MAX_ALIASES = 15;
const MAX_DIRECTIVES = 50;

/** Far more than any real document has. Each error counts all lines before it. */
const MAX_LINES = 10_000;

/** More errors of one document help no reader. */
export const VALIDATION_LIMITS = { maxErrors: 10 } as const;

/** Enforced by graphql-js while it parses, so a huge document never becomes a tree in memory. */
export const PARSE_LIMITS = { maxTokens: 1_000 } as const;

/** Reports a limit as a validation error, where the rules would throw by default. */
const report = {
  propagateOnRejection: false,
  onReject: [
    (context: ValidationContext | null, error: GraphQLError) => {
      context?.reportError(error);
    },
  ],
};

/** The limits of a document, over HTTP and WebSocket. Introspection may nest deeper: the schema is public. */
export const limitRules: ValidationRule[] = [
  maxDepthRule({ n: MAX_DEPTH, flattenFragments: true, ignoreIntrospection: true, ...report }),
  maxAliasesRule({ n: MAX_ALIASES, ...report }),
  maxDirectivesRule({ n: MAX_DIRECTIVES, ...report }),
];

/** Far longer than any real name. For an unknown name graphql-js looks for similar ones, letter by letter. */
const MAX_NAME_LENGTH = 500;

/** graphql-js compares all fields of one name in pairs, so the time grows with the square of their number. */
const MAX_USES_OF_A_NAME = 150;

/**
 * Returns which limit a document exceeds that must hold before it is parsed or validated. Null: none. A document that is
 * no GraphQL exceeds none; parsing it reports the error.
 */
export function findExceededLimit(source: string): string | null {
  if (hasTooManyLines(source)) return `A document has at most ${MAX_LINES} lines.`;
  // A shorter one can exceed neither.
  if (source.length <= 2 * MAX_USES_OF_A_NAME) return null;
  const uses = new Map<string, number>();
  for (const name of namesOf(source)) {
    if (name.length > MAX_NAME_LENGTH) return `A name has at most ${MAX_NAME_LENGTH} characters.`;
    const used = (uses.get(name) ?? 0) + 1;
    if (used > MAX_USES_OF_A_NAME) return `A document uses a name at most ${MAX_USES_OF_A_NAME} times.`;
    uses.set(name, used);
  }
  return null;
}

/** Yields the names up to the first that is not GraphQL, in at most as many tokens as are parsed. */
function* namesOf(source: string): Generator<string> {
  const lexer = new Lexer(new Source(source));
  try {
    for (let tokens = 0; tokens < PARSE_LIMITS.maxTokens; tokens += 1) {
      const { kind, value } = lexer.advance();
      if (kind === TokenKind.EOF) return;
      if (kind === TokenKind.NAME) yield value;
    }
  } catch (error) {
    if (!(error instanceof GraphQLError)) throw error;
  }
}

/** Whether a document exceeds `MAX_LINES`. */
function hasTooManyLines(source: string): boolean {
  let lines = 1;
  for (let index = 0; index < source.length; index += 1) {
    const code = source.charCodeAt(index);
    if (code === 0x0a || code === 0x0d) lines += 1;
  }
  return lines > MAX_LINES;
}
