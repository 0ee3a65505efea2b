import { Agent as HttpAgent, request as httpRequest, type IncomingMessage } from 'node:http';
import { Agent as HttpsAgent, request as httpsRequest } from 'node:https';
import { CurfewError, unavailable } from './curfew-error.ts';

export interface HttpAnswer {
  status: number;
  /** Parsed JSON; null if it is something else. */
  body: unknown;
}

export interface HttpCalls {
  /** @throws CurfewError UNAVAILABLE if no complete answer came in time, CLOSED after `close` */
  get(path: string): Promise<HttpAnswer>;
  /** Repeats the request once if a reused connection turns out to be closed, unless `isRepeatable` is false. */
  post(
    path: string,
    body: { type: string; text: string },
    options?: { isRepeatable?: boolean },
  ): Promise<HttpAnswer>;
  close(): void;
}

interface Sent {
  method: 'GET' | 'POST';
  path: string;
  headers: Record<string, string>;
  text?: string;
}

/** Further calls wait for a connection, while their timeout runs. */
const MAX_CONNECTIONS = 50;
const MAX_ANSWER_BYTES = 8 * 1024 * 1024;

/** HTTP with the service key. `close` leaves no connection behind. Redirects are not followed. */
export function createHttpCalls(options: { url: string; serviceKey: string; timeoutMs: number }): HttpCalls {
  const { url, serviceKey, timeoutMs } = options;
  const isSecure = url.startsWith('https:');
  const agent = new (isSecure ? HttpsAgent : HttpAgent)({ keepAlive: true, maxSockets: MAX_CONNECTIONS });
  const send = isSecure ? httpsRequest : httpRequest;
  const inFlight = new Set<(error: CurfewError) => void>();
  let isClosed = false;

  function once(sent: Sent, signal: AbortSignal): Promise<HttpAnswer & { isStale?: boolean }> {
    return new Promise((resolve, reject) => {
      const request = send(
        url + sent.path,
        { agent, method: sent.method, headers: sent.headers, signal },
        (response) => void readAll(response).then(resolve, reject),
      );
      request.once('error', (error: NodeJS.ErrnoException) => {
        // The server closed the idle connection just as it was reused.
        if (request.reusedSocket && (error.code === 'ECONNRESET' || error.code === 'EPIPE'))
          resolve({ status: 0, body: null, isStale: true });
        else reject(error);
      });
      request.end(sent.text);
    });
  }

  async function call(sent: Sent, isRepeatable: boolean): Promise<HttpAnswer> {
    if (isClosed) throw closed();
    const abort = new AbortController();
    let fail = (_error: CurfewError): void => {};
    const failed = new Promise<never>((_, reject) => (fail = reject));
    failed.catch(() => {});
    inFlight.add(fail);
    const timer = setTimeout(() => fail(unavailable(`Curfew at ${url} did not answer in time.`)), timeoutMs);
    try {
      const first = await Promise.race([once(sent, abort.signal), failed]);
      if (!first.isStale) return first;
      if (!isRepeatable) throw unavailable('The connection was lost before Curfew answered.');
      const second = await Promise.race([once(sent, abort.signal), failed]);
      if (second.isStale) throw unavailable('The connection was lost before Curfew answered.');
      return second;
    } catch (error) {
      throw error instanceof CurfewError ? error : unreachable(url, error);
    } finally {
      clearTimeout(timer);
      inFlight.delete(fail);
      abort.abort();
    }
  }

  const authorization = `Bearer ${serviceKey}`;

  return {
    // The keys are public, so the service key is not sent.
    get: (path) => call({ method: 'GET', path, headers: { accept: 'application/json' } }, true),
    post: (path, { type, text }, { isRepeatable = true } = {}) =>
      call(
        {
          method: 'POST',
          path,
          text,
          headers: {
            authorization,
            accept: 'application/json',
            'content-type': type,
            'content-length': String(Buffer.byteLength(text)),
          },
        },
        isRepeatable,
      ),
    close() {
      isClosed = true;
      for (const fail of inFlight) fail(closed());
      agent.destroy();
    },
  };
}

/** With the reason in words, because Express logs no cause. */
function unreachable(url: string, cause: unknown): CurfewError {
  const { message } = cause as Error;
  return unavailable(`Curfew could not be reached at ${url} (${message.trim()}).`, cause);
}

const closed = (): CurfewError => new CurfewError('CLOSED', 'The connection to Curfew has been closed.');

async function readAll(response: IncomingMessage): Promise<HttpAnswer> {
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of response as AsyncIterable<Buffer>) {
    length += chunk.length;
    if (length > MAX_ANSWER_BYTES) throw new Error('The answer is too long.');
    chunks.push(chunk);
  }
  return { status: response.statusCode ?? 0, body: parse(Buffer.concat(chunks).toString('utf8')) };
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // A page in place of JSON, which Curfew did not send.
    return null;
  }
}
