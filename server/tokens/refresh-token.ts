import jwt from 'jsonwebtoken';
import { createHmac, timingSafeEqual } from 'node:crypto';
import { toNumericDate } from '../clock.ts';
import { isSessionId } from '../database/ids.ts';
import type { RenewableSession } from '../sessions/session.ts';
import { OWN_AUDIENCE, readHeader } from './access-token.ts';
import type { RefreshKey } from './signing-keys.ts';

const TYPE = 'refresh';

/** Which rotation of which session a genuine token stands for. */
export interface RefreshTokenClaims {
  /** The token's `sub`: the user's id here, or, in a legacy token, whatever its issuer called them. */
  userId: string;
  sessionId: string;
  generation: number;
  jti: string;
  /** From before Curfew: carries `sub`, `jti`, `type` and `exp` only, and its `jti` is the id of the imported session. */
  isLegacy: boolean;
}

type TokenSource = Pick<
  RenewableSession,
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
  /** Every claim comes from the row, so minting the same generation twice gives the same token to the byte. */
  mint(session: TokenSource): string;
  /** Null unless signature and type are right. `exp` is not judged: the row decides when the session is over. */
  read(token: string): RefreshTokenClaims | null;
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

    read(token) {
      const kid = readHeader(token)?.kid;
      // Tokens from before Curfew name no key.
      const candidates = kid === undefined ? keys : keys.filter((key) => key.kid === kid);
      for (const key of candidates) {
        const payload = verify(token, key);
        if (payload) return toClaims(payload, issuer);
      }
      return null;
    },
  };
}

function verify(token: string, key: RefreshKey): Record<string, unknown> | null {
  try {
    const payload = jwt.verify(token, key.secret, {
      algorithms: ['HS256'],
      ignoreExpiration: true,
      ignoreNotBefore: true,
    });
    return typeof payload === 'object' ? payload : null;
  } catch {
    return null;
  }
}

const POLICY_CLAIMS = ['sid', 'gen', 'auth_time', 'idle_max', 'abs_max'];

function toClaims(payload: Record<string, unknown>, issuer: string): RefreshTokenClaims | null {
  const { sub, jti, type, sid, gen } = payload;
  if (type !== TYPE || typeof sub !== 'string' || typeof jti !== 'string') return null;
  // PostgreSQL's text takes no NUL; nobody here is called that.
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

const GENERATION_MAX = 2 ** 31 - 1;
const isGeneration = (gen: unknown): gen is number =>
  Number.isInteger(gen) && (gen as number) >= 0 && (gen as number) <= GENERATION_MAX;

/** HMAC-SHA256(the row's secret, generation): neither the signing key nor the database alone can mint a token. */
function refreshJti(secret: Uint8Array, generation: number): string {
  return createHmac('sha256', secret).update(String(generation)).digest('base64url');
}

/** Whether the token was minted from this row. */
export function belongsTo(
  claims: RefreshTokenClaims,
  session: Pick<RenewableSession, 'id' | 'userId' | 'tokenSecret' | 'isImported' | 'importedSubject'>,
): boolean {
  if (claims.sessionId !== session.id) return false;
  const isUser = claims.userId === session.userId;
  if (claims.isLegacy) return session.isImported && (isUser || claims.userId === session.importedSubject);
  if (!isUser) return false;
  const expected = Buffer.from(refreshJti(session.tokenSecret, claims.generation));
  const given = Buffer.from(claims.jti);
  return expected.length === given.length && timingSafeEqual(expected, given);
}
