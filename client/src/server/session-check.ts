import type { AccessTokenClaims, AccessTokens } from './access-token.ts';
import { CurfewError } from './curfew-error.ts';
import type { ActiveAccessToken } from './introspection.ts';
import type { KnownSessions } from './known-sessions.ts';
import type { SessionValidation, TokenQuestion } from './service-calls.ts';
import type { SessionFeed } from './session-feed.ts';
import { refused, type LiveSession, type Verdict } from './verdict.ts';

export interface CheckOptions {
  /**
   * Whether this is activity of the user, which moves the idle deadline; true unless said otherwise. Matters for
   * session tokens only: with access tokens the browser reports its user's activity to Curfew itself.
   */
  touch?: boolean;
  /** Ask Curfew whatever is known here: the role is today's. */
  fresh?: boolean;
}

export interface SessionCheck {
  /** Never rejects but for a fault in this kit. */
  check(token: string | undefined, options?: CheckOptions): Promise<Verdict>;
}

/** As `createSession` makes them. */
const SESSION_TOKEN = /^[\w-]{43}$/;
const JWT = /^[\w-]+\.[\w-]+\.[\w-]+$/;
/** Curfew's have some 700 characters. */
const LONGEST = 4_096;

/**
 * Judges a token. An access token is judged here, by its signature, as long as Curfew reports the ends of sessions and
 * has called this one live since it began to; else Curfew is asked. A session token is always asked about.
 */
export function createSessionCheck(dependencies: {
  accessTokens: AccessTokens;
  known: KnownSessions;
  feed: Pick<SessionFeed, 'epoch'>;
  issuer: string;
  audience: string;
  now: () => number;
  introspect(token: string): Promise<ActiveAccessToken | null>;
  validate(question: TokenQuestion): Promise<SessionValidation>;
  onProblem(error: CurfewError): void;
}): SessionCheck {
  const { accessTokens, known, feed, issuer, audience, now, introspect, validate, onProblem } = dependencies;

  async function checkAccessToken(token: string, isFresh: boolean): Promise<Verdict> {
    const checked = await accessTokens.check(token);
    switch (checked.state) {
      case 'bad':
        return refused(checked.reason);
      case 'unknown':
        return askOfUnknown(token);
      case 'genuine':
        break;
      default:
        return checked satisfies never;
    }
    const { claims, isNearEnd } = checked;
    if (known.hasEnded(claims.sessionId)) return refused('SESSION_ENDED');
    const isKnownLive = known.isKnownLive(claims.sessionId, feed.epoch(), now());
    if (isKnownLive && !isNearEnd && !isFresh) return live(claims);
    return askOfGenuine(token, claims, isNearEnd);
  }

  async function askOfGenuine(
    token: string,
    claims: AccessTokenClaims,
    isNearEnd: boolean,
  ): Promise<Verdict> {
    const take = known.asking(claims.sessionId, feed.epoch());
    let active: ActiveAccessToken | null = null;
    try {
      active = await introspect(token);
    } finally {
      take(active?.sessionExpiresAt ?? null);
    }
    // Reported while the answer was on its way.
    if (known.hasEnded(claims.sessionId)) return refused('SESSION_ENDED');
    if (active) return live({ ...claims, role: active.role });
    return refused(isNearEnd ? 'EXPIRED_TOKEN' : 'SESSION_ENDED');
  }

  /** Its key is not to be had here, so Curfew checks the signature, too. What it says is then what the token says. */
  async function askOfUnknown(token: string): Promise<Verdict> {
    const active = await introspect(token);
    if (!active || active.issuer !== issuer || active.audience !== audience) return refused('INVALID_TOKEN');
    if (active.scope !== undefined) return refused('CONFINED_TOKEN');
    if (known.hasEnded(active.sessionId)) return refused('SESSION_ENDED');
    return live(active);
  }

  async function checkSessionToken(sessionToken: string, touch: boolean): Promise<Verdict> {
    const { valid, reason, warning, session } = await validate({ sessionToken, touch });
    if (!session) return refused(reason ?? 'NOT_FOUND');
    if (!valid) {
      const endReason = reason === 'REVOKED' ? session.endReason : null;
      return refused(reason ?? 'NOT_FOUND', endReason ?? undefined);
    }
    const { id: sessionId, userId, externalId, accountId, role, expiresAt } = session;
    return {
      state: 'live',
      session: { kind: 'session_token', userId, externalId, sessionId, accountId, role, expiresAt, warning },
    };
  }

  async function judge(token: string, { touch = true, fresh = false }: CheckOptions): Promise<Verdict> {
    if (token.length > LONGEST) return refused('INVALID_TOKEN');
    if (SESSION_TOKEN.test(token)) return checkSessionToken(token, touch);
    if (JWT.test(token)) return checkAccessToken(token, fresh);
    return refused('INVALID_TOKEN');
  }

  return {
    async check(token, options = {}) {
      if (token === undefined || token === '') return refused('NO_TOKEN');
      try {
        return await judge(token, options);
      } catch (error) {
        if (!(error instanceof CurfewError)) throw error;
        // Whatever the cause: without an answer nobody is let in.
        onProblem(error);
        return { state: 'unavailable' };
      }
    },
  };
}

const live = ({ exp, ...whose }: AccessTokenClaims): Verdict => {
  const { userId, sessionId, accountId, role } = whose;
  const session: LiveSession = {
    kind: 'access_token',
    userId,
    externalId: null,
    sessionId,
    accountId,
    role,
    expiresAt: new Date(exp),
    warning: null,
  };
  return { state: 'live', session };
};
