import jwt from 'jsonwebtoken';
import { toNumericDate } from '../clock.ts';
import { OWN_AUDIENCE, readHeader } from './access-token.ts';
import type { RefreshKey } from './signing-keys.ts';

const HEADER_TYPE = 'curfew-flow+jwt';
/** The claim keeps a flow token apart from a refresh token of the same key, whose `type` is another. */
const TYPE = 'oauth_flow';

/** A sign-in at an identity provider that has begun: all there is of it, and only the browser keeps it. */
export interface Flow {
  providerId: string;
  redirectUri: string;
  /** 256 random bits in base64url, from which state, nonce and PKCE verifier are derived. */
  seed: string;
  /** How long ago, in seconds, the person may have signed in at the provider; null: any time. */
  maxAge: number | null;
  expiresAt: Date;
}

export interface FlowTokens {
  mint(flow: Flow, now: Date): string;
  /** Null unless signature, type and issuer are right and `exp` lies after `now`. */
  read(token: string, now: Date): Flow | null;
}

export function createFlowTokens(options: { keys: readonly RefreshKey[]; issuer: string }): FlowTokens {
  const { keys, issuer } = options;
  const signing = keys[0]!;
  const byKid = new Map(keys.map((key) => [key.kid, key]));

  return {
    mint(flow, now) {
      const claims = {
        iss: issuer,
        aud: OWN_AUDIENCE,
        type: TYPE,
        provider: flow.providerId,
        redirect_uri: flow.redirectUri,
        seed: flow.seed,
        ...(flow.maxAge === null ? {} : { max_age: flow.maxAge }),
        iat: toNumericDate(now),
        exp: toNumericDate(flow.expiresAt),
      };
      return jwt.sign(claims, signing.secret, {
        algorithm: 'HS256',
        header: { alg: 'HS256', typ: HEADER_TYPE, kid: signing.kid },
      });
    },

    read(token, now) {
      const key = byKid.get(readHeader(token)?.kid ?? '');
      if (!key) return null;
      try {
        const { header, payload } = jwt.verify(token, key.secret, {
          algorithms: ['HS256'],
          issuer,
          audience: OWN_AUDIENCE,
          clockTimestamp: toNumericDate(now),
          complete: true,
        });
        return header.typ === HEADER_TYPE && typeof payload === 'object' ? toFlow(payload) : null;
      } catch {
        // Malformed, forged or too old: the reason is nobody's business.
        return null;
      }
    },
  };
}

function toFlow(payload: Record<string, unknown>): Flow | null {
  const { type, provider, redirect_uri: redirectUri, seed, max_age: maxAge = null, exp } = payload;
  if (type !== TYPE || typeof provider !== 'string' || typeof redirectUri !== 'string') return null;
  if (typeof seed !== 'string' || typeof exp !== 'number') return null;
  if (maxAge !== null && typeof maxAge !== 'number') return null;
  return { providerId: provider, redirectUri, seed, maxAge, expiresAt: new Date(exp * 1000) };
}
