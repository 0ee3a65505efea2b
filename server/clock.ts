/** The only source of time. Everything else receives a `now`, so that tests move it and nodes agree on it. */
export interface Clock {
  now(): Date;
  /** Runs `task` once, not before `milliseconds` have passed. Returns what cancels it. */
  after(milliseconds: number, task: () => void): () => void;
}

/** Node's timers fire at once beyond 2^31 - 1 ms, some 24.8 days. */
const LONGEST_TIMER_MS = 2 ** 31 - 1;
const SAMPLE_EVERY_MS = 10_000;
/** A sample that was long under way says little about the moment it arrives. */
const TRUSTED_ROUND_TRIP_MS = 250;
const STALL_MS = 1_000;

export interface DatabaseClock extends Clock {
  stop(): void;
}

/**
 * The database's clock, carried forward by this machine's monotonic timer from the last sample, so that nodes whose
 * own clocks differ or step give the same verdict. Sampled every ten seconds and after the process stood still.
 */
export async function startDatabaseClock(readDatabaseTime: () => Promise<Date>): Promise<DatabaseClock> {
  let offset = Date.now() - performance.now();
  let isSampled = false;

  async function sample(): Promise<void> {
    const sent = performance.now();
    const databaseTime = (await readDatabaseTime()).getTime();
    const received = performance.now();
    if (isSampled && received - sent > TRUSTED_ROUND_TRIP_MS) return;
    offset = databaseTime - (sent + received) / 2;
    isSampled = true;
  }

  // While the database is away the last sample goes on: requests fail on the database anyway, not on the clock.
  const sampleQuietly = (): void => void sample().catch(() => undefined);

  await sample();
  const sampling = setInterval(sampleQuietly, SAMPLE_EVERY_MS);
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
    stop() {
      clearInterval(sampling);
      clearInterval(stallWatch);
    },
  };
}

function runAfter(milliseconds: number, task: () => void): () => void {
  const wait = Math.max(0, milliseconds);
  if (wait <= LONGEST_TIMER_MS) {
    const timer = setTimeout(task, wait);
    timer.unref();
    return () => clearTimeout(timer);
  }
  let cancel = (): void => {};
  const timer = setTimeout(() => (cancel = runAfter(wait - LONGEST_TIMER_MS, task)), LONGEST_TIMER_MS);
  timer.unref();
  cancel = () => clearTimeout(timer);
  return () => cancel();
}

export const addSeconds = (moment: Date, seconds: number): Date =>
  new Date(moment.getTime() + seconds * 1000);

/** Seconds since the epoch, rounded down: the NumericDate of a token never lies beyond the deadline it stands for. */
export const toNumericDate = (moment: Date): number => Math.floor(moment.getTime() / 1000);
