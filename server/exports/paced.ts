import { setTimeout as pause } from 'node:timers/promises';

/** How much longer it rests than it works: a quarter of the time is the export's. */
const REST = 3;
/** A page that the database was slow with need not wait as much longer. */
const MAX_REST_MS = 250;

/**
 * Passes pieces on with a rest after each, in proportion to what it took to make. A long export would otherwise keep one
 * processor of the node and one of the database busy until its end, and the requests of everyone else would wait for it.
 */
export async function* paced(pieces: AsyncIterable<string>): AsyncGenerator<string> {
  let started = performance.now();
  for await (const piece of pieces) {
    const took = performance.now() - started;
    yield piece;
    await pause(Math.min(took * REST, MAX_REST_MS));
    started = performance.now();
  }
}
