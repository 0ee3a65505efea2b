import type { EventStreamStatus, SubjectFormat } from '../generated/schema.ts';
import { SSF_EVENT_TYPES } from './set-events.ts';
import { POLL_METHOD, pollUrlOf, PUSH_METHOD } from './ssf-metadata.ts';

/** A stream of security event tokens, of either kind, as its receiver manages it. */
export interface SsfStream {
  id: string;
  kind: 'SSF_PUSH' | 'SSF_POLL';
  /** Null: a poll stream. */
  url: string | null;
  description: string | null;
  /** Null: all. */
  eventTypes: readonly string[] | null;
  /** What the receiver asked for beside them. */
  unknownTypes: readonly string[];
  subjectFormat: SubjectFormat;
  audience: string;
  status: EventStreamStatus;
  statusReason: string | null;
}

/** Seconds between two verifications that a receiver asks for. */
export const MIN_VERIFICATION_SECONDS = 30;

/** The configuration of a stream, with exactly the members that SSF 1.0, section 8.1.1, has. */
export interface StreamConfiguration {
  stream_id: string;
  iss: string;
  aud: string;
  events_supported: readonly string[];
  events_requested?: readonly string[];
  events_delivered: readonly string[];
  /** The header that a receiver gave for push is never given back. */
  delivery: { method: string; endpoint_url: string };
  min_verification_interval: number;
  description?: string;
}

/** @param issuer the public URL */
export const toConfiguration = (stream: SsfStream, issuer: string): StreamConfiguration => ({
  stream_id: stream.id,
  iss: issuer,
  aud: stream.audience,
  events_supported: SSF_EVENT_TYPES,
  ...(stream.eventTypes === null ? {} : { events_requested: [...stream.eventTypes, ...stream.unknownTypes] }),
  events_delivered: stream.eventTypes ?? SSF_EVENT_TYPES,
  delivery:
    stream.url === null
      ? { method: POLL_METHOD, endpoint_url: pollUrlOf(issuer, stream.id) }
      : { method: PUSH_METHOD, endpoint_url: stream.url },
  min_verification_interval: MIN_VERIFICATION_SECONDS,
  ...(stream.description === null ? {} : { description: stream.description }),
});

const STATUSES = { enabled: 'ENABLED', paused: 'PAUSED', disabled: 'DISABLED' } as const;

/** The statuses of SSF 1.0, section 8.1.2. Null: an unknown one. */
export const readStatus = (text: unknown): EventStreamStatus | null =>
  typeof text === 'string' && Object.hasOwn(STATUSES, text) ? STATUSES[text as keyof typeof STATUSES] : null;

export interface StreamStatus {
  stream_id: string;
  status: string;
  reason?: string;
}

export const toStatus = ({ id, status, statusReason }: SsfStream): StreamStatus => ({
  stream_id: id,
  status: status.toLowerCase(),
  ...(statusReason === null ? {} : { reason: statusReason }),
});
