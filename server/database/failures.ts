/** SQLSTATE of a transaction that lost to another one and may simply run again (PostgreSQL appendix A). */
const RETRYABLE = new Set(['40001', '40P01']);

/** The server is away, starting, stopping or out of connections. */
const UNREACHABLE = new Set([
  '57P01',
  '57P02',
  '57P03',
  '53300',
  'ECONNREFUSED',
  'ECONNRESET',
  'EPIPE',
  'ENOTFOUND',
  'ETIMEDOUT',
  'EHOSTUNREACH',
]);

/** What `pg` says, without a code, when a connection is lost or none is to be had in time. */
const UNREACHABLE_TEXT =
  /^(Connection terminated|timeout exceeded when trying to connect|Client has encountered a connection error)/;

function* chain(error: unknown): Generator<{ code?: unknown; message?: unknown }> {
  for (let current = error; typeof current === 'object' && current !== null;) {
    yield current;
    current = (current as { cause?: unknown }).cause;
  }
}

const codeOf = (error: { code?: unknown }): string => (typeof error.code === 'string' ? error.code : '');

export function isRetryable(error: unknown): boolean {
  return chain(error).some((link) => RETRYABLE.has(codeOf(link)));
}

export function isUnreachable(error: unknown): boolean {
  return chain(error).some(
    (link) =>
      UNREACHABLE.has(codeOf(link)) ||
      codeOf(link).startsWith('08') ||
      (typeof link.message === 'string' && UNREACHABLE_TEXT.test(link.message)),
  );
}

export function isUniqueViolation(error: unknown): boolean {
  return chain(error).some((link) => codeOf(link) === '23505');
}
