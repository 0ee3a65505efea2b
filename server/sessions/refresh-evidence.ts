import type { Clock } from '../clock.ts';
import { AppError, withEvidence } from '../errors.ts';
import type { RefreshTokens } from '../tokens/refresh-token.ts';
import type { SessionRefresh } from './refresh-session.ts';

/** Adds to each refusal, for the security log, the session of a genuine token. The client's answer stays as it is. */
export function withRefreshEvidence(
  sessionRefresh: SessionRefresh,
  { refreshTokens, clock }: { refreshTokens: RefreshTokens; clock: Clock },
): SessionRefresh {
  return {
    refresh: (request) =>
      sessionRefresh.refresh(request).catch((error: unknown) => {
        if (!(error instanceof AppError) || error.code !== 'INVALID_REFRESH_TOKEN') throw error;
        const claims = refreshTokens.read(request.token, clock.now());
        if (!claims) throw withEvidence(error, { reason: 'TOKEN_INVALID' });
        // The subject of an imported token can be any text.
        const userId = claims.isLegacy ? undefined : claims.userId;
        throw withEvidence(error, { sessionId: claims.sessionId, userId });
      }),
  };
}
