import type { ClaimedDelivery } from './event-stream.ts';
import { AnswerTimeoutError, type Envelope, type SendPost } from './outgoing-post.ts';
import { PrivateAddressError } from './public-address.ts';
import { EnvelopeError, type Judgement, type StreamKind } from './stream-kind.ts';

/** `covered`: nothing was sent, and the delivery is no longer there. */
export type AttemptResult = (Judgement | { outcome: 'covered' }) & {
  /** The receiver gave no answer, or said that it cannot take anything now: others that wait for it would fail, too. */
  isUnreachable: boolean;
};

/**
 * Makes one attempt. What the receiver or the network does is a result, with a text for the owner. Fails when this node
 * cannot build what is to be sent: without a database it cannot, and that is not the receiver's fault.
 */
export async function attemptDelivery(
  kind: StreamKind,
  delivery: ClaimedDelivery,
  { send, now, signal }: { send: SendPost; now: Date; signal: AbortSignal },
): Promise<AttemptResult> {
  const built = await buildEnvelope(kind, delivery, now);
  if (built === null) return { outcome: 'covered', isUnreachable: false };
  if (built instanceof EnvelopeError) return { outcome: 'failed', error: built.message, isUnreachable: true };
  try {
    const answer = await send(built, signal);
    const judgement = kind.judge(answer);
    const isUnreachable = judgement.outcome === 'failed' && (answer.status === 429 || answer.status >= 500);
    return { ...judgement, isUnreachable };
  } catch (error) {
    return { outcome: 'failed', error: describeFailure(error), isUnreachable: true };
  }
}

async function buildEnvelope(
  kind: StreamKind,
  delivery: ClaimedDelivery,
  now: Date,
): Promise<Envelope | EnvelopeError | null> {
  try {
    return await kind.envelope(delivery, now);
  } catch (error) {
    if (error instanceof EnvelopeError) return error;
    throw error;
  }
}

/** Fixed words and codes only: the text of a network error may hold what a resolver or a proxy of ours said. */
function describeFailure(error: unknown): string {
  if (error instanceof PrivateAddressError) return 'The address is not public.';
  if (error instanceof AnswerTimeoutError) return 'The receiver did not answer within 10 seconds.';
  const code = codeOf(error);
  if (code === null) return 'The receiver could not be reached.';
  if (code === 'ECONNRESET' || code === 'EPIPE')
    return 'The receiver closed the connection without an answer.';
  // Of Node's parser, and of OpenSSL.
  if (code.startsWith('HPE_')) return `The receiver's answer is not valid HTTP (${code}).`;
  if (/CERT|UNABLE_TO_VERIFY/.test(code)) return `The receiver's certificate is not trusted (${code}).`;
  return `The receiver could not be reached (${code}).`;
}

function codeOf(error: unknown): string | null {
  const { code, cause } = (error ?? {}) as { code?: unknown; cause?: unknown };
  if (typeof code === 'string' && /^[A-Z0-9_]{1,60}$/.test(code)) return code;
  return cause === undefined ? null : codeOf(cause);
}
