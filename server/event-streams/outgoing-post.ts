import { once } from 'node:events';
import { request as httpRequest, type IncomingMessage } from 'node:http';
import { request as httpsRequest } from 'node:https';
import { isPrivateHost, lookupPublic, PrivateAddressError } from './public-address.ts';

/** What is sent. A kind of stream builds it again for each attempt. */
export interface Envelope {
  url: string;
  headers: Readonly<Record<string, string>>;
  body: string;
}

/** What the receiver said. */
export interface Answer {
  status: number;
  /** At most `MAX_ANSWER_BYTES`; what could be read, where the receiver closed early. */
  body: Buffer;
}

/**
 * Sends one POST. Follows no redirect.
 * @throws PrivateAddressError, AnswerTimeoutError, or an error with a `code`
 */
export type SendPost = (envelope: Envelope, signal: AbortSignal) => Promise<Answer>;

const MAX_ANSWER_BYTES = 64 * 1024;
/** From the look-up of the name to the end of the answer. */
const ANSWER_TIMEOUT_MS = 10_000;

export class AnswerTimeoutError extends Error {
  constructor() {
    super('No answer in time.');
    this.name = 'AnswerTimeoutError';
  }
}

/**
 * Sends POSTs to addresses that owners chose. Without `allowPrivateAddresses` a connection is only opened to a public
 * address, over https. Every request has a connection of its own: a kept one may be closed by the receiver just as the next
 * event is written to it, which would count as a failure.
 */
export function createSendPost({
  allowPrivateAddresses,
  answerTimeoutMs = ANSWER_TIMEOUT_MS,
}: {
  allowPrivateAddresses: boolean;
  answerTimeoutMs?: number;
}): SendPost {
  return async ({ url: address, headers, body }, stopped) => {
    const url = new URL(address);
    // A literal address is not resolved, so the look-up does not see it.
    if (!allowPrivateAddresses && (url.protocol !== 'https:' || isPrivateHost(url)))
      throw new PrivateAddressError();
    const ended = new AbortController();
    const end = (): void => ended.abort();
    let isLate = false;
    const timer = setTimeout(() => {
      isLate = true;
      end();
    }, answerTimeoutMs);
    if (stopped.aborted) end();
    stopped.addEventListener('abort', end);
    const sent = (url.protocol === 'https:' ? httpsRequest : httpRequest)(url, {
      method: 'POST',
      agent: false,
      headers: { 'user-agent': 'Curfew', ...headers, 'content-length': Buffer.byteLength(body) },
      signal: ended.signal,
      ...(allowPrivateAddresses ? {} : { lookup: lookupPublic }),
    });
    // A receiver may answer and close before it has read everything.
    sent.on('error', () => {});
    try {
      const answered = once(sent, 'response') as Promise<[IncomingMessage]>;
      sent.end(body);
      const [answer] = await answered;
      return { status: answer.statusCode!, body: await readBody(answer) };
    } catch (error) {
      throw isLate ? new AnswerTimeoutError() : error;
    } finally {
      clearTimeout(timer);
      stopped.removeEventListener('abort', end);
      sent.destroy();
    }
  };
}

/** The status has arrived, and it alone decides: a body that is too long, too slow or cut off is left where it is. */
async function readBody(answer: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let size = 0;
  try {
    for await (const chunk of answer as AsyncIterable<Buffer>) {
      chunks.push(chunk);
      size += chunk.length;
      if (size >= MAX_ANSWER_BYTES) break;
    }
  } catch {
    // Read as far as it came.
  }
  return Buffer.concat(chunks).subarray(0, MAX_ANSWER_BYTES);
}
