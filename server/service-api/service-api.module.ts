import type { Audit } from '../audit/audit.ts';
import type { Clock } from '../clock.ts';
import type { Config } from '../config/config.ts';
import type { Database } from '../database/database.ts';
import type { SessionBus } from '../events/session-bus.ts';
import type { Resolvers } from '../generated/schema.ts';
import type { Logger } from '../logger.ts';
import type { Metrics } from '../metrics/metrics.ts';
import type { SessionsModule } from '../sessions/sessions.module.ts';
import type { TokensModule } from '../tokens/tokens.module.ts';
import { createActivityBuffer, type ActivityBuffer } from './activity-buffer.ts';
import { createPresentedTokens, type PresentedTokens } from './presented-token.ts';
import { createOwnerServiceKeyResolvers } from './owner-service-keys.resolvers.ts';
import { createOwnerServiceKeys } from './owner-service-keys.ts';
import { createServiceResolvers } from './service-api.resolvers.ts';
import { createSessionCountOfKeys } from './service-key-sessions.ts';
import { createServiceKeyWatch, type ServiceKeyWatch } from './service-key-watch.ts';
import type { ServiceKeys } from './service-keys.ts';
import { createServiceSessions, type ServiceSessions } from './sessions.ts';
import { createSessionTokens, type SessionTokens } from './session-tokens.ts';

export interface ServiceApiModule {
  readonly resolvers: readonly Resolvers[];
  readonly activity: ActivityBuffer;
  readonly keyWatch: ServiceKeyWatch;
  readonly presentedTokens: PresentedTokens;
  readonly serviceSessions: ServiceSessions;
  readonly sessionTokens: SessionTokens;
  stop(): Promise<void>;
}

/** What trusted back ends do with a service key: create, check and end sessions, and follow an account. */
export function createServiceApiModule(
  config: Config,
  dependencies: {
    database: Database;
    audit: Audit;
    bus: SessionBus;
    clock: Clock;
    logger: Logger;
    tokens: TokensModule;
    sessions: SessionsModule;
    serviceKeys: ServiceKeys;
    metrics: Metrics;
    sensitiveMaxAgeSeconds: number;
  },
): ServiceApiModule {
  const { database, tokens, sessions } = dependencies;
  const parts = {
    ...dependencies,
    ...tokens,
    tokenIssuer: sessions.tokenIssuer,
    sessionReader: sessions.sessionReader,
    revoker: sessions.revoker,
    bounds: config.policy,
    warnings: config.expiry,
  };
  const activity = createActivityBuffer(parts);
  const keyWatch = createServiceKeyWatch(parts);
  const sessionTokens = createSessionTokens({ database });
  const serviceSessions = createServiceSessions({ ...parts, activity, sessionTokens });
  return {
    activity,
    keyWatch,
    sessionTokens,
    serviceSessions,
    presentedTokens: createPresentedTokens({ ...parts, sessionTokens }),
    resolvers: [
      createServiceResolvers({ ...parts, serviceSessions }),
      createOwnerServiceKeyResolvers({
        ...parts,
        ownerServiceKeys: createOwnerServiceKeys(parts),
        countSessionsOfKey: createSessionCountOfKeys(parts),
      }),
    ],
    async stop() {
      keyWatch.stop();
      await activity.stop();
    },
  };
}
