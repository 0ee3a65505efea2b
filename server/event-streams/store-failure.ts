import { SYSTEM, type Audit } from '../audit/audit.ts';
import type { Clock } from '../clock.ts';
import type { Database, EntityManager } from '../database/database.ts';
import type { Logger } from '../logger.ts';
import type { EventDeliveryOutcome } from '../metrics/metrics.ts';
import type { AttemptResult } from './attempt.ts';
import { dropPending } from './deliveries.sql.ts';
import { giveUpOldest, holdStream, storeFailed } from './dispatch.sql.ts';
import type { ClaimedDelivery } from './event-stream.ts';
import { disableStream } from './event-streams.sql.ts';
import { nextAttempt, nextProbe } from './retry-rules.ts';

export type FailedResult = Extract<AttemptResult, { outcome: 'failed' | 'gone' }>;

export interface FailureStore {
  /** Stores a failed attempt, and what it means for the stream. Returns what became of the delivery. */
  store(delivery: ClaimedDelivery, result: FailedResult): Promise<EventDeliveryOutcome>;
}

export function createFailureStore(dependencies: {
  database: Database;
  audit: Audit;
  clock: Clock;
  logger: Logger;
}): FailureStore {
  const { database, audit, clock, logger } = dependencies;

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
        details: { old: { status: 'ENABLED' }, new: { status: 'DISABLED' }, status_reason: error },
        ipAddress: null,
      },
      now,
    );
  }

  return {
    async store(delivery, { outcome, error, isUnreachable }) {
      const now = clock.now();
      const { stream } = delivery;
      const nextAttemptAt = outcome === 'gone' ? null : nextAttempt(delivery, now, Math.random());
      const givenUp = await database.transaction(async (em) => {
        if (!(await storeFailed(em, delivery, { error, nextAttemptAt }, now))) return 0;
        if (outcome === 'gone') await disable(em, delivery, error, now);
        if (isUnreachable)
          await holdStream(em, stream.id, (failures) => nextProbe(failures, now, Math.random()), now);
        return giveUpOldest(em, stream.id, error, now);
      });
      const seen = { streamId: stream.id, accountId: stream.accountId, attempts: delivery.attempts };
      if (outcome === 'gone') logger.warn(seen, 'an event stream was disabled: its receiver is gone');
      else if (nextAttemptAt === null || givenUp > 0)
        logger.warn(
          { ...seen, givenUp },
          'security events were given up after 24 hours; an owner can send them again',
        );
      return nextAttemptAt === null ? 'dead' : 'failed';
    },
  };
}
