import type { Clock } from '../clock.ts';
import type { Config } from '../config/config.ts';
import type { Database } from '../database/database.ts';
import type { SharedReads } from '../database/shared-reads.ts';
import type { SessionBus } from '../events/session-bus.ts';
import type { Resolvers } from '../generated/schema.ts';
import type { Logger } from '../logger.ts';
import type { Metrics } from '../metrics/metrics.ts';
import type { CanReauthenticate } from '../sessions/can-reauthenticate.ts';
import { createExpiryResolvers } from './expiry.resolvers.ts';
import { createSessionWatch, type SessionWatch } from './session-watch.ts';

export interface ExpiryModule {
  readonly resolvers: Resolvers;
  readonly watch: SessionWatch;
  stop(): Promise<void>;
}

/** Watches the sessions that someone connected to this node follows, and forecasts when sessions end. */
export function createExpiryModule(
  config: Config,
  dependencies: {
    database: Database;
    bus: SessionBus;
    clock: Clock;
    logger: Logger;
    sharedReads: SharedReads;
    metrics: Metrics;
    canReauthenticate: CanReauthenticate;
    /** How long the rows may go unread before this node counts as stale. */
    staleAfterMs?: number;
  },
): ExpiryModule {
  const parts = { ...dependencies, warnings: config.expiry };
  const watch = createSessionWatch(parts);
  return {
    watch,
    resolvers: createExpiryResolvers({ ...parts, watch }),
    stop: async () => watch.stop(),
  };
}
