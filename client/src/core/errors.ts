import { type SessionEnd } from './session-state.ts';

/**
 * An error of this kit. A page may load several copies of it: ES modules, CommonJS, a bundle, the notice. `instanceof` is
 * true for the same error of any copy. Of a class that an application derives, it is true for its own, as usual.
 */
abstract class KitError extends Error {
  static override [Symbol.hasInstance](this: { prototype: object; kind?: string }, value: unknown): boolean {
    if (Object.prototype.isPrototypeOf.call(this.prototype, value as object)) return true;
    return Object.hasOwn(this, 'kind') && value instanceof Error && value.name === this.kind;
  }
}

/** There is no session, and only a new sign-in helps. `ending` is null if no session was found at the start. */
export class SessionOverError extends KitError {
  static readonly kind = 'SessionOverError';
  readonly ending: SessionEnd | null;

  constructor(ending: SessionEnd | null) {
    super('The session is over.');
    this.name = SessionOverError.kind;
    this.ending = ending;
  }
}

/** The server could not be reached or could not answer. Says nothing about the session; try again later. */
export class UnreachableError extends KitError {
  static readonly kind = 'UnreachableError';
  constructor(message: string, options: { cause?: unknown } = {}) {
    super(message, options);
    this.name = UnreachableError.kind;
  }
}

/** The user was not authenticated again. The session is what it was. */
export class ReauthenticationError extends KitError {
  static readonly kind = 'ReauthenticationError';
  /**
   * `INVALID_CREDENTIALS`: wrong password · `RATE_LIMITED`: too many failures, see `retryAfterSeconds` · `IMPOSSIBLE`: the
   * application gave no `onReauthenticate` · any other of Curfew's codes, or one that `onReauthenticate` threw.
   */
  readonly code: string;
  /** With `RATE_LIMITED`: when to try again. */
  readonly retryAfterSeconds: number | null;

  constructor(
    code: string,
    {
      message,
      retryAfterSeconds = null,
    }: {
      message?: string | undefined;
      retryAfterSeconds?: number | null | undefined;
    } = {},
  ) {
    super(message ?? `The user was not authenticated again (${code}).`);
    this.name = ReauthenticationError.kind;
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
export class RefusedError extends KitError {
  static readonly kind = 'RefusedError';
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
    this.name = RefusedError.kind;
    this.code = code;
    this.endReason = endReason;
    this.reason = reason;
    this.field = field;
    this.retryAfterSeconds = retryAfterSeconds;
  }
}
