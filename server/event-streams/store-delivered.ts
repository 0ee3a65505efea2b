import { addSeconds, type Clock } from '../clock.ts';
import { createBatches } from '../database/batches.ts';
import type { Database } from '../database/database.ts';
import { makeAllDue, RECOVERY_SECONDS, storeDelivered } from './dispatch.sql.ts';
import type { ClaimedDelivery } from './event-stream.ts';
import { eraseEventsOfDeleted } from './purge.sql.ts';

/** What receivers take within this time is stored in one statement. If the node dies before it, that is sent again. */
const GATHER_MS = 30;

/** Stores that a delivery was taken, together with others. False: its lease had run out, and another node has it. */
export function createDeliveredStore({
  database,
  clock,
}: {
  database: Database;
  clock: Clock;
}): (delivery: ClaimedDelivery) => Promise<boolean> {
  return createBatches(
    async (deliveries: readonly ClaimedDelivery[]) => {
      const now = clock.now();
      const stored = await database.statement((em) => storeDelivered(em, deliveries, now));
      // After the commit: of two streams that make the last deliveries of an event one sees that it is the last.
      const toErase = stored.filter(({ isOfDeletedUser }) => isOfDeletedUser).map(({ eventId }) => eventId);
      if (toErase.length > 0) await database.statement((em) => eraseEventsOfDeleted(em, toErase));
      const failedBefore = addSeconds(now, -RECOVERY_SECONDS);
      const isBack = ({ failingSince }: (typeof stored)[number]): boolean =>
        failingSince !== null && failingSince <= failedBefore;
      for (const streamId of new Set(stored.filter(isBack).map((each) => each.streamId)))
        await database.statement((em) => makeAllDue(em, streamId, now));
      const ids = new Set(stored.map(({ id }) => id));
      return deliveries.map(({ id }) => ids.has(id));
    },
    { gatherMs: GATHER_MS },
  );
}
