import type { Database } from '../database/database.ts';
import { isDataFault } from '../database/database-errors.ts';
import { publishByAccount, type SessionBus } from '../events/session-bus.ts';
import type { Logger } from '../logger.ts';
import {
  writeActivity,
  writeActivityUnderPolicy,
  type ActivitySpan,
  type WrittenActivity,
} from '../sessions/touch.sql.ts';
import type { ActivityBatch } from './pending-activity.ts';

/** Writes activity into the session rows and publishes the extensions that subscribers need to know of. */
export interface ActivityWriter {
  /** Whether the last `write` failed. */
  readonly hasFailed: boolean;
  /** Writes a batch. An entry that cannot be stored is logged and dropped, so it does not block the others. */
  write(batch: ActivityBatch, options: { skipLocked: boolean }): Promise<WrittenActivity>;
  /** Writes in the account's queue and waits for row locks; other accounts do not wait. */
  writeInQueue(accountId: string, batch: ActivityBatch): Promise<void>;
}

export function createActivityWriter(dependencies: {
  database: Database;
  bus: SessionBus;
  logger: Logger;
}): ActivityWriter {
  const { database, bus, logger } = dependencies;
  let hasFailed = false;

  async function write(batch: ActivityBatch, options: { skipLocked: boolean }): Promise<WrittenActivity> {
    try {
      return await writeAll(batch, options);
    } catch (error) {
      if (!isDataFault(error)) throw error;
      if (batch.size <= 1) {
        logger.error({ err: error }, 'dropped activity that cannot be written');
        return { writtenIds: [], skippedIds: [], underPolicyIds: [] };
      }
      const entries = [...batch];
      const middle = entries.length >> 1;
      const first = await write(new Map(entries.slice(0, middle)), options);
      const second = await write(new Map(entries.slice(middle)), options);
      return merge(first, second);
    }
  }

  async function writeAll(batch: ActivityBatch, options: { skipLocked: boolean }): Promise<WrittenActivity> {
    const result = await writeSpans(spansOf(batch), options).catch((error: unknown) => {
      hasFailed = true;
      throw error;
    });
    hasFailed = false;
    publish(result, batch);
    return result;
  }

  async function writeSpans(
    spans: ActivitySpan[],
    options: { skipLocked: boolean },
  ): Promise<WrittenActivity> {
    const written = await database.withTimeout(database.statement((em) => writeActivity(em, spans, options)));
    return written.underPolicyIds.length === 0
      ? written
      : merge(written, await writeUnderPolicy(spans, written));
  }

  function writeUnderPolicy(
    spans: readonly ActivitySpan[],
    { underPolicyIds }: WrittenActivity,
  ): Promise<WrittenActivity> {
    const ids = new Set(underPolicyIds);
    const left = spans.filter(({ id }) => ids.has(id));
    return database.withTimeout(database.transaction((em) => writeActivityUnderPolicy(em, left)));
  }

  function publish({ writtenIds }: WrittenActivity, batch: ActivityBatch): void {
    const extended = writtenIds.flatMap((id) => {
      const { accountId, mustPublish } = batch.get(id)!;
      return mustPublish ? [{ id, accountId }] : [];
    });
    publishByAccount(bus, 'EXTENDED', extended);
  }

  return {
    get hasFailed() {
      return hasFailed;
    },
    write,
    async writeInQueue(accountId, batch) {
      const writing = database.accountTransaction(accountId, (em) =>
        writeActivityUnderPolicy(em, spansOf(batch)),
      );
      publish(await database.withTimeout(writing), batch);
    },
  };
}

const spansOf = (batch: ActivityBatch): ActivitySpan[] =>
  [...batch].map(([id, { firstAt, lastAt }]) => ({ id, firstAt, lastAt }));

const merge = (one: WrittenActivity, other: WrittenActivity): WrittenActivity => ({
  writtenIds: [...one.writtenIds, ...other.writtenIds],
  skippedIds: [...one.skippedIds, ...other.skippedIds],
  underPolicyIds: [],
});
