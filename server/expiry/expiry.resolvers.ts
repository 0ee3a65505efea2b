import type { Clock } from '../clock.ts';
import type { Database } from '../database/database.ts';
import { unavailableOf } from '../database/database-errors.ts';
import type { SharedReads } from '../database/shared-reads.ts';
import { REPORT_TIMEOUT_MS } from '../database/timeouts.ts';
import type { QueryResolvers, Resolvers } from '../generated/schema.ts';
import type { Metrics } from '../metrics/metrics.ts';
import { requireOwner, requireUserInAnyScope } from '../rules/caller.ts';
import type { WarningSettings } from '../rules/warning-lead.ts';
import type { CanReauthenticate } from '../sessions/can-reauthenticate.ts';
import type { ExpiryEvent } from './delivery-state.ts';
import { forecastExpiry, requireForecastHours } from './expiry-forecast.sql.ts';
import { subscribeToExpiry } from './expiry-subscription.ts';
import type { SessionWatch } from './session-watch.ts';

const DEFAULT_FORECAST_HOURS = 12;

export function createExpiryResolvers(dependencies: {
  database: Database;
  watch: SessionWatch;
  clock: Clock;
  sharedReads: SharedReads;
  warnings: WarningSettings;
  metrics: Metrics;
  canReauthenticate: CanReauthenticate;
}): Resolvers {
  const { database, sharedReads, clock, canReauthenticate } = dependencies;

  const sessionExpiryForecast: QueryResolvers['sessionExpiryForecast'] = (_, { hours }, { caller }) => {
    const { accountId } = requireOwner(caller);
    const ahead = requireForecastHours(hours ?? DEFAULT_FORECAST_HOURS);
    return sharedReads.read(accountId, `expiry forecast ${ahead}`, () =>
      database.longTransaction(REPORT_TIMEOUT_MS, (em) => forecastExpiry(em, accountId, ahead, clock.now())),
    );
  };

  return {
    // The second is the deprecated name.
    // eslint-disable-next-line curfew/retired-words
    Query: { sessionExpiryForecast, sessionEndings: sessionExpiryForecast },

    Subscription: {
      sessionExpiry: {
        subscribe: (_, __, { caller }) =>
          subscribeToExpiry(requireUserInAnyScope(caller).session.id, dependencies),
        resolve: (event: ExpiryEvent) => event,
      },
    },

    SessionExpiryEvent: {
      canReauthenticate: ({ kind, sessionId }) =>
        kind !== 'EXPIRED' && kind !== 'REVOKED' && canReauthenticate(sessionId).catch(falseWhileUnavailable),
    },
  };
}

/** An event is not lost because the database is away for a moment. No one can authenticate then either. */
function falseWhileUnavailable(error: unknown): boolean {
  if (unavailableOf(error)) return false;
  throw error;
}
