import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Clock } from '../clock.ts';
import { AppError, badInput } from '../errors.ts';
import { sha256 } from '../sha256.ts';

/** One call of `refreshSession`. */
export interface RefreshRequest {
  token: string;
  /** False for a background refresh, which does not move the idle deadline. */
  isActivity: boolean;
  requestHash: Uint8Array | null;
  /** Until when the client waits for the response. Null: it did not say. */
  notAfter: Date | null;
  /** True when the client has closed its connection. */
  isGone(): boolean;
  audience: string;
  ipAddress: string | null;
}

type ClientWait = Pick<RefreshRequest, 'notAfter' | 'isGone'>;

const MAX_AHEAD_MS = 60_000;
const MIN_REQUEST_ID_LENGTH = 16;
const MAX_REQUEST_ID_LENGTH = 128;

/** @throws BAD_USER_INPUT for a time more than a minute ahead. A time in the past passes: the request is too late */
export function requireNotAfter(notAfter: Date | null, now: Date): Date | null {
  if (notAfter !== null && notAfter.getTime() > now.getTime() + MAX_AHEAD_MS)
    throw badInput('notAfter', 'notAfter must be at most a minute ahead of the server’s clock.', {
      reason: 'OUT_OF_BOUNDS',
    });
  return notAfter;
}

/**
 * True when the client no longer waits for the response. It may have refreshed through another request since, so that
 * its token looks reused. At `notAfter` itself it still waits.
 */
export const isAbandoned = ({ notAfter, isGone }: ClientWait, now: Date): boolean =>
  isGone() || (notAfter !== null && now > notAfter);

/** One turn of the event loop reads the close, the next one closes the connection on this side. */
const TURNS_UNTIL_CLOSED = 2;

/**
 * Waits until the event loop has read a close that followed directly on the request, so that `isGone` reports it. The
 * embedded database may answer within the turn that reads the request.
 */
export async function untilClosesAreRead(): Promise<void> {
  for (let turn = 0; turn < TURNS_UNTIL_CLOSED; turn += 1) await nextTurn();
}

/** Before any request, so that the statement treats an abandoned request as late. */
const LONG_AGO = new Date(0);

/**
 * Returns `notAfter` for a statement that compares it with the database's clock. Null: no comparison, because the client
 * did not say, or because the server runs on another clock, as in tests.
 */
export function notAfterInDatabase(request: ClientWait, clock: Clock): Date | null {
  if (isAbandoned(request, clock.now())) return LONG_AGO;
  return clock.isDatabaseTime ? request.notAfter : null;
}

export const tooLate = (): AppError =>
  new AppError(
    'INVALID_REFRESH_TOKEN',
    'The request came too late: the client no longer waits for the response.',
    {
      reason: 'TOO_LATE',
    },
  );

export const isTooLate = ({ details }: AppError): boolean => details.reason === 'TOO_LATE';

/** Hashes the client's `requestId`, which is never stored. @throws BAD_USER_INPUT unless it has 16 to 128 characters */
export const hashRequestId = (requestId: string | null): Uint8Array | null => hashWithin('', requestId);

/** The same for a new authentication. One id never stands for both: no argument holds a NUL. @throws as `hashRequestId` */
export const hashReauthenticationId = (requestId: string | null): Uint8Array | null =>
  hashWithin('reauthenticate\0', requestId);

function hashWithin(namespace: string, requestId: string | null): Uint8Array | null {
  if (requestId === null) return null;
  if (requestId.length >= MIN_REQUEST_ID_LENGTH && requestId.length <= MAX_REQUEST_ID_LENGTH)
    return sha256(namespace + requestId);
  throw badInput(
    'requestId',
    `requestId must have ${MIN_REQUEST_ID_LENGTH} to ${MAX_REQUEST_ID_LENGTH} characters.`,
    { reason: 'OUT_OF_BOUNDS', min: MIN_REQUEST_ID_LENGTH, max: MAX_REQUEST_ID_LENGTH },
  );
}
