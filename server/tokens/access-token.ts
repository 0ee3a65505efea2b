import jwt from 'jsonwebtoken';
import { randomUUID } from 'node:crypto';
import { toNumericDate } from '../clock.ts';
import type { Role } from '../generated/schema.ts';
import type { AccessKey } from './signing-keys.ts';

/** Curfew's own audience. A token made for another API carries another one and is refused here (RFC 9068, section 4). */
export const OWN_AUDIENCE = 'curfew';
const TYPE = 'at+jwt';

export interface AccessTokenSubject {
  userId: string;
  sessionId: string;
  accountId: string;
  role: Role;
  authenticatedAt: Date;
  idleExpiresAt: Date;
  absoluteExpiresAt: Date;
  /** For a browser that may only follow the end of its session; see `CONFINED_SCOPE`. */
  isConfined?: boolean;
}

/** The `scope` (RFC 9068, section 2.2.3) of a token that is good for the end of its session and nothing else. */
export const CONFINED_SCOPE = 'session';

export interface AccessTokenClaims {
  sub: string;
  sid: string;
  account_id: string;
  role: Role;
  auth_time: number;
  iat: number;
  exp: number;
  iss: string;
  aud: string;
  jti: string;
  scope?: string;
}

export type AccessTokenCheck =
  | { state: 'valid'; claims: AccessTokenClaims }
  /** Genuine, but past its `exp`: a fresh one for the same session will do. */
  | { state: 'expired'; claims: AccessTokenClaims }
  | { state: 'invalid' };

export interface AccessTokens {
  /** Never outlives the session: `exp` is the least of now + TTL and both deadlines. */
  mint(subject: AccessTokenSubject, audience: string, now: Date): { token: string; expiresAt: Date };
  check(token: string, now: Date): AccessTokenCheck;
  /** The same for a token of any audience that Curfew mints for: what other APIs ask about, and nobody signs in with. */
  checkOfAnyAudience(token: string, now: Date): AccessTokenCheck;
}

export function createAccessTokens(options: {
  keys: readonly AccessKey[];
  issuer: string;
  ttlSeconds: number;
  /** Besides Curfew's own. */
  audiences?: readonly string[];
}): AccessTokens {
  const { keys, issuer, ttlSeconds, audiences = [] } = options;
  const signing = keys[0]!;
  const byKid = new Map(keys.map((key) => [key.kid, key]));

  function verify(token: string, audience: string | [string, ...string[]], now: Date): AccessTokenCheck {
    const key = byKid.get(readHeader(token)?.kid ?? '');
    if (!key) return { state: 'invalid' };
    try {
      const { header, payload } = jwt.verify(token, key.publicKey, {
        algorithms: ['ES256'],
        issuer,
        audience,
        ignoreExpiration: true,
        clockTimestamp: toNumericDate(now),
        complete: true,
      });
      if (header.typ !== TYPE || !isAccessTokenClaims(payload)) return { state: 'invalid' };
      return { state: payload.exp * 1000 > now.getTime() ? 'valid' : 'expired', claims: payload };
    } catch {
      // jsonwebtoken throws for every fault in the token, a malformed one included; the reason is nobody's business.
      return { state: 'invalid' };
    }
  }

  return {
    mint(subject, audience, now) {
      const end = Math.min(
        now.getTime() + ttlSeconds * 1000,
        subject.idleExpiresAt.getTime(),
        subject.absoluteExpiresAt.getTime(),
      );
      const exp = Math.floor(end / 1000);
      const claims: AccessTokenClaims = {
        iss: issuer,
        aud: audience,
        sub: subject.userId,
        sid: subject.sessionId,
        account_id: subject.accountId,
        role: subject.role,
        auth_time: toNumericDate(subject.authenticatedAt),
        iat: toNumericDate(now),
        exp,
        jti: randomUUID(),
        ...(subject.isConfined ? { scope: CONFINED_SCOPE } : {}),
      };
      const token = jwt.sign(claims, signing.privateKey, {
        algorithm: 'ES256',
        header: { alg: 'ES256', typ: TYPE, kid: signing.kid },
      });
      return { token, expiresAt: new Date(exp * 1000) };
    },

    check: (token, now) => verify(token, OWN_AUDIENCE, now),
    checkOfAnyAudience: (token, now) => verify(token, [OWN_AUDIENCE, ...audiences], now),
  };
}

export function readHeader(token: string): { kid?: string; typ?: string } | null {
  try {
    const header: unknown = jwt.decode(token, { complete: true })?.header;
    return typeof header === 'object' && header !== null ? header : null;
  } catch {
    return null;
  }
}

function isAccessTokenClaims(payload: unknown): payload is AccessTokenClaims {
  if (typeof payload !== 'object' || payload === null) return false;
  const claims = payload as Record<string, unknown>;
  return (
    typeof claims.sub === 'string' &&
    typeof claims.sid === 'string' &&
    typeof claims.aud === 'string' &&
    typeof claims.exp === 'number' &&
    typeof claims.auth_time === 'number' &&
    (claims.scope === undefined || claims.scope === CONFINED_SCOPE)
  );
}
