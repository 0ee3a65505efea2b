import { isIP } from 'node:net';
import { badInput } from '../errors.ts';

const EXTERNAL_ID_MAX = 200;

/** Its id in the calling application, as it is written there: 1 to 200 characters. @throws BAD_USER_INPUT */
export function requireExternalId(field: string, text: string): string {
  const { length } = [...text];
  if (length >= 1 && length <= EXTERNAL_ID_MAX && !/\p{Cc}/u.test(text) && text.isWellFormed()) return text;
  throw badInput(field, `${field} has 1 to ${EXTERNAL_ID_MAX} characters and no control characters.`, {
    reason: 'OUT_OF_BOUNDS',
    min: 1,
    max: EXTERNAL_ID_MAX,
  });
}

/** The address of the user's browser; null where it was not given. @throws BAD_USER_INPUT */
export function requireIpAddress(text: string | null | undefined): string | null {
  if (text == null || isIP(text) !== 0) return text ?? null;
  throw badInput('ipAddress', 'ipAddress is neither an IPv4 nor an IPv6 address.', { reason: 'MALFORMED' });
}

/** It is shown to people and stored as text: control characters become blanks. */
export const cleanUserAgent = (text: string | null | undefined): string | null =>
  text?.replaceAll(/\p{Cc}/gu, ' ') ?? null;

/** A thing that is named by Curfew's id or by the id in the calling application, not by both. */
export type Named = { id: string } | { externalId: string };

/** Null where neither is given. @throws BAD_USER_INPUT for both, with `field` idField */
export function toNamed(
  given: { id: string | null | undefined; externalId: string | null | undefined },
  [idField, externalIdField]: readonly [string, string],
): Named | null {
  if (given.id != null && given.externalId != null) {
    throw badInput(idField, `Either ${idField} or ${externalIdField}, not both.`, { reason: 'AMBIGUOUS' });
  }
  if (given.externalId != null) return { externalId: requireExternalId(externalIdField, given.externalId) };
  return given.id == null ? null : { id: given.id };
}

export const required = (field: string, message = `${field} is needed.`) =>
  badInput(field, message, { reason: 'REQUIRED' });

const BATCH_MAX = 1_000;

/** @throws BAD_USER_INPUT unless there are 1 to 1000 */
export function requireBatchSize(field: string, size: number): void {
  if (size >= 1 && size <= BATCH_MAX) return;
  throw badInput(field, `${field} has 1 to ${BATCH_MAX} entries.`, {
    reason: 'OUT_OF_BOUNDS',
    min: 1,
    max: BATCH_MAX,
  });
}
