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
  insertTestDelivery,
  listDeliveries,
  readDelivery,
  redeliver,
  redeliverDead,
} from './deliveries.sql.ts';
import type { EventDeliveryPage, EventDeliveryView, EventStreamView } from './event-stream.ts';
import { endHold, readStream } from './event-streams.sql.ts';

/** Deliveries of an account's streams, for its owners. Each throws NOT_FOUND for what is not of the account. */
export interface OwnerDeliveries {
  /** Newest first. */
  list(
    viewer: Viewer,
    filter: { streamId: string; status: DeliveryStatus | null },
    slice: Slice,
  ): Promise<EventDeliveryPage>;
  /** @throws UNAUTHENTICATED, FORBIDDEN, BAD_USER_INPUT (`reason` DISABLED), RATE_LIMITED */
  sendTest(viewer: Viewer, streamId: string): Promise<EventDeliveryView>;
  /** Makes a delivery once more. @throws UNAUTHENTICATED, FORBIDDEN, BAD_USER_INPUT (`reason` DISABLED) */
  redeliver(viewer: Viewer, deliveryId: string): Promise<EventDeliveryView>;
  /** Makes every dead delivery once more, and returns their number. @throws as `redeliver` */
  redeliverDead(viewer: Viewer, streamId: string): Promise<number>;
}

/** Tests of a stream that wait. A test is a request that Curfew makes for its caller. */
const MAX_PENDING_TESTS = 10;
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

  /** The stream, which is tried at once. */
  async function claimStream(em: EntityManager, viewer: Viewer, id: string): Promise<EventStreamView> {
    const stream = await readStream(em, { id, accountId: viewer.accountId });
    if (stream.status === 'DISABLED')
      throw badInput('streamId', 'The stream is disabled. Enable it first.', { reason: 'DISABLED' });
    await endHold(em, id);
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
        const stream = await claimStream(em, viewer, streamId);
        if ((await countPendingTests(em, streamId)) >= MAX_PENDING_TESTS)
          throw new AppError('RATE_LIMITED', 'Too many test events of this stream wait. Try again later.', {
            retryAfterSeconds: TEST_RETRY_SECONDS,
          });
        const id = await insertTestDelivery(em, stream, now);
        return readDelivery(em, { id, accountId: viewer.accountId });
      }),

    redeliver: (viewer, deliveryId) =>
      change(viewer, async (em, now) => {
        const wanted = { id: deliveryId, accountId: viewer.accountId };
        const { streamId } = await readDelivery(em, wanted);
        await claimStream(em, viewer, streamId);
        await redeliver(em, deliveryId, now);
        return readDelivery(em, wanted);
      }),

    redeliverDead: (viewer, streamId) =>
      change(viewer, async (em, now) => {
        await claimStream(em, viewer, streamId);
        return redeliverDead(em, streamId, now);
      }),
  };
}
