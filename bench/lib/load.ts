import { Pool } from 'undici';

export interface Load {
  url: string;
  connections: number;
  seconds: number;
  /** Ends the load earlier. */
  until?: Promise<unknown>;
  /** Ends it after this many requests. */
  requests?: number;
  /** One request of one connection; called again as soon as it resolves. Throws when the answer is not the right one. */
  request(send: Send, connection: number): Promise<void>;
}

export interface Call {
  path: string;
  method?: 'GET' | 'POST';
  headers?: Record<string, string>;
  body?: string;
}

export type Send = (call: Call) => Promise<{ status: number; body: string }>;

export interface LoadResult {
  perSecond: number;
  /** Milliseconds from the request to the whole answer. */
  latency: { median: number; p99: number; slowest: number };
}

/** Keeps `connections` requests under way for `seconds`, and says how many were answered and how long they took. */
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
  const send: Send = async ({ path, method = 'POST', headers, body }) => {
    const started = performance.now();
    const answer = await pool.request({ path, method, headers, body });
    const text = await answer.body.text();
    latencies.push(performance.now() - started);
    return { status: answer.statusCode, body: text };
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

export function spread(values: readonly number[]): { median: number; p99: number; slowest: number } {
  const sorted = [...values].sort((a, b) => a - b);
  const at = (share: number): number =>
    sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0;
  return { median: at(0.5), p99: at(0.99), slowest: sorted.at(-1) ?? 0 };
}
