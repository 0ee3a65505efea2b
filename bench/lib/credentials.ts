import { createAccessTokens, OWN_AUDIENCE } from '../../server/tokens/access-token.ts';
import { createRefreshTokens } from '../../server/tokens/refresh-token.ts';
import { toAccessKey, toRefreshKey } from '../../server/tokens/signing-keys.ts';
import { secrets } from '../../test/operations/processes.ts';
import type { Seeded } from './seed.ts';

const TTL_SECONDS = 86_400;

/** The tokens of seeded sessions, made without a sign-in. */
export interface Tokens {
  accessTokenOf(index: number): string;
  /** Returns a token of generation 0. */
  refreshTokenOf(index: number): string;
}

/** Creates keys for a server and tokens that it accepts. */
export function createCredentials(): {
  env: Record<string, string>;
  tokensOf(seeded: Seeded, issuer: string): Tokens;
} {
  const env: Record<string, string> = { ...secrets(), ACCESS_TOKEN_TTL_SECONDS: String(TTL_SECONDS) };
  return {
    env,
    tokensOf(seeded, issuer) {
      const now = new Date();
      const later = new Date(now.getTime() + TTL_SECONDS * 1000);
      const access = createAccessTokens({
        keys: [toAccessKey(env.ACCESS_TOKEN_PRIVATE_KEY!)],
        issuer,
        ttlSeconds: TTL_SECONDS,
      });
      const refresh = createRefreshTokens({ keys: [toRefreshKey(env.REFRESH_TOKEN_SECRET!)], issuer });
      return {
        accessTokenOf: (index) =>
          access.mint(
            {
              userId: seeded.userOf(index),
              sessionId: seeded.idOf(index),
              accountId: seeded.accountId,
              role: index % seeded.userIds.length === 0 ? 'OWNER' : 'MEMBER',
              authenticatedAt: now,
              idleExpiresAt: later,
              absoluteExpiresAt: later,
            },
            OWN_AUDIENCE,
            now,
          ).token,
        refreshTokenOf: (index) =>
          refresh.mint({
            id: seeded.idOf(index),
            userId: seeded.userOf(index),
            generation: 0,
            rotatedAt: now,
            authenticatedAt: now,
            tokenExpiresAt: later,
            tokenIdleSeconds: TTL_SECONDS,
            tokenAbsoluteSeconds: 30 * TTL_SECONDS,
            tokenSecret: seeded.secretOf(index),
          }),
      };
    },
  };
}
