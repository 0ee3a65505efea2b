import type { ClaimedDelivery } from './event-stream.ts';
import { AnswerTimeoutError, type SendPost } from './outgoing-post.ts';
import { PrivateAddressError } from './public-address.ts';
import { EnvelopeError, type Judgement, type StreamKind } from './stream-kind.ts';

export type AttemptResult = Judgement & {
  /** The receiver gave no answer, or said that it cannot take anything now: others that wait for it would fail, too. */
  isUnreachable: boolean;
};

/** Makes one attempt. Never fails: an error is a result, with a text for the owner. */
export async function attemptDelivery(
  kind: StreamKind,
  delivery: ClaimedDelivery,
  { send, now, signal }: { send: SendPost; now: Date; signal: AbortSignal },
): Promise<AttemptResult> {
  try {
    const answer = await send(kind.envelope(delivery, now), signal);
    const judgement = kind.judge(answer);
    const isUnreachable = judgement.outcome === 'failed' && (answer.status === 429 || answer.status >= 500);
    return { ...judgement, isUnreachable };
  } catch (error) {
    return { outcome: 'failed', error: describeFailure(error), isUnreachable: true };
  }
}

/** Fixed words and codes only: the text of a network error may hold what a resolver or a proxy of ours said. */
function describeFailure(error: unknown): string {
  if (error instanceof EnvelopeError) return error.message;
  if (error instanceof PrivateAddressError) return 'The address is not public.';
  if (error instanceof AnswerTimeoutError) return 'The receiver did not answer within 10 seconds.';
  const code = codeOf(error);
  return code === null
    ? 'The receiver could not be reached.'
    : `The receiver could not be reached (${code}).`;
}

function codeOf(error: unknown): string | null {
  const { code, cause } = (error ?? {}) as { code?: unknown; cause?: unknown };
  if (typeof code === 'string' && /^[A-Z0-9_]{1,60}$/.test(code)) return code;
  return cause === undefined ? null : codeOf(cause);
}
