/**
 * Curfew's no, or that it could not be asked. `code` is one of Curfew's (see its schema), or:
 * `UNAVAILABLE`: no answer within the timeout, or one that says to try again later; nothing is known ·
 * `CLOSED`: `close()` was called.
 */
export class CurfewError extends Error {
  readonly code: string;
  /** What else Curfew said, such as `reason` and `field`. */
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
