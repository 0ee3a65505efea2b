import type { Metrics } from '../metrics/metrics.ts';
import type { WatchedSession } from '../rules/session.ts';
import type { WarningSettings } from '../rules/warning-lead.ts';
import { warningAt, type ExpiryEvent } from './delivery-state.ts';

/** Measures how late the events of one subscription are. */
export interface DeliveryDelays {
  /** The state that the subscription knows from `now` on. */
  know(session: WatchedSession, now: Date): void;
  /** An event is sent. */
  record(event: ExpiryEvent): void;
}

/**
 * A warning is due at its lead before the deadline, but never before the subscription knew that deadline: a client that
 * subscribes late, or whose deadline a policy has just moved, is warned at once and not late.
 */
export function measureDelays(metrics: Metrics, warnings: WarningSettings): DeliveryDelays {
  const known = { IDLE: { at: NaN, since: 0 }, ABSOLUTE: { at: NaN, since: 0 } };
  let session: WatchedSession | null = null;

  return {
    know(latest, now) {
      session = latest;
      for (const [deadline, expiresAt] of [
        ['IDLE', latest.idleExpiresAt],
        ['ABSOLUTE', latest.absoluteExpiresAt],
      ] as const)
        if (known[deadline].at !== expiresAt.getTime())
          known[deadline] = { at: expiresAt.getTime(), since: now.getTime() };
    },
    record({ kind, reason, expiresAt, serverTime }) {
      if (kind === 'WARNING' && session && reason) {
        const dueAt = Math.max(warningAt(session, reason, warnings).getTime(), known[reason].since);
        metrics.warningSent(reason, secondsSince(dueAt, serverTime));
      } else if (kind === 'EXPIRED' || kind === 'REVOKED') {
        metrics.endPushed(secondsSince(expiresAt.getTime(), serverTime));
      }
    },
  };
}

const secondsSince = (dueAt: number, now: Date): number => Math.max(0, now.getTime() - dueAt) / 1000;
