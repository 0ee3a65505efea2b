import type { EntityManager } from '../database/database.ts';
import { restartPending } from './deliveries.sql.ts';
import { updateStream } from './event-streams.sql.ts';

/**
 * Stores the settings of a stream, in a transaction, and returns whether it has another address. Such a stream is tried at
 * once, and starts again with what waits.
 */
export async function storeSettings(
  em: EntityManager,
  before: { url: string | null },
  after: Parameters<typeof updateStream>[1],
  now: Date,
): Promise<boolean> {
  const isMoved = after.url !== before.url;
  await updateStream(em, after, { isTriedAtOnce: isMoved });
  if (isMoved) await restartPending(em, after.id, { isMoved }, now);
  return isMoved;
}
