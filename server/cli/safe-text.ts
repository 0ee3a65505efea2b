/**
 * Controls, format characters such as the marks that reverse a line, line separators and lone surrogates. Names, e-mails
 * and user agents come from anyone, and a terminal obeys what is in them.
 */
const UNSAFE = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/gu;

/** Returns text that a terminal shows and does not obey: `\u{1b}` stands for an escape character. */
export const escapeControls = (text: string): string =>
  text.replaceAll(UNSAFE, (character) => `\\u{${character.codePointAt(0)!.toString(16)}}`);

/** Returns JSON, indented, in which such characters are escaped as JSON does it: they occur in strings only. */
export const toSafeJson = (value: unknown): string =>
  JSON.stringify(value, null, 2).replaceAll(UNSAFE, (character) =>
    character === '\n'
      ? character
      : [...Array(character.length).keys()]
          .map((at) => `\\u${character.charCodeAt(at).toString(16).padStart(4, '0')}`)
          .join(''),
  );
