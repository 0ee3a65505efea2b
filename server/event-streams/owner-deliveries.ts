import type { Clock } from '../clock.ts';
import type { Database, EntityManager } from '../database/database.ts';
import { AppError, badInput } from '../errors.ts';
import type { DeliveryStatus } from '../generated/schema.ts';
import { MAX_EXACT_COUNT, toConnection, type Slice } from '../pagination.ts';
import type { Viewer } from '../rules/caller.ts';
import { lockAccountAsOwner } from '../sessions/lock-as-caller.ts';
import {
  countDeliveries,
  countPendingTests,
  insertStreamDelivery,
  listDeliveries,
  readDelivery,
  redeliver,
  redeliverDead,
} from './deliveries.sql.ts';
import { MAX_PENDING_TESTS } from './stream-rules.ts';
import type { EventDeliveryPage, EventDeliveryView, EventStreamView } from './event-stream.ts';
import { endHold, readStream } from './event-streams.sql.ts';
import { TEST_EVENT } from './event-types.ts';
import { insertVerification, isSsf } from './stream-status.ts';

/** Deliveries of an account's streams, for its owners. Each throws NOT_FOUND for what is not of the account. */
export interface OwnerDeliveries {
  /** Newest first. */
  list(
    viewer: Viewer,
    filter: { streamId: string; status: DeliveryStatus | null },
    slice: Slice,
  ): Promise<EventDeliveryPage>;
  /**
   * A webhook gets an event of type `test`, an SSF stream a verification.
   * @throws UNAUTHENTICATED, FORBIDDEN, BAD_USER_INPUT (`reason` DISABLED, or NOT_AVAILABLE for a back-channel logout: there
   * is no logout token that means nothing), RATE_LIMITED
   */
  sendTest(viewer: Viewer, streamId: string): Promise<EventDeliveryView>;
  /** Makes a delivery once more. @throws UNAUTHENTICATED, FORBIDDEN, BAD_USER_INPUT (`reason` DISABLED) */
  redeliver(viewer: Viewer, deliveryId: string): Promise<EventDeliveryView>;
  /** Makes the dead deliveries once more, at most 10,000, and returns their number. @throws as `redeliver` */
  redeliverDead(viewer: Viewer, streamId: string): Promise<number>;
}

const TEST_RETRY_SECONDS = 60;

export function createOwnerDeliveries(dependencies: {
  database: Database;
  clock: Clock;
  /** Delivers what is due now. */
  wake: () => void;
}): OwnerDeliveries {
  const { database, clock, wake } = dependencies;

  async function change<T>(viewer: Viewer, work: (em: EntityManager, now: Date) => Promise<T>): Promise<T> {
    const result = await database.accountTransaction(viewer.accountId, async (em) => {
      await lockAccountAsOwner(em, viewer, clock);
      return work(em, clock.now());
    });
    wake();
    return result;
  }

  async function readUsableStream(em: EntityManager, viewer: Viewer, id: string): Promise<EventStreamView> {
    const stream = await readStream(em, { id, accountId: viewer.accountId });
    if (stream.status === 'DISABLED')
      throw badInput('streamId', 'The stream is disabled. Enable it first.', { reason: 'DISABLED' });
    return stream;
  }

  return {
    async list({ accountId }, { streamId, status }, slice) {
      const em = database.em();
      await readStream(em, { id: streamId, accountId });
      const filter = { streamId, status };
      return toConnection(
        await listDeliveries(em, filter, slice),
        slice,
        ({ createdAt, id }) => ({ at: createdAt, id }),
        () => countDeliveries(database.em(), filter, MAX_EXACT_COUNT),
      );
    },

    sendTest: (viewer, streamId) =>
      change(viewer, async (em, now) => {
        const stream = await readUsableStream(em, viewer, streamId);
        if ((await countPendingTests(em, streamId)) >= MAX_PENDING_TESTS)
          throw new AppError('RATE_LIMITED', 'Too many test events of this stream wait. Try again later.', {
            retryAfterSeconds: TEST_RETRY_SECONDS,
          });
        const id = await insertTest(em, stream, now);
        await endHold(em, streamId);
        return readDelivery(em, { id, accountId: viewer.accountId });
      }),

    redeliver: (viewer, deliveryId) =>
      change(viewer, async (em, now) => {
        const wanted = { id: deliveryId, accountId: viewer.accountId };
        const { streamId } = await readDelivery(em, wanted);
        await readUsableStream(em, viewer, streamId);
        await redeliver(em, deliveryId, now);
        // After the delivery, in the order in which a node that stores a result locks the two.
        await endHold(em, streamId);
        return readDelivery(em, wanted);
      }),

    redeliverDead: (viewer, streamId) =>
      change(viewer, async (em, now) => {
        await readUsableStream(em, viewer, streamId);
        const count = await redeliverDead(em, streamId, now);
        await endHold(em, streamId);
        return count;
      }),
  };
}

function insertTest(em: EntityManager, stream: EventStreamView, now: Date): Promise<string> {
  if (isSsf(stream.kind)) return insertVerification(em, stream, null, now);
  if (stream.kind === 'WEBHOOK')
    return insertStreamDelivery(em, stream, { type: TEST_EVENT, details: {}, isControl: false }, now);
  throw badInput('streamId', 'A back-channel logout stream has no test events.', {
    reason: 'NOT_AVAILABLE',
  });
}
