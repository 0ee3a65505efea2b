import type { EventStreamKind, EventStreamStatus, SubjectFormat } from '../generated/schema.ts';
import type { Connection } from '../pagination.ts';
import type { DeliveryStatus } from '../generated/schema.ts';

/** A stream as the owners of its account see it, without its secrets. */
export interface EventStreamView {
  id: string;
  accountId: string;
  kind: EventStreamKind;
  url: string | null;
  description: string | null;
  /** Null: all. */
  eventTypes: readonly string[] | null;
  subjectFormat: SubjectFormat;
  audience: string;
  status: EventStreamStatus;
  statusReason: string | null;
  createdAt: Date;
  lastDeliveredAt: Date | null;
  failingSince: Date | null;
}

/** An event on its way to one stream. */
export interface EventDeliveryView {
  id: string;
  streamId: string;
  eventType: string;
  sessionId: string | null;
  createdAt: Date;
  status: DeliveryStatus;
  attempts: number;
  lastAttemptAt: Date | null;
  lastError: string | null;
  /** Null: as soon as possible, or never again. */
  nextAttemptAt: Date | null;
}

export type EventDeliveryPage = Connection<EventDeliveryView>;

/** A security event as the outbox has it. No e-mail, no token. */
export interface SecurityEvent {
  type: string;
  accountId: string;
  sessionId: string | null;
  userId: string | null;
  externalId: string | null;
  occurredAt: Date;
  details: Readonly<Record<string, unknown>>;
  /** The same for all events of one change. Null: it has no other events. */
  causeId: string | null;
}

/** A delivery that this node has claimed, with what a kind of stream builds its envelope from. */
export interface ClaimedDelivery {
  id: string;
  eventId: string;
  leaseId: string;
  attempts: number;
  firstAttemptAt: Date;
  /** Of the attempt before this one. Null: there was none. */
  previousAttemptAt: Date | null;
  /** About the stream itself: it is made before all others, also while the stream is held. */
  isControl: boolean;
  stream: {
    id: string;
    accountId: string;
    kind: EventStreamKind;
    url: string | null;
    subjectFormat: SubjectFormat;
    audience: string;
    /** Sealed. Null: the kind has none. */
    secret: string | null;
    previousSecret: string | null;
    previousSecretUntil: Date | null;
    isFailing: boolean;
  };
  event: SecurityEvent;
}
