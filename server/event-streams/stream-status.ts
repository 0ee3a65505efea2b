import type { EntityManager } from '../database/database.ts';
import type { EventStreamKind, EventStreamStatus } from '../generated/schema.ts';
import { dropOldNotices, dropPending, insertStreamDelivery, restartPending } from './deliveries.sql.ts';
import type { EventStreamView } from './event-stream.ts';
import { setStatus } from './event-streams.sql.ts';
import { STREAM_UPDATED_EVENT, VERIFICATION_EVENT } from './set-events.ts';

export const isSsf = (kind: EventStreamKind): boolean => kind === 'SSF_PUSH' || kind === 'SSF_POLL';

/** SSF 1.0, section 8.1.2: as the framework writes a status. */
const STATUS_NAMES = { ENABLED: 'enabled', PAUSED: 'paused', DISABLED: 'disabled' } as const satisfies Record<
  EventStreamStatus,
  string
>;

/**
 * Changes the status of a stream, in a transaction, for an owner, the receiver, or Curfew itself. An SSF stream is told
 * by `stream-updated`, which is delivered before all that waits, also while the stream is paused or disabled. DISABLED gives
 * up what waits. A status that it has already changes its reason only.
 * @param statusReason for owners. Null: an owner or the receiver chose the status
 * @param toldReason for the receiver, in words; null: none
 */
export async function changeStreamStatus(
  em: EntityManager,
  stream: Pick<EventStreamView, 'id' | 'accountId' | 'kind' | 'status'>,
  change: { status: EventStreamStatus; statusReason: string | null; toldReason: string | null },
  now: Date,
): Promise<void> {
  const { status, statusReason, toldReason } = change;
  const isChanged = status !== stream.status;
  await setStatus(em, { id: stream.id, status, statusReason }, { isTriedAtOnce: isChanged });
  if (!isChanged) return;
  // When it goes on, too: something may have come into the outbox while it was being disabled.
  if (status === 'DISABLED' || stream.status === 'DISABLED')
    await dropPending(em, stream.id, statusReason ?? 'The stream was disabled.', now);
  else await restartPending(em, stream.id, { isMoved: false }, now);
  if (!isSsf(stream.kind)) return;
  await dropOldNotices(em, stream.id);
  const reason = toldReason === null ? {} : { reason: toldReason };
  await insertStreamDelivery(
    em,
    stream,
    {
      type: STREAM_UPDATED_EVENT,
      details: { status: STATUS_NAMES[status], ...reason },
      isControl: true,
    },
    now,
  );
}

/**
 * Writes a verification event for an SSF stream, in a transaction, and returns the id of its delivery.
 * @param state as the receiver gave it; null: Curfew or an owner asks
 */
export const insertVerification = (
  em: EntityManager,
  stream: Pick<EventStreamView, 'id' | 'accountId'>,
  state: string | null,
  now: Date,
): Promise<string> =>
  insertStreamDelivery(
    em,
    stream,
    { type: VERIFICATION_EVENT, details: state === null ? {} : { state }, isControl: false },
    now,
  );
