import { type SessionEnd } from './session-state.ts';

/** There is no session, and only a new sign-in helps. `ending` is null if no session was found at the start. */
export class SessionOverError extends Error {
  readonly ending: SessionEnd | null;

  constructor(ending: SessionEnd | null) {
    super('The session is over.');
    this.name = 'SessionOverError';
    this.ending = ending;
  }
}

/** The server could not be reached or could not answer. Says nothing about the session; try again later. */
export class UnreachableError extends Error {
  constructor(message: string, options: { cause?: unknown } = {}) {
    super(message, options);
    this.name = 'UnreachableError';
  }
}

/** The user was not authenticated again. The session is what it was. */
export class ReauthenticationError extends Error {
  /**
   * `INVALID_CREDENTIALS`: wrong password · `RATE_LIMITED`: too many failures, see `retryAfterSeconds` · `IMPOSSIBLE`: the
   * application gave no `onReauthenticate` · any other of Curfew's codes, or one that `onReauthenticate` threw.
   */
  readonly code: string;
  /** With `RATE_LIMITED`: when to try again. */
  readonly retryAfterSeconds: number | null;

  constructor(
    code: string,
    { message, retryAfterSeconds = null }: { message?: string; retryAfterSeconds?: number | null } = {},
  ) {
    super(message ?? `The user was not authenticated again (${code}).`);
    this.name = 'ReauthenticationError';
    this.code = code;
    this.retryAfterSeconds = retryAfterSeconds;
  }
}

/** Details of a refusal, where the server gave them. */
interface RefusalDetails {
  reason?: string | null;
  field?: string | null;
  retryAfterSeconds?: number | null;
}

/** The server answered with a refusal. */
export class RefusedError extends Error {
  readonly code: string;
  readonly endReason: string | null;
  readonly reason: string | null;
  readonly field: string | null;
  readonly retryAfterSeconds: number | null;

  constructor(
    code: string,
    endReason: string | null,
    message: string,
    { reason = null, field = null, retryAfterSeconds = null }: RefusalDetails = {},
  ) {
    super(message);
    this.name = 'RefusedError';
    this.code = code;
    this.endReason = endReason;
    this.reason = reason;
    this.field = field;
    this.retryAfterSeconds = retryAfterSeconds;
  }
}
