import { isIP } from 'node:net';
import { badInput } from '../errors.ts';

const MAX_EXTERNAL_ID_LENGTH = 200;
/** The longest IPv6 address with the zone of a link-local one: an interface name has at most 15 characters. */
const MAX_ADDRESS_LENGTH = 61;

/** Checks an id of the calling application: 1 to 200 characters, kept as given. @throws BAD_USER_INPUT */
export function requireExternalId(field: string, text: string): string {
  const { length } = [...text];
  if (length >= 1 && length <= MAX_EXTERNAL_ID_LENGTH && !/\p{Cc}/u.test(text) && text.isWellFormed())
    return text;
  throw badInput(
    field,
    `${field} must have 1 to ${MAX_EXTERNAL_ID_LENGTH} characters and no control characters.`,
    {
      reason: 'OUT_OF_BOUNDS',
      min: 1,
      max: MAX_EXTERNAL_ID_LENGTH,
    },
  );
}

/** Checks the address of the user's browser. Null when it is not given. @throws BAD_USER_INPUT */
export function requireIpAddress(text: string | null | undefined): string | null {
  if (text == null || (text.length <= MAX_ADDRESS_LENGTH && isIP(text) !== 0)) return text ?? null;
  throw badInput('ipAddress', 'ipAddress must be an IPv4 or IPv6 address.', { reason: 'MALFORMED' });
}

/** Replaces control characters by blanks: the text is stored and shown to people. */
export const cleanUserAgent = (text: string | null | undefined): string | null =>
  text?.toWellFormed().replaceAll(/\p{Cc}/gu, ' ') ?? null;

/** Names a user or an account by Curfew's id or by the id in the calling application. */
export type Reference = { id: string } | { externalId: string };

/** Null when neither id is given. @throws BAD_USER_INPUT, with `field` idField, when both are */
export function toReference(
  given: { id: string | null | undefined; externalId: string | null | undefined },
  [idField, externalIdField]: readonly [string, string],
): Reference | null {
  if (given.id != null && given.externalId != null) {
    throw badInput(idField, `Use either ${idField} or ${externalIdField}, not both.`, {
      reason: 'AMBIGUOUS',
    });
  }
  if (given.externalId != null) return { externalId: requireExternalId(externalIdField, given.externalId) };
  return given.id == null ? null : { id: given.id };
}

export const required = (field: string, message = `${field} is required.`) =>
  badInput(field, message, { reason: 'REQUIRED' });

const MAX_BATCH_SIZE = 1_000;

/** @throws BAD_USER_INPUT unless `size` is 1 to 1000 */
export function requireBatchSize(field: string, size: number): void {
  if (size >= 1 && size <= MAX_BATCH_SIZE) return;
  throw badInput(field, `${field} must have 1 to ${MAX_BATCH_SIZE} entries.`, {
    reason: 'OUT_OF_BOUNDS',
    min: 1,
    max: MAX_BATCH_SIZE,
  });
}
