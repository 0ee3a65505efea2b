// The environment can reduce them to try a bench. Published results use these values.

/** Duration of one measurement. */
export const SECONDS = Number(process.env.BENCH_SECONDS ?? 4);
/** Repetitions of each measurement. */
export const ROUNDS = Number(process.env.BENCH_ROUNDS ?? 5);
/** How often in turn a server has to be found idle before a measurement. */
export const CALM_SAMPLES = Number(process.env.BENCH_CALM_SAMPLES ?? 3);
/** The same of a database, looked at ten times a second. */
export const DATABASE_CALM_SAMPLES = Number(process.env.BENCH_DATABASE_CALM_SAMPLES ?? 12);
export const CONNECTIONS = 64;
/** Undefined: there is none. */
export const REDIS_URL = process.env.BENCH_REDIS_URL ?? process.env.TEST_REDIS_URL;
export const SESSIONS = Number(process.env.BENCH_SESSIONS ?? 100_000);

export const inWords = (count: number): string => count.toLocaleString('en-US');
export const inRounds = `medians of ${ROUNDS} ${ROUNDS === 1 ? 'round' : 'rounds'}`;

/** The folder for CPU profiles of each started Curfew, written when it stops. */
export const PROFILES = process.env.BENCH_PROFILES;
