/** The codes of the contract that the application itself raises. `graphql/errors.ts` lists those of the protocol. */
export type ErrorCode =
  | 'UNAUTHENTICATED'
  | 'REAUTHENTICATION_REQUIRED'
  | 'FORBIDDEN'
  | 'INVALID_CREDENTIALS'
  | 'SESSION_EXPIRED_IDLE'
  | 'SESSION_EXPIRED_ABSOLUTE'
  | 'INVALID_REFRESH_TOKEN'
  | 'SESSION_LIMIT_REACHED'
  | 'BAD_USER_INPUT'
  | 'CONFLICT'
  | 'NOT_FOUND'
  | 'RATE_LIMITED'
  | 'UNAVAILABLE';

/** Shown to the client and never logged. Must hold no SQL and no secret of another user. */
export interface ErrorDetails {
  field?: string;
  min?: number;
  max?: number;
  reason?: string;
  endReason?: string;
  endedAt?: Date;
  expiredAt?: Date;
  retryAfterSeconds?: number;
  /** How old the caller's authentication may be for the operation, and when it was. */
  maxAgeSeconds?: number;
  authenticatedAt?: Date;
  /** The `error` with which an identity provider sent the browser back. */
  providerError?: string;
  /** For a new sign-in at the provider: where to send the browser, and the client's own token for that sign-in. */
  authorizationUrl?: string;
  flowToken?: string;
  /** How many live sessions the user may have, and those that may end so that another can begin. */
  limit?: number;
  sessions?: readonly { id: string; device: string | null; appType: string; lastActivityAt: string }[];
}

/** For the security log only, never shown to a client. Ids and fixed words: no secret, no e-mail. */
export interface Evidence {
  reason?: string;
  /** The id of a refused service key; `unknown` if there is no such key. */
  serviceKeyId?: string;
  userId?: string;
  accountId?: string;
  sessionId?: string;
  provider?: string;
}

/** An expected refusal. Any other error is a fault: it is logged in full and shown to no client. */
export class AppError extends Error {
  readonly code: ErrorCode;
  readonly details: ErrorDetails;
  readonly evidence: Evidence;

  constructor(
    code: ErrorCode,
    message: string,
    details: ErrorDetails = {},
    cause?: unknown,
    evidence: Evidence = {},
  ) {
    super(message, cause === undefined ? undefined : { cause });
    this.name = 'AppError';
    this.code = code;
    this.details = details;
    this.evidence = evidence;
  }
}

/** Returns a copy of the refusal with more evidence for the security log. */
export const withEvidence = (
  { code, message, details, cause, evidence }: AppError,
  more: Evidence,
): AppError => new AppError(code, message, details, cause, { ...evidence, ...more });

export const badInput = (field: string, message: string, details: ErrorDetails = {}): AppError =>
  new AppError('BAD_USER_INPUT', message, { field, ...details });

export const notFound = (resource: string): AppError => new AppError('NOT_FOUND', `${resource} not found.`);

export const forbidden = (): AppError => new AppError('FORBIDDEN', 'Your role does not allow this.');
