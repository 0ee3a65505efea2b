/**
 * A refusal of Curfew, or a failure to reach it. `code` is one of Curfew's codes (see its schema), or:
 * `UNAVAILABLE`: no answer within the timeout, or an answer to try again later ·
 * `CLOSED`: `close()` was called.
 */
export class CurfewError extends Error {
  readonly code: string;
  /** Further details from Curfew, such as `reason` and `field`. */
  readonly details: Readonly<Record<string, unknown>>;

  constructor(
    code: string,
    message: string,
    options: { details?: Record<string, unknown>; cause?: unknown } = {},
  ) {
    super(message, { cause: options.cause });
    this.name = 'CurfewError';
    this.code = code;
    this.details = options.details ?? {};
  }
}

export const unavailable = (message: string, cause?: unknown): CurfewError =>
  new CurfewError('UNAVAILABLE', message, { cause });
