/** Strings of every form, and numbers that are no part of a name or of a parameter. */
const LITERALS =
  /[eE]'(?:[^'\\]|\\[^]|'')*'|'(?:[^']|'')*'|\$(\w*)\$[^]*?\$\1\$|(?<![\w$."])\d+(?:\.\d+)?(?![\w"])/g;

/**
 * The text of a statement without any value. Our own statements pass values as parameters, but the ORM writes those of
 * its queries into the text.
 */
export const withoutLiterals = (statement: string): string => statement.replace(LITERALS, '?');
