/** The only source of time. All other code receives a `now`, so that tests can move it and nodes agree on it. */
export interface Clock {
  now(): Date;
  /** Runs `task` once, not before `milliseconds` have passed. Returns a function that cancels it. */
  after(milliseconds: number, task: () => void): () => void;
  /** Whether the times are the database's own, which a statement may compare with `clock_timestamp()`. */
  readonly isDatabaseTime?: boolean;
}

/** Beyond 2^31 - 1 ms, about 24.8 days, Node's timers fire immediately. */
const MAX_TIMER_MS = 2 ** 31 - 1;
const SAMPLE_INTERVAL_MS = 10_000;
/** A sample with a longer round trip is too imprecise. */
const MAX_ROUND_TRIP_MS = 250;
const STALL_MS = 1_000;

export interface DatabaseClock extends Clock {
  stop(): void;
}

/**
 * Starts a clock that follows the database's: the last sample, advanced by this machine's monotonic timer, so that
 * nodes whose own clocks differ or jump decide alike. Samples every ten seconds, and after the process was paused.
 */
export async function startDatabaseClock(readDatabaseTime: () => Promise<Date>): Promise<DatabaseClock> {
  let offset = Date.now() - performance.now();
  let isSampled = false;

  async function sample(): Promise<void> {
    const sent = performance.now();
    const databaseTime = (await readDatabaseTime()).getTime();
    const received = performance.now();
    if (isSampled && received - sent > MAX_ROUND_TRIP_MS) return;
    offset = databaseTime - (sent + received) / 2;
    isSampled = true;
  }

  // While the database is down the last sample stays in use: requests fail on the database, not on the clock. No sample
  // waits for the one before it, so a read that hangs delays nothing.
  const sampleQuietly = (): void => void sample().catch(() => undefined);

  await sample();
  const sampling = setInterval(sampleQuietly, SAMPLE_INTERVAL_MS);
  let lastBeat = Date.now();
  const stallWatch = setInterval(() => {
    const beat = Date.now();
    if (Math.abs(beat - lastBeat - STALL_MS) > STALL_MS) sampleQuietly();
    lastBeat = beat;
  }, STALL_MS);
  sampling.unref();
  stallWatch.unref();

  return {
    now: () => new Date(performance.now() + offset),
    after: runAfter,
    isDatabaseTime: true,
    stop() {
      clearInterval(sampling);
      clearInterval(stallWatch);
    },
  };
}

function runAfter(milliseconds: number, task: () => void): () => void {
  const wait = Math.max(0, milliseconds);
  if (wait <= MAX_TIMER_MS) {
    const timer = setTimeout(task, wait);
    timer.unref();
    return () => clearTimeout(timer);
  }
  let cancel = (): void => {};
  const timer = setTimeout(() => (cancel = runAfter(wait - MAX_TIMER_MS, task)), MAX_TIMER_MS);
  timer.unref();
  cancel = () => clearTimeout(timer);
  return () => cancel();
}

export const addSeconds = (moment: Date, seconds: number): Date =>
  new Date(moment.getTime() + seconds * 1000);

/** Seconds since the epoch, rounded down, so that the NumericDate of a token is never later than its deadline. */
export const toNumericDate = (moment: Date): number => Math.floor(moment.getTime() / 1000);
