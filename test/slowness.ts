const ITERATIONS = 10_000_000;
/** What the loop takes on the slowest machine for which limits in milliseconds are meant. */
const USUAL_MS = 25;
const TRIES = 5;

/**
 * How many times slower this machine computes at the moment than limits in milliseconds expect; at least 1. A shared
 * machine may have a fraction of its usual speed, so such a limit is compared with a known piece of work of the same run.
 */
export function slowness(): number {
  let fastest = Infinity;
  // Mostly the first try suffices.
  for (let tries = 0; tries < TRIES && fastest > USUAL_MS; tries += 1)
    fastest = Math.min(fastest, computeMs());
  return Math.max(1, fastest / USUAL_MS);
}

function computeMs(): number {
  const before = process.threadCpuUsage();
  let value = 1;
  for (let count = 0; count < ITERATIONS; count += 1) value = (value * 31 + count) | 0;
  const { user, system } = process.threadCpuUsage(before);
  // Uses the value, so that the loop is not left out.
  return (user + system) / 1000 + (value === 0 ? Number.EPSILON : 0);
}
