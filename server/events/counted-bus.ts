import type { Metrics } from '../metrics/metrics.ts';
import type { SessionBus } from './session-bus.ts';

/**
 * Counts the sessions that this node starts and ends. It publishes each of them once, after the commit, so this is the
 * one place that sees them all.
 */
export function countSessions(bus: SessionBus, metrics: Metrics): SessionBus {
  return {
    publish(event) {
      if (event.kind === 'ENDED') metrics.sessionsEnded(event.reason, event.sessionIds.length);
      else if (event.kind === 'STARTED') metrics.sessionStarted(event.appType, event.method);
      bus.publish(event);
    },
    subscribe: (listener) => bus.subscribe(listener),
  };
}
