import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { freePort } from '../../test/operations/processes.ts';

export interface Look {
  /** Bytes. */
  rss: number;
  /** Bytes of what is alive: the heap and what hangs on it. */
  heap: number;
  /** Of the process since it began. */
  cpuMs: number;
  /** The longest time without a turn of the event loop since `reset`. */
  blockedMs: number;
  /** The most processor time of the main thread between two turns of the event loop since then. */
  busiestMs: number;
}

export interface Probe {
  /** For the environment of the server that is to be looked into. */
  env: Record<string, string>;
  look(): Promise<Look>;
  /** After garbage collection. */
  collected(): Promise<Look>;
  reset(): Promise<Look>;
  /** Resolves when the process has little left to do. */
  quiet(): Promise<void>;
}

const QUIET_MS = 400;
/** A server may still do its rounds. */
const QUIET_SHARE = 0.15;
const PATIENCE_MS = 120_000;

export async function createProbe(): Promise<Probe> {
  const port = await freePort();
  const ask = async (path: string): Promise<Look> =>
    (await (await fetch(`http://127.0.0.1:${port}${path}`)).json()) as Look;
  return {
    env: {
      PROBE_PORT: String(port),
      NODE_OPTIONS: `--import ${join(import.meta.dirname, 'probe.ts')} ${process.env.BENCH_NODE_OPTIONS ?? ''}`,
    },
    look: () => ask('/'),
    collected: () => ask('/collected'),
    reset: () => ask('/reset'),
    async quiet() {
      const patience = AbortSignal.timeout(PATIENCE_MS);
      for (let calm = 0; calm < 3;) {
        if (patience.aborted) throw new Error('The server does not come to rest.');
        const before = await ask('/');
        await pause(QUIET_MS);
        const after = await ask('/');
        calm = after.cpuMs - before.cpuMs < QUIET_MS * QUIET_SHARE ? calm + 1 : 0;
      }
    },
  };
}
