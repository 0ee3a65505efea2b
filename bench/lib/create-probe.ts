import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { findFreePort } from '../../server/http/free-port.ts';
import { CALM_SAMPLES } from './settings.ts';

export interface ProbeSample {
  /** Bytes. */
  rss: number;
  /** Bytes of live memory: the heap and external memory. */
  heap: number;
  /** Processor time of the process since its start. */
  cpuMs: number;
  /** The longest delay of the event loop since `reset`. */
  blockedMs: number;
  /** The maximum processor time of the main thread between two samples since `reset`. */
  busiestMs: number;
}

export interface Probe {
  /** For the environment of the measured server. */
  env: Record<string, string>;
  sample(): Promise<ProbeSample>;
  /** Samples after garbage collection. */
  collected(): Promise<ProbeSample>;
  reset(): Promise<ProbeSample>;
  /** Resolves when the process is nearly idle. */
  quiet(): Promise<void>;
}

const QUIET_MS = 400;
/** Processor share of a server's periodic work. */
const QUIET_SHARE = 0.15;
const QUIET_TIMEOUT_MS = 120_000;

export async function createProbe(): Promise<Probe> {
  const port = await findFreePort();
  const ask = async (path: string): Promise<ProbeSample> =>
    (await (await fetch(`http://127.0.0.1:${port}${path}`)).json()) as ProbeSample;
  return {
    env: {
      PROBE_PORT: String(port),
      NODE_OPTIONS: `--import ${join(import.meta.dirname, 'probe-server.ts')} ${process.env.BENCH_NODE_OPTIONS ?? ''}`,
    },
    sample: () => ask('/'),
    collected: () => ask('/collected'),
    reset: () => ask('/reset'),
    async quiet() {
      const timeout = AbortSignal.timeout(QUIET_TIMEOUT_MS);
      for (let calm = 0; calm < CALM_SAMPLES;) {
        if (timeout.aborted) throw new Error('The server does not become idle.');
        const before = await ask('/');
        await pause(QUIET_MS);
        const after = await ask('/');
        calm = after.cpuMs - before.cpuMs < QUIET_MS * QUIET_SHARE ? calm + 1 : 0;
      }
    },
  };
}
