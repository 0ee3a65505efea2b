/** Replaces each NUL of a search text, which no stored text contains and PostgreSQL rejects, with U+FFFD. */
export const replaceNul = (text: string): string => text.replaceAll('\0', '\u{fffd}');
