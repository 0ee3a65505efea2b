import type { IncomingHttpHeaders } from 'node:http';
import { Pool } from 'undici';

export interface Load {
  url: string;
  connections: number;
  seconds: number;
  /** Ends the load early when it settles. */
  until?: Promise<unknown>;
  /** Ends the load after this many requests. */
  requests?: number;
  /** Sends one request of one connection. Called again as soon as it resolves. @throws for a wrong answer */
  request(send: Send, connection: number): Promise<void>;
}

export interface Call {
  path: string;
  method?: 'GET' | 'POST';
  headers?: Record<string, string>;
  body?: string;
}

export interface Answer {
  status: number;
  headers: IncomingHttpHeaders;
  body: string;
}

export type Send = (call: Call) => Promise<Answer>;

export interface LoadResult {
  perSecond: number;
  /** Milliseconds from the request to the whole answer. */
  latency: { median: number; p99: number; slowest: number };
}

/** Keeps `connections` requests in flight for `seconds`. Returns their rate and latency. */
export async function applyLoad({
  url,
  connections,
  seconds,
  until,
  requests = Infinity,
  request,
}: Load): Promise<LoadResult> {
  const pool = new Pool(url, { connections, pipelining: 1 });
  const latencies: number[] = [];
  const send: Send = async (call) => {
    const started = performance.now();
    const answer = await ask(pool, call);
    latencies.push(performance.now() - started);
    return answer;
  };
  const started = performance.now();
  const end = started + seconds * 1000;
  let isOver = false;
  const stop = (): void => void (isOver = true);
  until?.then(stop, stop);
  let sent = 0;
  const isOn = (): boolean => !isOver && performance.now() < end && sent < requests;
  await Promise.all(
    Array.from({ length: connections }, async (_, connection) => {
      while (isOn()) {
        sent += 1;
        await request(send, connection);
      }
    }),
  );
  const elapsed = (performance.now() - started) / 1000;
  await pool.close();
  return { perSecond: latencies.length / elapsed, latency: spread(latencies) };
}

/** Without the streams and promises of `pool.request`: the client shares the processors with what is measured. */
const ask = (pool: Pool, { path, method = 'POST', headers, body }: Call): Promise<Answer> =>
  new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let answered: Omit<Answer, 'body'>;
    pool.dispatch(
      { path, method, headers, body },
      {
        onRequestStart() {},
        onResponseStart(_, status, received) {
          answered = { status, headers: received };
        },
        onResponseData: (_, chunk) => void chunks.push(chunk),
        onResponseEnd: () => resolve({ ...answered, body: textOf(chunks) }),
        onResponseError: (_, error) => reject(error),
      },
    );
  });

const textOf = (chunks: Buffer[]): string =>
  (chunks.length === 1 ? chunks[0]! : Buffer.concat(chunks)).toString('utf8');

export function spread(values: readonly number[]): { median: number; p99: number; slowest: number } {
  const sorted = [...values].sort((a, b) => a - b);
  const at = (share: number): number =>
    sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0;
  return { median: at(0.5), p99: at(0.99), slowest: sorted.at(-1) ?? 0 };
}
