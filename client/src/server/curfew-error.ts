/**
 * A refusal of Curfew, or a failure to reach it. `code` is one of Curfew's codes (see its schema), or:
 * `UNAVAILABLE`: no answer within the timeout, or an answer to try again later ·
 * `CLOSED`: `close()` was called.
 */
export class CurfewError extends Error {
  readonly code: string;
  /** Further details from Curfew, such as `reason` and `field`. */
  readonly details: Readonly<Record<string, unknown>>;
  /**
   * The status with which Express, Fastify and NestJS answer when the error is not caught: 503 when Curfew could not be
   * reached or refused the service key, because neither says that the user is signed out; 403 for a user whom an owner has deactivated
   * (`USER_INACTIVE`); else 500.
   */
  readonly statusCode: 403 | 500 | 503;

  constructor(
    code: string,
    message: string,
    options: { details?: Record<string, unknown>; cause?: unknown } = {},
  ) {
    super(message, { cause: options.cause });
    this.name = 'CurfewError';
    this.code = code;
    this.details = options.details ?? {};
    this.statusCode = statusOf(code, this.details);
  }

  /** The answer with that status and `{ error: code }`. Hono answers with it when the error is not caught. */
  getResponse(): Response {
    const headers = new Headers({ 'cache-control': 'no-store' });
    if (this.statusCode === 503) headers.set('retry-after', '1');
    return Response.json({ error: this.code }, { status: this.statusCode, headers });
  }
}

/** Codes that say nothing about the session or its user. The last two are about the service key. */
const NO_ANSWER = new Set(['UNAVAILABLE', 'CLOSED', 'UNAUTHENTICATED', 'FORBIDDEN']);

function statusOf(code: string, details: Readonly<Record<string, unknown>>): 403 | 500 | 503 {
  if (NO_ANSWER.has(code)) return 503;
  return details.reason === 'USER_INACTIVE' ? 403 : 500;
}

export const unavailable = (message: string, cause?: unknown): CurfewError =>
  new CurfewError('UNAVAILABLE', message, { cause });
