import jwt from 'jsonwebtoken';
import { createHmac } from 'node:crypto';
import { toNumericDate } from '../clock.ts';
import { isSessionId } from '../database/ids.ts';
import type { SessionWithRefreshState } from '../rules/session.ts';
import { isSameSecret } from '../timing-safe.ts';
import { OWN_AUDIENCE, readHeader } from './access-token.ts';
import type { RefreshKey } from './signing-keys.ts';
import { verifyJwt } from './verified-jwt.ts';

const TYPE = 'refresh';

/** The session and rotation that a genuine token belongs to. */
export interface RefreshTokenClaims {
  /** The token's `sub`: the user's id, or in a legacy token the subject that its issuer used. */
  userId: string;
  sessionId: string;
  generation: number;
  jti: string;
  /** Issued before Curfew: has only `sub`, `jti`, `type` and `exp`, and its `jti` is the id of the imported session. */
  isLegacy: boolean;
}

type TokenSource = Pick<
  SessionWithRefreshState,
  | 'id'
  | 'userId'
  | 'generation'
  | 'rotatedAt'
  | 'authenticatedAt'
  | 'tokenExpiresAt'
  | 'tokenIdleSeconds'
  | 'tokenAbsoluteSeconds'
  | 'tokenSecret'
>;

export interface RefreshTokens {
  /** Every claim comes from the row, so one generation always gives the same token, byte for byte. */
  mint(session: TokenSource): string;
  /** Null unless signature, type and `nbf` are valid. Ignores `exp`: the row decides when the session ends. */
  read(token: string, now: Date): RefreshTokenClaims | null;
}

export function createRefreshTokens(options: { keys: readonly RefreshKey[]; issuer: string }): RefreshTokens {
  const { keys, issuer } = options;
  const signing = keys[0]!;

  return {
    mint(session) {
      const claims = {
        iss: issuer,
        aud: OWN_AUDIENCE,
        sub: session.userId,
        sid: session.id,
        gen: session.generation,
        jti: refreshJti(session.tokenSecret, session.generation),
        type: TYPE,
        auth_time: toNumericDate(session.authenticatedAt),
        idle_max: session.tokenIdleSeconds,
        abs_max: session.tokenAbsoluteSeconds,
        iat: toNumericDate(session.rotatedAt),
        exp: toNumericDate(session.tokenExpiresAt),
      };
      return jwt.sign(claims, signing.secret, {
        algorithm: 'HS256',
        header: { alg: 'HS256', typ: 'JWT', kid: signing.kid },
      });
    },

    read(token, now) {
      const kid = readHeader(token)?.kid;
      for (const key of keys) {
        const verified = verifyJwt(token, key.secret, { algorithm: 'HS256', ignoreExpiration: true }, now);
        if (!verified) continue;
        const claims = toClaims(verified.payload, issuer);
        // Tokens from before Curfew name no key, or one of a former list.
        return claims?.isLegacy || kid === undefined || kid === key.kid ? claims : null;
      }
      return null;
    },
  };
}

const POLICY_CLAIMS = ['sid', 'gen', 'auth_time', 'idle_max', 'abs_max'];

function toClaims(payload: Record<string, unknown>, issuer: string): RefreshTokenClaims | null {
  const { sub, jti, type, sid, gen } = payload;
  if (type !== TYPE || typeof sub !== 'string' || typeof jti !== 'string') return null;
  // PostgreSQL's text cannot hold a NUL, so no subject has one.
  if (sub.includes('\0')) return null;
  if (
    typeof sid === 'string' &&
    isSessionId(sid) &&
    isGeneration(gen) &&
    payload.iss === issuer &&
    payload.aud === OWN_AUDIENCE
  ) {
    return { userId: sub, sessionId: sid, generation: gen, jti, isLegacy: false };
  }
  if (POLICY_CLAIMS.some((claim) => claim in payload) || !isSessionId(jti)) return null;
  return { userId: sub, sessionId: jti, generation: 0, jti, isLegacy: true };
}

const MAX_GENERATION = 2 ** 31 - 1;
const isGeneration = (gen: unknown): gen is number =>
  Number.isInteger(gen) && (gen as number) >= 0 && (gen as number) <= MAX_GENERATION;

/** HMAC-SHA256(the row's secret, generation). Minting a token takes both the signing key and the database. */
function refreshJti(secret: Uint8Array, generation: number): string {
  return createHmac('sha256', secret).update(String(generation)).digest('base64url');
}

/** Tells whether the token was minted from this row. */
export function belongsTo(
  claims: RefreshTokenClaims,
  session: Pick<SessionWithRefreshState, 'id' | 'userId' | 'tokenSecret' | 'isImported' | 'importedSubject'>,
): boolean {
  if (claims.sessionId !== session.id) return false;
  const isUser = claims.userId === session.userId;
  if (claims.isLegacy) return session.isImported && (isUser || claims.userId === session.importedSubject);
  if (!isUser) return false;
  return isSameSecret(refreshJti(session.tokenSecret, claims.generation), claims.jti);
}
