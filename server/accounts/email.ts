import { z } from 'zod';
import { badInput } from '../errors.ts';

const MAX_EMAIL = 254;
const MAX_NAME = 200;
const email = z.email().max(MAX_EMAIL);

/** The form that is compared and kept unique. */
export const normaliseEmail = (text: string): string => text.trim().toLowerCase();

/** @throws BAD_USER_INPUT with `field` email */
export function requireEmail(text: string): string {
  const trimmed = text.trim();
  if (!email.safeParse(trimmed).success)
    throw badInput('email', 'This is not an e-mail address.', { reason: 'MALFORMED' });
  return trimmed;
}

/** 1 to 200 characters without control characters. @throws BAD_USER_INPUT with `field` name */
export function requireName(text: string): string {
  const trimmed = text.trim();
  if (trimmed.length === 0 || trimmed.length > MAX_NAME || /\p{Cc}/u.test(trimmed)) {
    throw badInput('name', `A name has 1 to ${MAX_NAME} characters and no control characters.`, {
      reason: 'OUT_OF_BOUNDS',
      min: 1,
      max: MAX_NAME,
    });
  }
  return trimmed;
}
