import { RefusedError } from './errors.ts';
import { type SessionEnd } from './session-state.ts';

/** The code of a null from the application, beside the codes of Curfew's refusals. */
export const NOT_SIGNED_IN = 'NOT_SIGNED_IN';

/** Whether it is no more than a refusal: the session may live on, with another credential. */
export const isBareRefusal = (error: unknown): boolean =>
  error instanceof RefusedError && endOfRefusal(error)?.kind === 'refused';

/** Maps one of Curfew's end reasons to how the page presents it. */
export function endOfReason(endReason: string): SessionEnd {
  switch (endReason) {
    case 'IDLE_TIMEOUT':
      return { kind: 'expired', limit: 'idle' };
    case 'ABSOLUTE_TIMEOUT':
      return { kind: 'expired', limit: 'absolute' };
    case 'LOGOUT':
      return { kind: 'left' };
    default:
      return { kind: 'ended', endReason };
  }
}

/** Reads the end of the session from a refusal. Null: the session has not ended, such as with an expired access token. */
export function endOfRefusal({ code, endReason }: RefusedError): SessionEnd | null {
  switch (code) {
    case 'SESSION_EXPIRED_IDLE':
      return { kind: 'expired', limit: 'idle' };
    case 'SESSION_EXPIRED_ABSOLUTE':
      return { kind: 'expired', limit: 'absolute' };
    case 'INVALID_REFRESH_TOKEN':
      return endReason === null ? { kind: 'refused' } : endOfReason(endReason);
    case NOT_SIGNED_IN:
      return { kind: 'refused' };
    case 'UNAUTHENTICATED':
      return endReason === null ? null : endOfReason(endReason);
    default:
      return null;
  }
}
