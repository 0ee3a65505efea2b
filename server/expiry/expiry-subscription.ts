import type { Clock } from '../clock.ts';
import type { Metrics } from '../metrics/metrics.ts';
import type { WatchedSession } from '../rules/session.ts';
import {
  initialDeliveryState,
  nextDelivery,
  type DeliveryState,
  type ExpiryEvent,
} from './delivery-state.ts';
import type { WarningSettings } from '../rules/warning-lead.ts';
import { createOneSlotIterator } from '../events/one-slot-iterator.ts';
import { measureDelays } from './delivery-delay.ts';
import type { SessionWatch } from './session-watch.ts';

/** Yields the events of one session, from those already due to its end. A subscription is no activity in the session. */
export function subscribeToExpiry(
  sessionId: string,
  dependencies: { watch: SessionWatch; clock: Clock; warnings: WarningSettings; metrics: Metrics },
): AsyncIterableIterator<ExpiryEvent> {
  const { watch, clock, warnings, metrics } = dependencies;
  const delays = measureDelays(metrics, warnings);
  let session: WatchedSession | null = null;
  let sent: DeliveryState | null = null;
  let isLastSent = false;
  let isComplete = false;

  const iterator = createOneSlotIterator<ExpiryEvent>(
    () => {
      if (isLastSent) return { state: isComplete ? 'done' : 'nothing' };
      if (!session || !sent) return { state: 'nothing' };
      const delivery = nextDelivery(session, sent, warnings, clock.now());
      sent = delivery.sent;
      isLastSent = delivery.isLast;
      if (!delivery.event) return { state: 'nothing' };
      delays.record(delivery.event);
      return { state: 'item', item: delivery.event, isLast: false };
    },
    () => stopWatching(),
  );
  const stopWatching = watch.watch(sessionId, {
    onState(latest) {
      session = latest;
      delays.know(latest, clock.now());
      sent ??= initialDeliveryState(latest);
      iterator.wake();
    },
    // Completes after the last event of every subscriber in the batch, not with its own.
    onEndDelivered() {
      isComplete = true;
      iterator.wake();
    },
  });
  return iterator;
}
