import { applyLoad, spread, type Call, type LoadResult, type Send } from './load.ts';
import { findPgbench } from './pgbench.ts';
import type { Candidate } from './rounds.ts';
import { CONNECTIONS, SECONDS } from './settings.ts';

type Latency = LoadResult['latency'];

export interface Throughput extends Candidate {
  /** Of each round, in milliseconds. */
  readonly latencies: Latency[];
}

/** Requests a second with every connection busy. */
export function throughput(
  name: string,
  url: string,
  request: (send: Send, connection: number) => Promise<void>,
  /** How much one request counts. */
  weight = 1,
): Throughput {
  const latencies: Latency[] = [];
  return {
    name,
    latencies,
    async measure() {
      const result = await applyLoad({ url, connections: CONNECTIONS, seconds: SECONDS, request });
      latencies.push(result.latency);
      return result.perSecond * weight;
    },
  };
}

/** Sends the call and holds the answer to `proof`, which only the right one has in it. */
export const proven =
  (name: string, call: () => Call, proof: string) =>
  async (send: Send): Promise<void> => {
    expectProof(name, await send(call()), proof);
  };

export function expectProof(name: string, answer: Awaited<ReturnType<Send>>, proof: string): void {
  if (answer.status !== 200 || !answer.body.includes(proof))
    throw new Error(`${name}: ${answer.status} ${answer.body.slice(0, 300)}`);
}

/** Transactions a second of PostgreSQL alone; none where there is no pgbench. */
export async function pgbenchCandidates(url: string, scripts: Record<string, string>): Promise<Candidate[]> {
  const pgbench = await findPgbench();
  if (!pgbench) return [];
  return Object.entries(scripts).map(([name, script]) => ({
    name,
    measure: () => pgbench({ url, script, seconds: SECONDS }),
  }));
}

/** The median of the rounds' medians, and of the rounds' p99. */
export const typical = (latencies: readonly Latency[]): { median: number; p99: number } => ({
  median: spread(latencies.map(({ median }) => median)).median,
  p99: spread(latencies.map(({ p99 }) => p99)).median,
});

/** Milliseconds that one request after the other takes, the median; less is better. */
export const latency = (
  name: string,
  url: string,
  request: (send: Send) => Promise<void>,
  /** At most so many in one round. */
  requests?: number,
): Candidate => ({
  name,
  async measure() {
    const result = await applyLoad({ url, connections: 1, seconds: SECONDS, requests, request });
    return result.latency.median;
  },
});
