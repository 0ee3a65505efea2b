import { errors, jwtVerify, type JWTPayload } from 'jose';
import type { KeySet } from './key-set.ts';
import type { LiveSession, RefusalReason } from './verdict.ts';

/** What the signature proves. `exp` is in milliseconds since the epoch. */
export interface AccessTokenClaims {
  userId: string;
  sessionId: string;
  accountId: string;
  role: LiveSession['role'];
  exp: number;
}

export type AccessTokenCheck =
  /** `isNearEnd`: so near to its end, before or after, that only Curfew's clock can tell. */
  | { state: 'genuine'; claims: AccessTokenClaims; isNearEnd: boolean }
  | { state: 'bad'; reason: RefusalReason }
  /** Nothing is known: its key cannot be had at present. */
  | { state: 'unknown' };

export interface AccessTokens {
  check(token: string): Promise<AccessTokenCheck>;
}

const TYPE = 'at+jwt';
const ALGORITHM = 'ES256';
/** What clocks may differ by. */
const TOLERANCE_SECONDS = 5;

class KeyMissing extends Error {}

/** Curfew's access tokens, checked by their signature: whose they are, and not whether the session still lives. */
export function createAccessTokens(options: {
  keys: KeySet;
  issuer: string;
  audience: string;
  now: () => number;
}): AccessTokens {
  const { keys, issuer, audience, now } = options;

  async function verify(token: string): Promise<JWTPayload> {
    const { payload } = await jwtVerify(
      token,
      async (header) => {
        if (typeof header.kid !== 'string') throw new errors.JWSInvalid('No key is named.');
        const key = await keys.find(header);
        if (!key) throw new KeyMissing();
        return key;
      },
      {
        algorithms: [ALGORITHM],
        typ: TYPE,
        issuer,
        audience,
        requiredClaims: ['exp', 'sub', 'sid', 'account_id', 'role'],
        clockTolerance: TOLERANCE_SECONDS,
        currentDate: new Date(now()),
      },
    );
    return payload;
  }

  return {
    async check(token) {
      try {
        return judge(await verify(token), now());
      } catch (error) {
        if (error instanceof KeyMissing) return { state: 'unknown' };
        if (error instanceof errors.JWTExpired) return { state: 'bad', reason: 'EXPIRED_TOKEN' };
        // jose throws for every fault in the token; which one is nobody's business.
        if (error instanceof errors.JOSEError || error instanceof TypeError)
          return { state: 'bad', reason: 'INVALID_TOKEN' };
        throw error;
      }
    },
  };
}

function judge(payload: JWTPayload, now: number): AccessTokenCheck {
  const { sub, sid, account_id: accountId, role, aud, exp, scope } = payload;
  const isOurs =
    typeof sub === 'string' &&
    typeof sid === 'string' &&
    typeof accountId === 'string' &&
    (role === 'OWNER' || role === 'MEMBER') &&
    // Curfew names one audience. A token for several could be replayed by each at the others.
    typeof aud === 'string';
  if (!isOurs) return { state: 'bad', reason: 'INVALID_TOKEN' };
  if (scope !== undefined) return { state: 'bad', reason: 'CONFINED_TOKEN' };
  const end = exp! * 1000;
  return {
    state: 'genuine',
    claims: { userId: sub, sessionId: sid, accountId, role, exp: end },
    isNearEnd: Math.abs(end - now) <= TOLERANCE_SECONDS * 1000,
  };
}
