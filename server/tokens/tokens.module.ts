import type { Config } from '../config/config.ts';
import { createAccessTokens, type AccessTokens } from './access-token.ts';
import { createRefreshTokens, type RefreshTokens } from './refresh-token.ts';
import { loadSigningKeys, type SigningKeys } from './signing-keys.ts';

export interface TokensModule {
  readonly keys: SigningKeys;
  readonly accessTokens: AccessTokens;
  readonly refreshTokens: RefreshTokens;
}

/** The keys, and the tokens that are signed and verified with them. `issuer` is the public URL. */
export async function createTokensModule(config: Config, issuer: string): Promise<TokensModule> {
  const { accessTtlSeconds: ttlSeconds, audiences } = config.tokens;
  const keys = await loadSigningKeys(config.tokens, config.database.dataDir);
  return {
    keys,
    accessTokens: createAccessTokens({ keys: keys.access, issuer, ttlSeconds, audiences }),
    refreshTokens: createRefreshTokens({ keys: keys.refresh, issuer }),
  };
}
