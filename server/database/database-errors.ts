import { AppError } from '../errors.ts';
import { errorChain } from '../error-chain.ts';

/** SQLSTATEs of a transaction that lost a conflict and may run again (PostgreSQL appendix A). */
const RETRYABLE = new Set(['40001', '40P01']);

/** The database accepts no writes: read-only, disk full, out of memory, or a failing disk. */
const WRITE_FAILURES = /^(25006|53100|53200|58)/;

/**
 * SQLSTATEs of temporary failures: connection lost (08), rejected (28, 3D000), timeout of a transaction (25P03, 25P04),
 * a lock (55P03) or a statement (57014), read-only (25006), conflict after all retries (40001, 40P01, 40003), out of
 * disk, memory or connections (53), stopping, starting or gone (57P), failing system (58).
 */
const UNAVAILABLE = /^(08|28|3D000|25006|25P03|25P04|40001|40P01|40003|53|55P03|57014|57P0|58)/;

/** Temporary failures by Node's error code, including the file system of the embedded database. */
const UNAVAILABLE_NODE_CODES = new Set([
  'ECONNREFUSED',
  'ECONNRESET',
  'ECONNABORTED',
  'EPIPE',
  'ENOTFOUND',
  'EAI_AGAIN',
  'ETIMEDOUT',
  'EHOSTUNREACH',
  'EHOSTDOWN',
  'ENETUNREACH',
  'ENETDOWN',
  'EADDRNOTAVAIL',
  'EMFILE',
  'ENFILE',
  'ENOSPC',
  'EDQUOT',
  'EROFS',
  'EIO',
  'ERR_STREAM_DESTROYED',
  'ERR_STREAM_WRITE_AFTER_END',
]);

/** Messages of `pg` errors without a code: the connection was lost, or none was free in time. */
const UNAVAILABLE_TEXT =
  /^(Connection terminated|timeout exceeded when trying to connect|timeout expired|Client has encountered a connection error|Client was closed and is not queryable|Cannot use a pool after calling end)/;

/** The connection leads to a database that accepts no writes. */
export class ReadOnlyError extends Error {
  readonly code = '25006';

  constructor() {
    super('it is read-only');
  }
}

/** The pool could not open a connection. `cause` says why. */
export class NoConnectionError extends Error {
  readonly code = '08001';

  constructor(cause: unknown) {
    super(cause instanceof Error ? cause.message : String(cause), { cause });
  }
}

/** A transaction reached its timeout in the node. */
export class TransactionTimeoutError extends Error {
  readonly code = '25P04';

  constructor() {
    super('the transaction took too long');
  }
}

/** SQLSTATEs of timeouts in the database: of a lock, a statement, or a whole transaction. */
const TIMEOUTS = new Set(['55P03', '57014', '25P03', '25P04']);

/** Yields the error and its causes. */
function* chain(error: unknown): Generator<{ code?: unknown; message?: unknown }> {
  for (let current = error; typeof current === 'object' && current !== null;) {
    yield current;
    current = (current as { cause?: unknown }).cause;
  }
}

const codeOf = (error: { code?: unknown }): string => (typeof error.code === 'string' ? error.code : '');

/** Whether the transaction lost a conflict, or its prepared statement, and may run again. */
export function isRetryable(error: unknown): boolean {
  return (
    errorChain(error).some((link) => RETRYABLE.has(codeOf(link))) ||
    isLostPreparedStatement(error) ||
    isOutdatedPreparedStatement(error)
  );
}

/** Whether a prepared statement is not there, or is there already: a pooler gave the session of another client. */
export function isLostPreparedStatement(error: unknown): boolean {
  return errorChain(error).some((link) => codeOf(link) === '26000' || codeOf(link) === '42P05');
}

/**
 * Whether a migration changed the result of a prepared statement ("cached plan must not change result type"). By the
 * function that reports it: the text comes in the language of the server.
 */
export function isOutdatedPreparedStatement(error: unknown): boolean {
  return errorChain(error).some(
    (link) => codeOf(link) === '0A000' && (link as { routine?: unknown }).routine === 'RevalidateCachedQuery',
  );
}

/** Whether the server has no connection left for this role, for this database, or at all. */
export function isOutOfConnections(error: unknown): boolean {
  return errorChain(error).some(
    (link) =>
      codeOf(link) === '53300' ||
      // PgBouncer with max_client_conn, which has no code of its own.
      (codeOf(link) === '08P01' && /no more connections allowed/.test(String((link as Error).message))),
  );
}

/** Whether the failure is temporary: callers answer UNAVAILABLE. */
export function isUnavailable(error: unknown): boolean {
  return chain(error).some(
    (link) =>
      isSqlState(codeOf(link), UNAVAILABLE) ||
      UNAVAILABLE_NODE_CODES.has(codeOf(link)) ||
      (typeof link.message === 'string' && UNAVAILABLE_TEXT.test(link.message)),
  );
}

/** Whether the database accepts no writes now. */
export function isWriteFailure(error: unknown): boolean {
  return errorChain(error).some((link) => isSqlState(codeOf(link), WRITE_FAILURES));
}

/** Whether a wait in the database reached its timeout. */
export function isTimeout(error: unknown): boolean {
  return chain(error).some((link) => TIMEOUTS.has(codeOf(link)));
}

/** Whether the transaction was the one that was rolled back to end a deadlock. */
export function isDeadlock(error: unknown): boolean {
  return errorChain(error).some((link) => codeOf(link) === '40P01');
}

export function isUniqueViolation(error: unknown): boolean {
  return errorChain(error).some((link) => codeOf(link) === '23505');
}

/** Whether a text from outside holds a NUL, or an escape for one in JSON. PostgreSQL cannot store either. */
export function isUnstorableText(error: unknown): boolean {
  return errorChain(error).some((link) => codeOf(link) === '22021' || codeOf(link) === '22P05');
}

/**
 * Whether a value passed to the statement is at fault, and not the database: SQLSTATE class 22 (a NUL in a text, half a
 * surrogate pair in JSON, a number out of range), or a value that could not be serialised.
 */
export function isDataFault(error: unknown): boolean {
  return (
    error instanceof RangeError ||
    error instanceof TypeError ||
    errorChain(error).some((link) => codeOf(link).startsWith('22'))
  );
}

/** Error codes of Node and others are longer. */
const isSqlState = (code: string, classes: RegExp): boolean => code.length === 5 && classes.test(code);

export const unavailable = (cause?: unknown): AppError =>
  new AppError('UNAVAILABLE', 'The database cannot be reached. Try again.', {}, cause);

/** Turns a temporary failure into UNAVAILABLE. Returns every other error unchanged. */
export function asUnavailable(error: unknown): unknown {
  return isUnavailable(error) ? unavailable(error) : error;
}
/** The error UNAVAILABLE that a failure is or stands for. Null: it is another failure. */
export function unavailableOf(error: unknown): AppError | null {
  const known = asUnavailable(error);
  return known instanceof AppError && known.code === 'UNAVAILABLE' ? known : null;
}
