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

/** The server answered with a refusal. */
export class RefusedError extends Error {
  readonly code: string;
  readonly endReason: string | null;
  /** Detail from the server, if it gave any. */
  readonly reason: string | null;
  readonly field: string | null;

  constructor(
    code: string,
    endReason: string | null,
    message: string,
    { reason = null, field = null }: { reason?: string | null; field?: string | null } = {},
  ) {
    super(message);
    this.name = 'RefusedError';
    this.code = code;
    this.endReason = endReason;
    this.reason = reason;
    this.field = field;
  }
}
