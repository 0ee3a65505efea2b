import { NOT_SIGNED_IN } from './application-source.ts';
import { type SessionEnding } from './session-state.ts';
import { type RefusedError } from './transport.ts';

/** What an end reason means to somebody who looks at the page. */
export function endingOf(endReason: string): SessionEnding {
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

/** What a refusal says about the session; null: nothing, such as an access token that has merely expired. */
export function endingInRefusal({ code, endReason }: RefusedError): SessionEnding | null {
  switch (code) {
    case 'SESSION_EXPIRED_IDLE':
      return { kind: 'expired', limit: 'idle' };
    case 'SESSION_EXPIRED_ABSOLUTE':
      return { kind: 'expired', limit: 'absolute' };
    case 'INVALID_REFRESH_TOKEN':
      return endReason === null ? { kind: 'refused' } : endingOf(endReason);
    case NOT_SIGNED_IN:
      return { kind: 'refused' };
    case 'UNAUTHENTICATED':
      return endReason === null ? null : endingOf(endReason);
    default:
      return null;
  }
}
