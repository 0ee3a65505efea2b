import type { Audit } from '../audit/audit.ts';
import type { Clock } from '../clock.ts';
import type { Database } from '../database/database.ts';
import type { EventStreamKind } from '../generated/schema.ts';
import type { Logger } from '../logger.ts';
import type { Metrics } from '../metrics/metrics.ts';
import { attemptDelivery } from './attempt.ts';
import type { ClaimedDelivery } from './event-stream.ts';
import type { SendPost } from './outgoing-post.ts';
import { releaseDelivery, releaseUnbegun } from './release.sql.ts';
import { createDeliveredStore } from './store-delivered.ts';
import { createFailureStore } from './store-failure.ts';
import type { StreamKind } from './stream-kind.ts';

/** The kinds of streams whose events are posted. One that is not here is left to nodes that know it. */
export type StreamKinds = Partial<Record<EventStreamKind, StreamKind>>;

export interface DeliveryMaker {
  /**
   * Makes one attempt, and stores a failure. `covered`: another delivery tells it. `held`: the receiver takes no other one
   * now. After `stopped` it gives the delivery back.
   */
  attempt(delivery: ClaimedDelivery, stopped: AbortSignal): Promise<'taken' | 'covered' | 'failed' | 'held'>;
  storeTaken(delivery: ClaimedDelivery): Promise<void>;
  /** Gives back what was claimed and not begun. */
  giveBack(deliveries: readonly ClaimedDelivery[]): Promise<void>;
}

export interface DeliveryMakerDependencies {
  database: Database;
  clock: Clock;
  logger: Logger;
  audit: Audit;
  metrics: Metrics;
  kinds: StreamKinds;
  send: SendPost;
}

export function createDeliveryMaker(dependencies: DeliveryMakerDependencies): DeliveryMaker {
  const { database, clock, metrics, kinds, send } = dependencies;
  const failures = createFailureStore(dependencies);
  const storeDelivered = createDeliveredStore(dependencies);
  const kindOf = ({ stream }: ClaimedDelivery): StreamKind => kinds[stream.kind]!;

  return {
    async attempt(delivery, stopped) {
      const kind = kindOf(delivery);
      const result = await attemptDelivery(kind, delivery, { send, now: clock.now(), signal: stopped });
      if (result.outcome === 'delivered') return 'taken';
      if (result.outcome === 'covered') return 'covered';
      if (stopped.aborted) {
        await database.statement((em) => releaseDelivery(em, delivery, clock.now()));
        return 'held';
      }
      const failed = await failures.store(delivery, result);
      if (failed) {
        metrics.eventDelivery(kind.label, 'failed', failed.failed);
        metrics.eventDelivery(kind.label, 'dead', failed.dead);
      }
      return result.isUnreachable || result.outcome === 'gone' ? 'held' : 'failed';
    },

    async storeTaken(delivery) {
      if (await storeDelivered(delivery)) metrics.eventDelivery(kindOf(delivery).label, 'delivered');
    },

    giveBack: (deliveries) => database.statement((em) => releaseUnbegun(em, deliveries, clock.now())),
  };
}
