import type { Audit } from '../audit/audit.ts';
import type { Clock } from '../clock.ts';
import type { Config } from '../config/config.ts';
import type { Database } from '../database/database.ts';
import type { SharedReads } from '../database/shared-reads.ts';
import type { SessionBus } from '../events/session-bus.ts';
import type { Resolvers } from '../generated/schema.ts';
import type { Logger } from '../logger.ts';
import type { Metrics } from '../metrics/metrics.ts';
import type { TokensModule } from '../tokens/tokens.module.ts';
import { createAccountRevocation, type AccountRevocation } from './account-revocation.ts';
import { createPendingChanges, type PendingChanges } from './pending-changes.ts';
import { createPolicyApplication, type PolicyApplication } from './policy-application.ts';
import type { CanReauthenticate } from './can-reauthenticate.ts';
import {
  createSessionAuthentication,
  type ServiceKeyCheck,
  type SessionAuthentication,
} from './caller-authentication.ts';
import { createEndedBy } from './ended-by.ts';
import { withRefreshEvidence } from './refresh-evidence.ts';
import { createSessionReauthentication, type SessionReauthentication } from './reauthenticate-session.ts';
import { createSessionRefresh } from './refresh-session.ts';
import { createLogout } from './logout.ts';
import { createCallerRevocation } from './revoke-as-caller.ts';
import { createSessionRevoker, type SessionRevoker } from './revoke.ts';
import { createSessionList } from './session-list.ts';
import { createSessionReader, type SessionReader } from './session-reader.ts';
import { createSessionResolvers } from './session.resolvers.ts';
import { createTokenIssuer, type TokenIssuer } from './token-set.ts';
import { createSessionTouch } from './touch-session.ts';

export interface SessionsModule {
  readonly resolvers: Resolvers;
  readonly tokenIssuer: TokenIssuer;
  readonly sessionReader: SessionReader;
  readonly authentication: SessionAuthentication;
  readonly pendingChanges: PendingChanges;
  readonly policyApplication: PolicyApplication;
  readonly revoker: SessionRevoker;
  readonly accountRevocation: AccountRevocation;
  readonly reauthentication: SessionReauthentication;
}

/** Sessions from their creation to their end: refresh, touch, revocation, and who a caller is. */
export function createSessionsModule(
  config: Config,
  dependencies: {
    database: Database;
    audit: Audit;
    bus: SessionBus;
    clock: Clock;
    logger: Logger;
    tokens: TokensModule;
    metrics: Metrics;
    sharedReads: SharedReads;
    serviceKeys: ServiceKeyCheck;
    canReauthenticate: CanReauthenticate;
    sensitiveMaxAgeSeconds: number;
    /** Sessions that one transaction of a revocation or policy of a whole account writes. */
    revocationBatchSize?: number;
  },
): SessionsModule {
  const { accessTokens, refreshTokens } = dependencies.tokens;
  const { audiences, reuseGraceSeconds: graceSeconds } = config.tokens;
  const tokenIssuer = createTokenIssuer({ access: accessTokens, refresh: refreshTokens, audiences });
  const parts = {
    ...dependencies,
    accessTokens,
    refreshTokens,
    tokenIssuer,
    bounds: config.policy,
    warnings: config.expiry,
  };
  const sessionReader = createSessionReader(parts);
  const pendingChanges = createPendingChanges({ ...parts, batchSize: dependencies.revocationBatchSize });
  const accountRevocation = createAccountRevocation({ ...parts, pendingChanges });
  const revoker = createSessionRevoker(parts);
  const sessionRefresh = withRefreshEvidence(createSessionRefresh({ ...parts, graceSeconds }), parts);
  return {
    tokenIssuer,
    sessionReader,
    pendingChanges,
    accountRevocation,
    policyApplication: createPolicyApplication({ ...parts, pendingChanges }),
    revoker,
    reauthentication: createSessionReauthentication({
      ...parts,
      sessionReader,
      sessionRefresh,
      graceSeconds,
    }),
    authentication: createSessionAuthentication({ ...parts, sessionReader }),
    resolvers: createSessionResolvers({
      ...parts,
      providers: config.oidc.providers,
      sessionRefresh,
      sessionTouch: createSessionTouch(parts),
      logout: createLogout({ ...parts, revoker }),
      sessionList: createSessionList(parts),
      endedBy: createEndedBy(parts),
      revocation: createCallerRevocation({ ...parts, revoker, accountRevocation }),
    }),
  };
}
