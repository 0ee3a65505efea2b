import { randomUUID } from 'node:crypto';
import type { IncomingMessage } from 'node:http';

export const REQUEST_ID_HEADER = 'x-request-id';

/** What proxies send: UUIDs, hexadecimal, base64url, or parts joined by dots, dashes and the like. */
const ACCEPTED = /^[\w.:/+=@-]{8,128}$/;

/**
 * The name of a request in the log, in its errors and in its response: the one that a proxy has given it, else a new one
 * that no other node makes too. A header of another length or with other characters is replaced: it goes into the log.
 */
export function requestIdOf({ headers }: IncomingMessage): string {
  const given = headers[REQUEST_ID_HEADER];
  return typeof given === 'string' && ACCEPTED.test(given) ? given : randomUUID();
}
