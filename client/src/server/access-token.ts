import { errors, jwtVerify, type JWTPayload } from 'jose';
import type { KeySet } from './key-set.ts';
import type { LiveSession, RefusalReason } from './check-result.ts';
import { createVerifiedTokens } from './verified-tokens.ts';

/** The claims of a verified access token. `exp` is in milliseconds since the epoch. */
export interface AccessTokenClaims {
  userId: string;
  sessionId: string;
  accountId: string;
  role: LiveSession['role'];
  /** When the user had last authenticated when the token was issued, in whole seconds. */
  authenticatedAt: Date;
  exp: number;
}

/** Who issued a token, and for whom, as it says itself. */
export interface TokenOrigin {
  issuer: unknown;
  audience: unknown;
}

export type AccessTokenCheck =
  /** `isNearExpiry`: so near, before or after, that only Curfew's clock can tell. */
  | { state: 'verified'; claims: AccessTokenClaims; isNearExpiry: boolean }
  /** `origin`: of a token of Curfew's that was made for another issuer or audience. */
  | { state: 'invalid'; reason: RefusalReason; origin?: TokenOrigin }
  /** The key is not available for now. */
  | { state: 'unknown' };

export interface AccessTokens {
  check(token: string): Promise<AccessTokenCheck>;
}

const TYPE = 'at+jwt';
const ALGORITHM = 'ES256';
/** Tolerated difference between clocks. */
const TOLERANCE_SECONDS = 5;
const MAX_VERIFIED_TOKENS = 100_000;

class KeyMissing extends Error {}

/** Verifies the signature and claims of Curfew's access tokens. Whether the session is live is another question. */
export function createAccessTokens(options: {
  keys: KeySet;
  issuer: string;
  audience: string;
  now: () => number;
}): AccessTokens {
  const { keys, issuer, audience, now } = options;
  const verified = createVerifiedTokens<AccessTokenClaims>({
    maxSize: MAX_VERIFIED_TOKENS,
    marginMs: TOLERANCE_SECONDS * 1000,
  });

  async function verify(token: string): Promise<JWTPayload> {
    const { payload } = await jwtVerify(
      token,
      async (header) => {
        if (typeof header.kid !== 'string') throw new errors.JWSInvalid('The token names no key.');
        const key = await keys.find(header);
        if (!key) throw new KeyMissing();
        return key;
      },
      {
        algorithms: [ALGORITHM],
        typ: TYPE,
        issuer,
        audience,
        requiredClaims: ['exp', 'sub', 'sid'],
        clockTolerance: TOLERANCE_SECONDS,
        currentDate: new Date(now()),
      },
    );
    return payload;
  }

  return {
    async check(token) {
      // Read first: what is verified while the keys change counts as verified with the old ones.
      const generation = keys.generation();
      const known = generation && verified.find(token, generation, now());
      if (known) return { state: 'verified', claims: known, isNearExpiry: false };
      try {
        const checked = readClaims(await verify(token), now());
        if (checked.state === 'verified' && generation)
          verified.add(token, checked.claims, generation, now());
        return checked;
      } catch (error) {
        if (error instanceof KeyMissing) return { state: 'unknown' };
        if (error instanceof errors.JWTExpired) return { state: 'invalid', reason: 'EXPIRED_TOKEN' };
        // The signature was good, so Curfew wrote this.
        if (error instanceof errors.JWTClaimValidationFailed && ['iss', 'aud'].includes(error.claim)) {
          const { iss: tokenIssuer, aud: tokenAudience } = error.payload;
          const origin = { issuer: tokenIssuer, audience: tokenAudience };
          return { state: 'invalid', reason: 'INVALID_TOKEN', origin };
        }
        // jose throws for every fault in the token; the caller does not learn which.
        if (error instanceof errors.JOSEError || error instanceof TypeError)
          return { state: 'invalid', reason: 'INVALID_TOKEN' };
        throw error;
      }
    },
  };
}

function readClaims(payload: JWTPayload, now: number): AccessTokenCheck {
  const { sub, sid, account_id: accountId, role, auth_time: authTime, aud, exp, scope } = payload;
  // Checked first: a session-scoped token has no role or account, and one that had would still be session-scoped.
  if (scope !== undefined) return { state: 'invalid', reason: 'SESSION_SCOPED_TOKEN' };
  const isComplete =
    typeof sub === 'string' &&
    typeof sid === 'string' &&
    typeof accountId === 'string' &&
    (role === 'OWNER' || role === 'MEMBER') &&
    typeof authTime === 'number' &&
    // Curfew names one audience. Each of several could replay the token at the others.
    typeof aud === 'string';
  if (!isComplete) return { state: 'invalid', reason: 'INVALID_TOKEN' };
  const expiresAt = exp! * 1000;
  return {
    state: 'verified',
    claims: {
      userId: sub,
      sessionId: sid,
      accountId,
      role,
      authenticatedAt: new Date(authTime * 1000),
      exp: expiresAt,
    },
    isNearExpiry: Math.abs(expiresAt - now) <= TOLERANCE_SECONDS * 1000,
  };
}
