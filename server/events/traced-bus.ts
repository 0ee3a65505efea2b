import type { Tracing } from '../tracing/tracing.ts';
import type { EventCarrier, SessionBus } from './session-bus.ts';
import type { ReceivedEvent } from './session-messages.ts';

/**
 * Writes a span where this node publishes a change. The messages to other nodes carry it (`session-messages.ts`), so
 * what they read and send because of the change belongs to the same trace.
 */
export const traceEvents = (bus: SessionBus, tracing: Tracing): SessionBus => ({
  publish: (event) =>
    tracing.open(
      {
        name: `publish ${event.kind}`,
        kind: 'producer',
        attributes: { 'curfew.event': event.kind, 'curfew.event.sessions': event.sessionIds.length },
      },
      (span) => {
        bus.publish(event);
        span.end();
      },
    ),
  subscribe: (listener) => bus.subscribe(listener),
});

/** Delivers an event of another node to this one's subscribers, in the trace of its change. */
export function deliver(local: EventCarrier, event: ReceivedEvent, tracing: Tracing | null): void {
  if (!tracing || event.traceparent === undefined) return local.publish(event);
  tracing.open(
    {
      name: `deliver ${event.kind}`,
      kind: 'consumer',
      carrier: { traceparent: event.traceparent },
      attributes: { 'curfew.event': event.kind, 'curfew.event.sessions': event.sessionIds.length },
    },
    (span) => {
      local.publish(event);
      span.end();
    },
  );
}
