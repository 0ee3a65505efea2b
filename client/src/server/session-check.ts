import type { AccessTokenClaims, AccessTokens, TokenOrigin } from './access-token.ts';
import { assertMaxAge, isRecent } from './authentication-age.ts';
import { CurfewError } from './curfew-error.ts';
import { refused, type LiveSession, type SessionCheckResult } from './check-result.ts';
import { SESSION_SCOPED, type ActiveAccessToken } from './introspection.ts';
import type { SessionValidation, ValidationRequest } from './service-calls.ts';
import type { SessionCache } from './session-cache.ts';
import type { SessionFeed } from './session-feed.ts';

export interface CheckOptions {
  /**
   * Whether this is activity of the user, which moves the idle deadline; default: true. Only for session tokens: with
   * access tokens the browser reports activity to Curfew itself.
   */
  touch?: boolean | undefined;
  /** Always ask Curfew, so that the role is today's. */
  fresh?: boolean | undefined;
  /**
   * How long ago the user may have authenticated, in seconds; an age equal to it passes. Of an access token that is
   * older, Curfew is asked, because the user may have authenticated again since.
   */
  maxAuthAgeSeconds?: number | undefined;
}

export interface SessionCheck {
  /** Checks a token. Rejects only for a fault in this kit, and for invalid options. */
  check(token: string | undefined, options?: CheckOptions): Promise<SessionCheckResult>;
}

/** The form of the tokens of `createSession`. */
const SESSION_TOKEN = /^[\w-]{43}$/;
const JWT = /^[\w-]+\.[\w-]+\.[\w-]+$/;
/** Curfew's tokens have about 700 characters. */
const MAX_LENGTH = 4_096;

/**
 * Checks tokens. An access token is checked locally, by its signature, while Curfew reports the ends of sessions and
 * has called this session live since the reports began; otherwise Curfew is asked. Session tokens are always sent to
 * Curfew.
 */
