/** Close codes that Curfew adds to those of graphql-ws; the contract lists them for clients. */

/** Only a new sign-in helps. The reason text is the end reason, or UNAUTHENTICATED. */
export const SIGN_IN_AGAIN = 4401;
/** The token has expired, its session has not: a fresh token is enough. */
export const FRESH_TOKEN_NEEDED = 4403;
/** IANA's registry of WebSocket close codes: "Try Again Later". */
export const TRY_AGAIN_LATER = 1013;
/** RFC 6455, section 7.4.1: the server stops. */
export const GOING_AWAY = 1001;

/** Sent with TRY_AGAIN_LATER: this node reads no current sessions; another node may. */
export const STALE_REASON = 'Cannot see the sessions';
