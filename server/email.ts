import { z } from 'zod';
import { badInput } from './errors.ts';

const MAX_EMAIL_LENGTH = 254;
const MAX_NAME_LENGTH = 200;
const email = z.email();

/**
 * Lowers ASCII letters only. Unicode's lower case turns the Kelvin sign (U+212A) into `k`, which would make one
 * address of two different ones.
 */
export const toAsciiLowerCase = (text: string): string =>
  text.replaceAll(/[A-Z]+/g, (letters) => letters.toLowerCase());

function trimmedEmail(text: string): string | null {
  const trimmed = text.trim();
  // The length first, so that the pattern never scans a long text.
  return trimmed.length <= MAX_EMAIL_LENGTH && email.safeParse(trimmed).success ? trimmed : null;
}

/** Returns the form of an e-mail address that is compared and unique. Null: `requireEmail` would refuse it. */
export function readEmail(text: string): string | null {
  const trimmed = trimmedEmail(text);
  return trimmed === null ? null : toAsciiLowerCase(trimmed);
}

/** Returns the address as written, without surrounding blanks. @throws BAD_USER_INPUT with `field` email */
export function requireEmail(text: string): string {
  const trimmed = trimmedEmail(text);
  if (trimmed === null) throw badInput('email', 'This is not an e-mail address.', { reason: 'MALFORMED' });
  return trimmed;
}

/** Returns the part after the `@` of an address in its compared form. */
export const domainOf = (normalised: string): string => normalised.slice(normalised.lastIndexOf('@') + 1);

/** Requires 1 to 200 characters without control characters, after trimming. @throws BAD_USER_INPUT with `field` name */
export function requireName(text: string): string {
  const trimmed = text.trim();
  if (
    trimmed.length === 0 ||
    trimmed.length > MAX_NAME_LENGTH ||
    /\p{Cc}/u.test(trimmed) ||
    !trimmed.isWellFormed()
  ) {
    throw badInput('name', `A name has 1 to ${MAX_NAME_LENGTH} characters and no control characters.`, {
      reason: 'OUT_OF_BOUNDS',
      min: 1,
      max: MAX_NAME_LENGTH,
    });
  }
  return trimmed;
}