export function createSessionCheck(dependencies: {
  accessTokens: AccessTokens;
  cache: SessionCache;
  feed: Pick<SessionFeed, 'epoch'>;
  issuer: string;
  audience: string;
  now: () => number;
  introspect(token: string): Promise<ActiveAccessToken | typeof SESSION_SCOPED | null>;
  validate(request: ValidationRequest): Promise<SessionValidation>;
  onProblem(error: CurfewError): void;
  /** A token of Curfew's was refused because it has another issuer or audience. */
  onOtherOrigin(origin: TokenOrigin): void;
}): SessionCheck {
  const { accessTokens, cache, feed, issuer, audience, now, introspect, validate } = dependencies;
  const { onProblem, onOtherOrigin } = dependencies;

  async function checkAccessToken(
    token: string,
    isFresh: boolean,
    isRecentEnough: (claims: AccessTokenClaims) => boolean,
  ): Promise<SessionCheckResult> {
    const checked = await accessTokens.check(token);
    switch (checked.state) {
      case 'invalid':
        if (checked.origin) onOtherOrigin(checked.origin);
        return refused(checked.reason);
      case 'unknown':
        return introspectUnverified(token);
      case 'verified':
        break;
      default:
        return checked satisfies never;
    }
    const { claims, isNearExpiry } = checked;
    if (cache.hasEnded(claims.sessionId)) return refused('SESSION_ENDED');
    const isLive = cache.isLive(claims.sessionId, feed.epoch(), now());
    if (isLive && !isNearExpiry && !isFresh && isRecentEnough(claims)) return live(claims);
    return introspectVerified(token, claims, isNearExpiry);
  }

  async function introspectVerified(
    token: string,
    claims: AccessTokenClaims,
    isNearExpiry: boolean,
  ): Promise<SessionCheckResult> {
    const finishCheck = cache.beginCheck(claims.sessionId, feed.epoch());
    let active: ActiveAccessToken | null = null;
    try {
      const answer = await introspect(token);
      if (answer === SESSION_SCOPED) return refused('SESSION_SCOPED_TOKEN');
      active = answer;
    } finally {
      finishCheck(active?.sessionExpiresAt ?? null);
    }
    // The end was reported while the answer was in transit.
    if (cache.hasEnded(claims.sessionId)) return refused('SESSION_ENDED');
    if (active) return live({ ...claims, role: active.role, authenticatedAt: active.authenticatedAt });
    return refused(isNearExpiry ? 'EXPIRED_TOKEN' : 'SESSION_ENDED');
  }

  /** The key is not available here, so Curfew verifies the signature, too, and its answer replaces the claims. */
  async function introspectUnverified(token: string): Promise<SessionCheckResult> {
    const active = await introspect(token);
    if (active === SESSION_SCOPED) return refused('SESSION_SCOPED_TOKEN');
    if (!active) return refused('INVALID_TOKEN');
    if (active.issuer !== issuer || active.audience !== audience) {
      onOtherOrigin(active);
      return refused('INVALID_TOKEN');
    }
    if (cache.hasEnded(active.sessionId)) return refused('SESSION_ENDED');
    return live(active);
  }

  async function checkSessionToken(sessionToken: string, touch: boolean): Promise<SessionCheckResult> {
    const { valid, reason, warning, session } = await validate({ sessionToken, touch });
    if (!session) return refused(reason ?? 'NOT_FOUND');
    if (!valid) {
      const endReason = reason === 'REVOKED' ? session.endReason : null;
      return refused(reason ?? 'NOT_FOUND', endReason ?? undefined);
    }
    const { id: sessionId, userId, externalId, accountId, role, authenticatedAt, expiresAt } = session;
    return {
      state: 'live',
      session: {
        kind: 'session_token',
        userId,
        externalId,
        sessionId,
        accountId,
        role,
        authenticatedAt,
        expiresAt,
        warning,
      },
    };
  }

  async function checkToken(
    token: string,
    { touch = true, fresh = false }: CheckOptions,
    isRecentEnough: (session: Pick<LiveSession, 'authenticatedAt'>) => boolean,
  ): Promise<SessionCheckResult> {
    if (token.length > MAX_LENGTH) return refused('INVALID_TOKEN');
    if (SESSION_TOKEN.test(token)) return checkSessionToken(token, touch);
    if (JWT.test(token)) return checkAccessToken(token, fresh, isRecentEnough);
    return refused('INVALID_TOKEN');
  }

  async function checkAge(token: string, options: CheckOptions): Promise<SessionCheckResult> {
    const { maxAuthAgeSeconds: maxAgeSeconds } = options;
    if (maxAgeSeconds === undefined) return checkToken(token, options, () => true);
    const isRecentEnough = ({ authenticatedAt }: Pick<LiveSession, 'authenticatedAt'>): boolean =>
      isRecent(authenticatedAt, maxAgeSeconds, now());
    const result = await checkToken(token, options, isRecentEnough);
    if (result.state !== 'live' || isRecentEnough(result.session)) return result;
    return { ...refused('REAUTHENTICATION_REQUIRED'), maxAgeSeconds, session: result.session };
  }

  return {
    async check(token, options = {}) {
      assertMaxAge(options.maxAuthAgeSeconds);
      if (token === undefined || token === '') return refused('NO_TOKEN');
      try {
        return await checkAge(token, options);
      } catch (error) {
        if (!(error instanceof CurfewError)) throw error;
        // Without an answer every request is refused.
        onProblem(error);
        return { state: 'unavailable' };
      }
    },
  };
}

const live = ({ exp, ...claims }: AccessTokenClaims): SessionCheckResult => {
  const { userId, sessionId, accountId, role, authenticatedAt } = claims;
  const session: LiveSession = {
    kind: 'access_token',
    userId,
    externalId: null,
    sessionId,
    accountId,
    role,
    authenticatedAt,
    expiresAt: new Date(exp),
    warning: null,
  };
  return { state: 'live', session };
};
