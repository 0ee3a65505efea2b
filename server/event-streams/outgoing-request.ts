import { once } from 'node:events';
import {
  Agent as HttpAgent,
  request as httpRequest,
  type ClientRequest,
  type IncomingMessage,
} from 'node:http';
import { Agent as HttpsAgent, request as httpsRequest } from 'node:https';
import type { LookupFunction } from 'node:net';
import type { Duplex } from 'node:stream';
import { isPrivateHost, lookupPublic, PrivateAddressError } from './public-address.ts';

/** What is sent to an address that an owner, or a document of a transmitter, has chosen. */
export interface OutgoingRequest {
  method: 'GET' | 'POST';
  url: string;
  headers: Readonly<Record<string, string>>;
  /** Null: a GET. */
  body: string | null;
}

/** What the other side said. */
export interface Answer {
  status: number;
  /** At most `MAX_ANSWER_BYTES`; what could be read, where the other side closed early. */
  body: Buffer;
}

/**
 * Sends one request. Follows no redirect.
 * @throws PrivateAddressError, AnswerTimeoutError, or an error with a `code`
 */
export type SendRequest = (request: OutgoingRequest, signal: AbortSignal) => Promise<Answer>;

const MAX_ANSWER_BYTES = 64 * 1024;
/** From the look-up of the name to the end of the answer. */
const ANSWER_TIMEOUT_MS = 10_000;

export class AnswerTimeoutError extends Error {
  constructor() {
    super('No answer in time.');
    this.name = 'AnswerTimeoutError';
  }
}

/** Answers to one request that are not final (1xx). Without a limit a receiver could keep this node busy with them. */
const MAX_INTERIM_ANSWERS = 20;

/**
 * How long a connection is kept for the next request, where connections are kept. Long enough for one that follows at once,
 * and shorter than servers keep theirs.
 */
const KEEP_MS = 1_000;

export interface OutgoingOptions {
  allowPrivateAddresses: boolean;
  answerTimeoutMs?: number;
  /** Of names, unless private addresses are allowed. */
  lookup?: LookupFunction;
  /** Whether a connection is kept for a moment: its address was checked when it was opened. */
  keepConnections?: boolean;
}

/**
 * Sends requests to addresses that others chose. Without `allowPrivateAddresses` a connection is only opened to a public
 * address, over https.
 */
export function createSendRequest({
  allowPrivateAddresses,
  answerTimeoutMs = ANSWER_TIMEOUT_MS,
  lookup = lookupPublic,
  keepConnections = false,
}: OutgoingOptions): SendRequest {
  const keep = { keepAlive: true, timeout: KEEP_MS };
  const agents = keepConnections ? { http: new HttpAgent(keep), https: new HttpsAgent(keep) } : null;

  function open(url: URL, { method, headers, body }: OutgoingRequest, isKept: boolean, signal: AbortSignal) {
    const length = body === null ? {} : { 'content-length': Buffer.byteLength(body) };
    const isSecure = url.protocol === 'https:';
    const sent = (isSecure ? httpsRequest : httpRequest)(url, {
      method,
      agent: isKept && agents ? agents[isSecure ? 'https' : 'http'] : false,
      headers: { 'user-agent': 'Curfew', ...headers, ...length },
      signal,
      ...(allowPrivateAddresses ? {} : { lookup }),
    });
    let interimAnswers = 0;
    sent.on('information', () => {
      interimAnswers += 1;
      if (interimAnswers > MAX_INTERIM_ANSWERS)
        sent.destroy(Object.assign(new Error('No final answer.'), { code: 'HPE_TOO_MANY_INTERIM' }));
    });
    // The other side may answer and close before it has read everything.
    return sent.on('error', () => {});
  }

  async function exchange(sent: ClientRequest, body: string | null, signal: AbortSignal): Promise<Answer> {
    try {
      const answered = Promise.race(
        ['response', 'upgrade'].map((event) => once(sent, event, { signal })),
      ) as Promise<[IncomingMessage, Duplex?]>;
      sent.end(body ?? undefined);
      const [answer, upgraded] = await answered;
      if (upgraded) {
        // No one has asked for another protocol, and what follows is no body.
        upgraded.destroy();
        return { status: answer.statusCode!, body: Buffer.alloc(0) };
      }
      return { status: answer.statusCode!, body: await readBody(answer) };
    } finally {
      // Does nothing to a connection that is kept.
      sent.destroy();
    }
  }

  return async (request, stopped) => {
    const url = new URL(request.url);
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
    const send = async (isKept: boolean): Promise<Answer> => {
      const sent = open(url, request, isKept, ended.signal);
      try {
        return await exchange(sent, request.body, ended.signal);
      } catch (error) {
        // The receiver closed it just as this was written to it, which says nothing about the receiver.
        if (sent.reusedSocket && isReset(error) && !ended.signal.aborted) return await send(false);
        throw error;
      }
    };
    try {
      return await send(true);
    } catch (error) {
      throw isLate ? new AnswerTimeoutError() : error;
    } finally {
      clearTimeout(timer);
      stopped.removeEventListener('abort', end);
    }
  };
}

const isReset = (error: unknown): boolean =>
  ['ECONNRESET', 'EPIPE'].includes((error as NodeJS.ErrnoException).code ?? '');

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
