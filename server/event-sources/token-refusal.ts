/** The error codes of RFC 8935, section 2.4, that Curfew answers with. */
export type SetErrorCode =
  'invalid_request' | 'invalid_key' | 'invalid_issuer' | 'invalid_audience' | 'authentication_failed';

/**
 * Whose fault it is. `issuer`: of a token that it has signed for this source, or of what it publishes. `unknown`: nothing
 * shows that the token came from there, so a stranger may have sent it.
 */
export type FaultOf = 'issuer' | 'unknown';

/** Why a token is not taken, in fixed words: the owner and the sender read them. */
export interface TokenRefusal {
  kind: 'refused';
  code: SetErrorCode;
  description: string;
  faultOf: FaultOf;
}

export const refuseToken = (
  code: SetErrorCode,
  description: string,
  faultOf: FaultOf = 'unknown',
): TokenRefusal => ({ kind: 'refused', code, description, faultOf });

/** The keys cannot be fetched now: the same token may be taken later. */
export interface KeysUnavailable {
  kind: 'unavailable';
  description: string;
  faultOf: FaultOf;
}

/** The source sends more than is taken, see source-limits.ts: the same token may be taken later. */
export interface TokenLimited {
  kind: 'limited';
  description: string;
  retryAfterSeconds: number;
}
