import { toNumericDate } from '../clock.ts';
import type { RefreshKey } from './signing-keys.ts';
import { createTypedJwts } from './typed-jwt.ts';

/** The whole state of an unfinished sign-in at an identity provider. Only the browser keeps it. */
export interface Flow {
  providerId: string;
  redirectUri: string;
  /** 256 random bits in base64url, from which state, nonce and PKCE verifier are derived. */
  seed: string;
  /** The maximum age in seconds of the sign-in at the provider. Null: any. */
  maxAge: number | null;
  /** What the sign-in asked for: whether the refresh cookies of its session outlast the browser. */
  isPersistent: boolean;
  /** Short names of the sessions that the person has chosen to end, if there are too many. */
  endSessions: readonly string[];
  expiresAt: Date;
}

export interface FlowTokens {
  mint(flow: Flow, now: Date): string;
  /** Null unless signature, type and issuer are valid and `exp` is after `now`. */
  read(token: string, now: Date): Flow | null;
}

export function createFlowTokens(options: { keys: readonly RefreshKey[]; issuer: string }): FlowTokens {
  const jwts = createTypedJwts({ ...options, headerType: 'curfew-flow+jwt', type: 'oauth_flow' });

  return {
    mint: (flow, now) =>
      jwts.sign({
        provider: flow.providerId,
        redirect_uri: flow.redirectUri,
        seed: flow.seed,
        ...(flow.maxAge === null ? {} : { max_age: flow.maxAge }),
        // As in tokens of the version before, which has no such choice.
        ...(flow.isPersistent ? {} : { persistent: false }),
        ...(flow.endSessions.length === 0 ? {} : { end_sessions: flow.endSessions }),
        iat: toNumericDate(now),
        exp: toNumericDate(flow.expiresAt),
      }),

    read(token, now) {
      const payload = jwts.verify(token, now);
      return payload && toFlow(payload);
    },
  };
}

function toFlow(payload: Record<string, unknown>): Flow | null {
  const { provider, redirect_uri: redirectUri, seed, max_age: maxAge = null, exp } = payload;
  const { persistent: isPersistent = true, end_sessions: endSessions = [] } = payload;
  if (typeof provider !== 'string' || typeof redirectUri !== 'string') return null;
  if (typeof seed !== 'string' || typeof exp !== 'number') return null;
  if (maxAge !== null && typeof maxAge !== 'number') return null;
  if (typeof isPersistent !== 'boolean' || !isTextList(endSessions)) return null;
  const expiresAt = new Date(exp * 1000);
  return { providerId: provider, redirectUri, seed, maxAge, isPersistent, endSessions, expiresAt };
}

const isTextList = (value: unknown): value is string[] =>
  Array.isArray(value) && value.every((each) => typeof each === 'string');
