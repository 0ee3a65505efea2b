/** The codes of the contract's error table that the application itself raises; see `graphql/errors.ts` for the rest. */
export type ErrorCode =
  | 'UNAUTHENTICATED'
  | 'FORBIDDEN'
  | 'INVALID_CREDENTIALS'
  | 'SESSION_EXPIRED_IDLE'
  | 'SESSION_EXPIRED_ABSOLUTE'
  | 'INVALID_REFRESH_TOKEN'
  | 'BAD_USER_INPUT'
  | 'CONFLICT'
  | 'NOT_FOUND'
  | 'RATE_LIMITED'
  | 'UNAVAILABLE';

/** Everything here is shown to the client and nothing of it is logged: never a secret of somebody else, never SQL. */
export interface ErrorDetails {
  field?: string;
  min?: number;
  max?: number;
  reason?: string;
  endReason?: string;
  endedAt?: Date;
  expiredAt?: Date;
  retryAfterSeconds?: number;
  /** The `error` with which an identity provider sent the browser back. */
  providerError?: string;
  /** Where to send the browser to sign in at the provider anew, and the client's own token for that sign-in. */
  authorizationUrl?: string;
  flowToken?: string;
}

/** A refusal that was foreseen. Anything else that is thrown is a fault: logged whole, shown to nobody. */
export class AppError extends Error {
  readonly code: ErrorCode;
  readonly details: ErrorDetails;

  constructor(code: ErrorCode, message: string, details: ErrorDetails = {}, cause?: unknown) {
    super(message, cause === undefined ? undefined : { cause });
    this.name = 'AppError';
    this.code = code;
    this.details = details;
  }
}

export const badInput = (field: string, message: string, details: ErrorDetails = {}): AppError =>
  new AppError('BAD_USER_INPUT', message, { field, ...details });

export const notFound = (what: string): AppError => new AppError('NOT_FOUND', `${what} not found.`);

export const forbidden = (): AppError => new AppError('FORBIDDEN', 'Your role does not allow this.');
