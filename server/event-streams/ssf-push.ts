import type { ClaimedDelivery } from './event-stream.ts';
import { judgeStatus, wordIn } from './judge-answer.ts';
import type { SecretBox } from './secret-box.ts';
import type { SecurityEventTokens } from './security-event-token.ts';
import { SET_ERROR_CODES } from './set-error-codes.ts';
import { EnvelopeError, type StreamKind } from './stream-kind.ts';

/** Security event tokens, posted to the receiver's address (RFC 8935). */
export function createSsfPushKind({
  securityEventTokens,
  secretBox,
}: {
  securityEventTokens: SecurityEventTokens;
  secretBox: SecretBox;
}): StreamKind {
  return {
    label: 'ssf_push',

    async envelope(delivery, now) {
      const { url } = delivery.stream;
      if (url === null) throw new EnvelopeError('The stream has no address.');
      const authorization = openAuthorization(secretBox, delivery);
      const body = await securityEventTokens.build(delivery, now);
      if (body === null) return null;
      return {
        url,
        body,
        headers: {
          'content-type': 'application/secevent+jwt',
          accept: 'application/json',
          ...(authorization === null ? {} : { authorization }),
        },
      };
    },

    /** Only 202 says that the receiver has it (section 2.2): a page that answers 200 to everything does not. */
    judge(answer) {
      const { status } = answer;
      if (status >= 200 && status < 300 && status !== 202)
        return { outcome: 'failed', error: `The receiver answered ${status} in place of 202.` };
      const code = status === 400 ? wordIn(answer, 'err', SET_ERROR_CODES) : null;
      return code === null
        ? judgeStatus(status, (given) => given === 202)
        : { outcome: 'failed', error: `The receiver answered 400 (${code}).` };
    },
  };
}

/** The header that the receiver gave for its own address. Null: it gave none. */
function openAuthorization(secretBox: SecretBox, { stream }: ClaimedDelivery): string | null {
  if (stream.secret === null) return null;
  const header = secretBox.open(stream.secret, stream.id);
  if (header) return header.toString('utf8');
  throw new EnvelopeError(
    "The receiver's authorization cannot be read: its key was removed. Give it once more, by stream management.",
  );
}
