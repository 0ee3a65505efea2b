import { applyLoad, spread, type Answer, type Call, type LoadResult, type Send } from './load.ts';
import { findPgbench } from './pgbench.ts';
import type { Candidate } from './rounds.ts';
import { CONNECTIONS, SECONDS } from './settings.ts';

type Latency = LoadResult['latency'];

export interface Throughput extends Candidate {
  /** Latencies of each round, in milliseconds. */
  readonly latencies: Latency[];
}

/** Measures requests a second with every connection busy. */
export function throughput(
  name: string,
  url: string,
  request: (send: Send, connection: number) => Promise<void>,
  /** How many operations one request counts as. */
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

/** Builds the calls before any is sent, and returns them round and round: the client shares the processors with the server. */
export function inAdvance(count: number, build: (n: number) => ProvenCall): () => ProvenCall {
  const calls = Array.from({ length: count }, (_, n) => build(n));
  let next = 0;
  return () => calls[(next += 1) % count]!;
}

/** Texts that only the right answer contains, in their order in it. */
export type Proofs = readonly string[];

/** A call and the proofs of its own answer, such as the id of the user. */
export interface ProvenCall extends Call {
  proofs: Proofs;
}

/** Sends each call and checks its answer. */
export const proven =
  (name: string, next: () => ProvenCall) =>
  async (send: Send): Promise<void> => {
    const call = next();
    expectProofs(name, await send(call), call.proofs);
  };

/** @throws for an answer without one of the proofs */
export function expectProofs(name: string, answer: Answer, proofs: Proofs): void {
  const { status, body } = answer;
  let at = status === 200 ? 0 : -1;
  for (const proof of proofs) {
    // Each search goes on after the last one, so that the answer is read once however many proofs it has.
    if (at >= 0) at = body.indexOf(proof, at);
  }
  if (at < 0) throw new Error(`${name}: ${status} ${body.slice(0, 300)}`);
}

/** Measures transactions a second of PostgreSQL alone. Empty without pgbench. */
export async function pgbenchCandidates(url: string, scripts: Record<string, string>): Promise<Candidate[]> {
  const pgbench = await findPgbench();
  if (!pgbench) return [];
  return Object.entries(scripts).map(([name, script]) => ({
    name,
    measure: () => pgbench({ url, script, seconds: SECONDS }),
  }));
}

/** Returns the median of the rounds' medians and of the rounds' p99. */
export const typical = (latencies: readonly Latency[]): { median: number; p99: number } => ({
  median: spread(latencies.map(({ median }) => median)).median,
  p99: spread(latencies.map(({ p99 }) => p99)).median,
});

/** Measures the median milliseconds of sequential requests. Less is better. */
export const latency = (
  name: string,
  url: string,
  request: (send: Send) => Promise<void>,
  /** Maximum requests in one round. */
  requests?: number,
): Candidate => ({
  name,
  async measure() {
    const result = await applyLoad({ url, connections: 1, seconds: SECONDS, requests, request });
    return result.latency.median;
  },
});
