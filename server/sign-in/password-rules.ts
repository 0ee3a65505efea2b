import { badInput, type AppError } from '../errors.ts';

/** For a password that is the only factor (NIST SP 800-63B-4, section 3.1.1.2). */
export const MIN_PASSWORD_LENGTH = 15;
export const MAX_PASSWORD_LENGTH = 128;

/** Facts about a user that an attacker would try first. */
export interface PasswordContext {
  email: string;
  name: string;
  accountName: string;
}

/** NFKC, so that a password matches when it is typed on another keyboard (NIST SP 800-63B, section 3.1.1.2). */
export const normalise = (password: string): string => password.normalize('NFKC');

/** The form in which passwords are compared with common ones, which letter case does not make rare. */
export const foldCase = (password: string): string => normalise(password).toLowerCase();

/**
 * Requires 15 to 128 characters, without rules of composition. `common` is case-folded.
 * @throws BAD_USER_INPUT with `field` newPassword and `reason` TOO_SHORT, TOO_LONG, COMMON, or MALFORMED for an
 * unpaired surrogate
 */
export function requireGoodPassword(
  password: string,
  context: PasswordContext,
  common: ReadonlySet<string>,
): void {
  // Encoded as UTF-8, all unpaired surrogates would have one hash.
  if (!password.isWellFormed())
    throw refused('MALFORMED', 'A password cannot contain an incomplete character.');
  const { length } = [...normalise(password)];
  if (length < MIN_PASSWORD_LENGTH)
    throw refused('TOO_SHORT', `A password has at least ${MIN_PASSWORD_LENGTH} characters.`);
  if (length > MAX_PASSWORD_LENGTH)
    throw refused('TOO_LONG', `A password has at most ${MAX_PASSWORD_LENGTH} characters.`);
  const folded = foldCase(password);
  if (isCommon(folded, common) || isRegular(folded) || isMadeOf(folded, context))
    throw refused(
      'COMMON',
      'This password is common or easy to guess. Choose another one, such as a few unrelated words.',
    );
}

type Refusal = 'TOO_SHORT' | 'TOO_LONG' | 'COMMON' | 'MALFORMED';

const refused = (reason: Refusal, message: string): AppError => {
  const isLength = reason === 'TOO_SHORT' || reason === 'TOO_LONG';
  const bounds = isLength ? { min: MIN_PASSWORD_LENGTH, max: MAX_PASSWORD_LENGTH } : {};
  return badInput('newPassword', message, { reason, ...bounds });
};

const NOT_LETTER_OR_DIGIT = /[^\p{L}\p{N}]/gu;

/** Whether it is a common password, also with digits around it or other characters in between. */
function isCommon(folded: string, common: ReadonlySet<string>): boolean {
  const bare = folded.replace(NOT_LETTER_OR_DIGIT, '');
  const letters = trimDigits(bare);
  return [folded, bare, letters].some((form) => common.has(form));
}

/** A loop, because a regular expression for both ends would scan every run of digits repeatedly. */
function trimDigits(text: string): string {
  const isDigit = (index: number): boolean => text[index]! >= '0' && text[index]! <= '9';
  let [start, end] = [0, text.length];
  while (start < end && isDigit(start)) start += 1;
  while (start < end && isDigit(end - 1)) end -= 1;
  return text.slice(start, end);
}

const KEYS = [
  '1234567890',
  'abcdefghijklmnopqrstuvwxyz',
  'qwertyuiopasdfghjklzxcvbnm',
  'qwertzuiopasdfghjklyxcvbnm',
  'azertyuiopqsdfghjklmwxcvbn',
  '1qaz2wsx3edc4rfv5tgb6yhn7ujm8ik9ol0p',
];
/** Repeated so that a password of any length, starting at any key, is contained. */
const SEQUENCES = KEYS.flatMap((keys) => [keys, [...keys].toReversed().join('')]).map((keys) =>
  keys.repeat(Math.ceil(MAX_PASSWORD_LENGTH / keys.length) + 1),
);

/** Whether it repeats one word or key, or follows the order of the keyboard or the alphabet. */
function isRegular(folded: string): boolean {
  for (let period = 1; period <= folded.length / 2; period += 1)
    if (folded.startsWith(folded.slice(period))) return true;
  const bare = folded.replace(NOT_LETTER_OR_DIGIT, '');
  return bare.length > 0 && SEQUENCES.some((sequence) => sequence.includes(bare));
}

/** Required besides known words. Fewer characters are a year or an added digit. */
const MIN_OTHER_CHARACTERS = 8;
const MIN_WORD_LENGTH = 3;

/** Whether little is left after removing the words that are known about this user. */
function isMadeOf(folded: string, { email, name, accountName }: PasswordContext): boolean {
  const given = ['curfew', email, name, accountName].map(foldCase);
  const words = given.flatMap((text) => [
    text.replace(NOT_LETTER_OR_DIGIT, ''),
    ...text.split(NOT_LETTER_OR_DIGIT),
  ]);
  const known = [...new Set(words)]
    .filter(({ length }) => length >= MIN_WORD_LENGTH)
    .toSorted((one, other) => other.length - one.length);
  const bare = folded.replace(NOT_LETTER_OR_DIGIT, '');
  const rest = known.reduce((left, word) => left.replaceAll(word, ''), bare);
  return rest.length < bare.length && [...rest].length < MIN_OTHER_CHARACTERS;
}
