import type { EventDeliveryKind } from '../metrics/metrics.ts';
import type { ClaimedDelivery } from './event-stream.ts';
import type { Answer, Envelope } from './outgoing-post.ts';

/** What an answer means. `gone`: the receiver wants no more events, ever. */
export type Judgement = { outcome: 'delivered' } | { outcome: 'failed' | 'gone'; error: string };

/** What differs between the kinds of streams whose events Curfew posts. */
export interface StreamKind {
  /** In metrics. */
  readonly label: EventDeliveryKind;
  /**
   * Builds what is sent, again for each attempt. Null: another delivery tells what this one would, and it was removed.
   * @throws EnvelopeError
   */
  envelope(delivery: ClaimedDelivery, now: Date): Envelope | Promise<Envelope | null>;
  judge(answer: Answer): Judgement;
}

/** The envelope cannot be built now. The message is for the owner. */
export class EnvelopeError extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'EnvelopeError';
  }
}
