import { LRUCache } from 'lru-cache';
import { SYSTEM, type Audit } from '../audit/audit.ts';
import { addSeconds, type Clock } from '../clock.ts';
import type { Database, EntityManager } from '../database/database.ts';
import type { Logger } from '../logger.ts';
import type { AttemptResult } from './attempt.ts';
import { dropPending } from './deliveries.sql.ts';
import { giveUpOldest, holdStream, storeFailed } from './failures.sql.ts';
import { eraseEventsOfDeleted } from './purge.sql.ts';
import type { ClaimedDelivery } from './event-stream.ts';
import { disableStream } from './event-streams.sql.ts';
import { nextAttempt, nextProbe } from './retry-rules.ts';

export type FailedResult = Extract<AttemptResult, { outcome: 'failed' | 'gone' }>;

export interface FailureStore {
  /**
   * Stores a failed attempt, and what it means for the stream. Returns how many deliveries are to be made again, and how many
   * are dead. Null: another node has the delivery, and nothing was stored.
   */
  store(delivery: ClaimedDelivery, result: FailedResult): Promise<{ failed: number; dead: number } | null>;
}

/** A stream that gives up many events writes a line this often: its receiver may refuse each event of one type. */
const LINE_EVERY_SECONDS = 3_600;
const MAX_STREAMS = 10_000;

export function createFailureStore(dependencies: {
  database: Database;
  audit: Audit;
  clock: Clock;
  logger: Logger;
}): FailureStore {
  const { database, audit, clock, logger } = dependencies;
  /** Of each stream: when it wrote its latest line, and how many it has given up since. */
  const lines = new LRUCache<string, { at: Date; unwritten: number }>({ max: MAX_STREAMS });

  function reportGivenUp(seen: { streamId: string }, count: number, now: Date): void {
    const last = lines.get(seen.streamId);
    const givenUp = count + (last?.unwritten ?? 0);
    const isDue = !last || addSeconds(last.at, LINE_EVERY_SECONDS) <= now;
    lines.set(seen.streamId, isDue ? { at: now, unwritten: 0 } : { at: last.at, unwritten: givenUp });
    if (isDue)
      logger.warn(
        { ...seen, givenUp },
        'security events were given up after 24 hours; an owner can send them again',
      );
  }

  /** A receiver that is gone is never asked again, until an owner enables the stream. */
  async function disable(
    em: EntityManager,
    { stream }: ClaimedDelivery,
    error: string,
    now: Date,
  ): Promise<void> {
    const disabled = await disableStream(em, stream.id, error);
    await dropPending(em, stream.id, error, now);
    if (!disabled) return;
    await audit.record(
      em,
      {
        accountId: disabled.accountId,
        action: 'event_stream.updated',
        actor: SYSTEM,
        resource: { type: 'event_stream', id: stream.id },
        details: {
          old: { status: disabled.statusBefore },
          new: { status: 'DISABLED' },
          status_reason: error,
        },
        ipAddress: null,
      },
      now,
    );
  }

  return {
    async store(delivery, { outcome, error, isUnreachable }) {
      const now = clock.now();
      const { stream } = delivery;
      // All others wait for a delivery about the stream itself: one answer is enough.
      const isGivenUp = outcome === 'gone' || (delivery.isControl && !isUnreachable);
      const nextAttemptAt = isGivenUp ? null : nextAttempt(delivery, now, Math.random());
      const isLast = nextAttemptAt === null;
      const givenUp = await database.transaction(async (em) => {
        if (!(await storeFailed(em, delivery, { error, nextAttemptAt }, now))) return null;
        if (outcome === 'gone') await disable(em, delivery, error, now);
        else {
          const probeAt = (failures: number) => nextProbe({ failures, isUnreachable }, now, Math.random());
          await holdStream(em, stream.id, probeAt, now);
        }
        return giveUpOldest(em, stream.id, error, now);
      });
      if (givenUp === null) return null;
      // After the commit: of two streams that give up the last deliveries of an event one sees that it is the last.
      const dead = isLast ? [...givenUp, delivery.eventId] : givenUp;
      if (dead.length > 0) await database.statement((em) => eraseEventsOfDeleted(em, dead));
      const seen = { streamId: stream.id, accountId: stream.accountId, attempts: delivery.attempts };
      if (outcome === 'gone') logger.warn(seen, 'an event stream was disabled: its receiver is gone');
      else if ((isLast && !delivery.isControl) || givenUp.length > 0) reportGivenUp(seen, dead.length, now);
      return { failed: isLast ? 0 : 1, dead: dead.length };
    },
  };
}
