import jwt from 'jsonwebtoken';
import { LRUCache } from 'lru-cache';
import { randomUUID } from 'node:crypto';
import { toNumericDate } from '../clock.ts';
import { isSessionId } from '../database/ids.ts';
import type { Role } from '../generated/schema.ts';
import { sha256Hex } from '../sha256.ts';
import type { AccessKey } from './signing-keys.ts';
import { verifyJwt } from './verified-jwt.ts';

/** Curfew's own audience. A token for another API has another audience and is refused here (RFC 9068, section 4). */
export const OWN_AUDIENCE = 'curfew';
const TYPE = 'at+jwt';
/** A few hundred bytes each. */
const MAX_GENUINE_TOKENS = 20_000;

/** The session that a token is issued for, and its user. */
export interface SessionScopedSubject {
  userId: string;
  sessionId: string;
  idleExpiresAt: Date;
  absoluteExpiresAt: Date;
}

export interface AccessTokenSubject extends SessionScopedSubject {
  accountId: string;
  role: Role;
  authenticatedAt: Date;
}

/** The `scope` (RFC 9068, section 2.2.3) of a token that can only follow, keep and end its own session. */
export const SESSION_SCOPE = 'session';

interface CommonClaims {
  sub: string;
  sid: string;
  iat: number;
  exp: number;
  iss: string;
  aud: string;
  jti: string;
}

interface FullClaims extends CommonClaims {
  account_id: string;
  role: Role;
  auth_time: number;
  scope?: undefined;
}

/** Without claims that an API could take for a permission: no account, no role, no time of authentication. */
interface SessionScopedClaims extends CommonClaims {
  scope: typeof SESSION_SCOPE;
}

export type AccessTokenClaims = FullClaims | SessionScopedClaims;

export type AccessTokenCheck =
  | { state: 'valid'; claims: AccessTokenClaims }
  /** Genuine, but past its `exp`: the client needs a fresh token for this session. */
  | { state: 'expired'; claims: AccessTokenClaims }
  | { state: 'invalid' };

export interface AccessTokens {
  /** Signs a token that never outlives the session: `exp` is the earliest of now + TTL and both deadlines. */
  mint(subject: AccessTokenSubject, audience: string, now: Date): { token: string; expiresAt: Date };
  /** As `mint`, with `SESSION_SCOPE` in place of rights. */
  mintSessionScoped(
    subject: SessionScopedSubject,
    audience: string,
    now: Date,
  ): { token: string; expiresAt: Date };
  /** Verifies a token for Curfew itself. */
  check(token: string, now: Date): AccessTokenCheck;
  /**
   * Verifies a token of any configured audience. For introspection only: Curfew accepts no other audience than its
   * own.
   */
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

  const allAudiences: [string, ...string[]] = [OWN_AUDIENCE, ...audiences];
  /**
   * The claims of genuine tokens, by the token's hash: a client sends the same one for minutes, and verifying its
   * signature takes longer than anything else about it. Neither keys nor audiences change while this process runs.
   */
  const genuine = new LRUCache<string, AccessTokenClaims>({ max: MAX_GENUINE_TOKENS });

  function findGenuine(token: string, now: Date): AccessTokenClaims | null {
    const hash = sha256Hex(token);
    const known = genuine.get(hash);
    if (known) return known;
    const key = byKid.get(readHeader(token)?.kid ?? '');
    if (!key) return null;
    const checks = { algorithm: 'ES256', issuer, audience: allAudiences, ignoreExpiration: true } as const;
    const verified = verifyJwt(token, key.publicKey, checks, now);
    if (!verified || verified.header.typ !== TYPE || !isAccessTokenClaims(verified.payload)) return null;
    genuine.set(hash, verified.payload);
    return verified.payload;
  }

  function check(token: string, now: Date): AccessTokenCheck {
    const claims = findGenuine(token, now);
    if (!claims) return { state: 'invalid' };
    return { state: claims.exp * 1000 > now.getTime() ? 'valid' : 'expired', claims };
  }

  function sign(
    subject: SessionScopedSubject,
    rights: Pick<FullClaims, 'account_id' | 'role' | 'auth_time'> | Pick<SessionScopedClaims, 'scope'>,
    audience: string,
    now: Date,
  ): { token: string; expiresAt: Date } {
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
      ...rights,
      iat: toNumericDate(now),
      exp,
      jti: randomUUID(),
    };
    const token = jwt.sign(claims, signing.privateKey, {
      algorithm: 'ES256',
      header: { alg: 'ES256', typ: TYPE, kid: signing.kid },
    });
    return { token, expiresAt: new Date(exp * 1000) };
  }

  return {
    mint(subject, audience, now) {
      const { accountId, role, authenticatedAt } = subject;
      const rights = { account_id: accountId, role, auth_time: toNumericDate(authenticatedAt) };
      return sign(subject, rights, audience, now);
    },
    mintSessionScoped: (subject, audience, now) => sign(subject, { scope: SESSION_SCOPE }, audience, now),

    check(token, now) {
      const checked = check(token, now);
      const isOwn = checked.state !== 'invalid' && checked.claims.aud === OWN_AUDIENCE;
      return isOwn ? checked : { state: 'invalid' };
    },
    checkOfAnyAudience: check,
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

function isAccessTokenClaims(
  claims: Record<string, unknown>,
): claims is Record<string, unknown> & AccessTokenClaims {
  return (
    typeof claims.sub === 'string' &&
    typeof claims.sid === 'string' &&
    isSessionId(claims.sid) &&
    typeof claims.aud === 'string' &&
    typeof claims.exp === 'number' &&
    // Curfew issues no other scope.
    (claims.scope === SESSION_SCOPE || (claims.scope === undefined && typeof claims.auth_time === 'number'))
  );
}
