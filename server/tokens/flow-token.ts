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
  /** Null: it signs a person in. */
  reauthentication: FlowReauthentication | null;
  expiresAt: Date;
}

/** Of a flow in which the user of a session proves again who they are. */
export interface FlowReauthentication {
  sessionId: string;
  userId: string;
  /** In whole seconds. The sign-in at the provider has to be later. */
  startedAt: Date;
}

export interface FlowTokens {
  mint(flow: Flow, now: Date): string;
  /** Null unless signature, type and issuer are valid and `exp` is after `now`. */
  read(token: string, now: Date): Flow | null;
}

export function createFlowTokens(options: { keys: readonly RefreshKey[]; issuer: string }): FlowTokens {
  const headerType = 'curfew-flow+jwt';
  const signIns = createTypedJwts({ ...options, headerType, type: 'oauth_flow' });
  // Another type, so that no node of the version before signs a person in with it.
  const reauthentications = createTypedJwts({ ...options, headerType, type: 'oauth_reauthentication' });

  return {
    mint(flow, now) {
      const { providerId, redirectUri, seed, maxAge, isPersistent, endSessions, reauthentication } = flow;
      const claims = {
        provider: providerId,
        redirect_uri: redirectUri,
        seed,
        ...(maxAge === null ? {} : { max_age: maxAge }),
        // As in tokens of the version before, which has no such choice.
        ...(isPersistent ? {} : { persistent: false }),
        ...(endSessions.length === 0 ? {} : { end_sessions: endSessions }),
        iat: toNumericDate(now),
        exp: toNumericDate(flow.expiresAt),
      };
      return reauthentication === null
        ? signIns.sign(claims)
        : reauthentications.sign({
            ...claims,
            sid: reauthentication.sessionId,
            sub: reauthentication.userId,
            started_at: toNumericDate(reauthentication.startedAt),
          });
    },

    read(token, now) {
      const signIn = signIns.verify(token, now);
      if (signIn) return toFlow(signIn, null);
      const payload = reauthentications.verify(token, now);
      const reauthentication = payload && toReauthentication(payload);
      return reauthentication && toFlow(payload, reauthentication);
    },
  };
}

function toFlow(
  payload: Record<string, unknown>,
  reauthentication: FlowReauthentication | null,
): Flow | null {
  const { provider, redirect_uri: redirectUri, seed, max_age: maxAge = null, exp } = payload;
  const { persistent: isPersistent = true, end_sessions: endSessions = [] } = payload;
  if (typeof provider !== 'string' || typeof redirectUri !== 'string') return null;
  if (typeof seed !== 'string' || typeof exp !== 'number') return null;
  if (maxAge !== null && typeof maxAge !== 'number') return null;
  if (typeof isPersistent !== 'boolean' || !isTextList(endSessions)) return null;
  const expiresAt = new Date(exp * 1000);
  return {
    providerId: provider,
    redirectUri,
    seed,
    maxAge,
    isPersistent,
    endSessions,
    reauthentication,
    expiresAt,
  };
}

function toReauthentication(payload: Record<string, unknown>): FlowReauthentication | null {
  const { sid: sessionId, sub: userId, started_at: startedAt } = payload;
  if (typeof sessionId !== 'string' || typeof userId !== 'string' || typeof startedAt !== 'number')
    return null;
  return { sessionId, userId, startedAt: new Date(startedAt * 1000) };
}

const isTextList = (value: unknown): value is string[] =>
  Array.isArray(value) && value.every((each) => typeof each === 'string');
