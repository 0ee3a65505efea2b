import { createSendRequest, type Answer, type OutgoingOptions } from './outgoing-request.ts';

export { AnswerTimeoutError, type Answer } from './outgoing-request.ts';

/** What is sent. A kind of stream builds it again for each attempt. */
export interface Envelope {
  url: string;
  headers: Readonly<Record<string, string>>;
  body: string;
}

/**
 * Sends one POST. Follows no redirect.
 * @throws PrivateAddressError, AnswerTimeoutError, or an error with a `code`
 */
export type SendPost = (envelope: Envelope, signal: AbortSignal) => Promise<Answer>;

export function createSendPost(options: OutgoingOptions): SendPost {
  const send = createSendRequest({ ...options, keepConnections: true });
  return (envelope, signal) => send({ method: 'POST', ...envelope }, signal);
}
