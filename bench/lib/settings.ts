// Shorter and smaller by the environment, to try a bench; what is published is measured with these.

/** How long one measurement takes. */
export const SECONDS = Number(process.env.BENCH_SECONDS ?? 4);
/** How often each is repeated. */
export const ROUNDS = Number(process.env.BENCH_ROUNDS ?? 5);
export const CONNECTIONS = 64;
export const SESSIONS = Number(process.env.BENCH_SESSIONS ?? 100_000);

export const inWords = (count: number): string => count.toLocaleString('en-US');
export const inRounds = `medians of ${ROUNDS} ${ROUNDS === 1 ? 'round' : 'rounds'}`;

/** A folder in which each Curfew that was started leaves its CPU profile when it stops; for those who ask why. */
export const PROFILES = process.env.BENCH_PROFILES;
