import { MessageType, stringifyMessage } from 'graphql-ws';

/**
 * Returns the time up to which a feed is complete: every end committed by then has been sent. In milliseconds of this
 * process's monotonic clock. Null: no read of the rows has succeeded yet.
 */
export type FeedProof = () => number | null;

/** The proofs of the feeds on one socket. */
export interface FeedProofs {
  /** Returns a function that removes the proof. */
  add(proof: FeedProof): () => void;
  /**
   * Returns the answer to a ping. With feeds, `completeMsAgo` in its payload is how many milliseconds ago all of them
   * were complete: every end committed by then has been sent before. It is absent until each feed has read the rows once.
   */
  pong(payload: Record<string, unknown> | undefined): string;
}

export function createFeedProofs(): FeedProofs {
  const proofs = new Set<FeedProof>();
  return {
    add(proof) {
      proofs.add(proof);
      return () => proofs.delete(proof);
    },
    pong(payload) {
      const completeAt = Math.min(...[...proofs].map((proof) => proof() ?? -Infinity));
      const answer = Number.isFinite(completeAt)
        ? { ...payload, completeMsAgo: Math.ceil(performance.now() - completeAt) }
        : payload;
      return stringifyMessage({
        type: MessageType.Pong,
        ...(answer === undefined ? {} : { payload: answer }),
      });
    },
  };
}
