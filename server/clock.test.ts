import { jest } from '@jest/globals';
import { addSeconds, startDatabaseClock, toNumericDate, type DatabaseClock } from './clock.ts';

const DAY = 86_400_000;
const NOW = new Date('2026-01-01T00:00:00.000Z');

describe('the clock of the database', () => {
  let clock: DatabaseClock | null = null;
  beforeEach(() => {
    jest.useFakeTimers({ now: NOW });
  });
  afterEach(() => {
    clock?.stop();
    clock = null;
    expect(jest.getTimerCount()).toBe(0);
    jest.useRealTimers();
  });

  /** A database whose clock is ahead of this machine's, and takes its time to answer. */
  const createDatabase = (aheadMs: number) => {
    const database = {
      aheadMs,
      roundTripMs: 0,
      isAway: false,
      reads: 0,
      async read(): Promise<Date> {
        database.reads += 1;
        if (database.isAway) throw new Error('away');
        const half = database.roundTripMs / 2;
        await pass(half);
        const time = new Date(Date.now() + database.aheadMs);
        await pass(half);
        return time;
      },
    };
    return database;
  };
  const pass = (milliseconds: number) =>
    milliseconds === 0 ? Promise.resolve() : new Promise<void>((done) => setTimeout(done, milliseconds));
  const start = async (database: { read(): Promise<Date> }) => {
    const starting = startDatabaseClock(() => database.read());
    await jest.advanceTimersByTimeAsync(2_000);
    return (clock = await starting);
  };
  const drift = ({ aheadMs }: { aheadMs: number }, { now }: DatabaseClock) =>
    now().getTime() - (Date.now() + aheadMs);

  test.each([600_000, -600_000, 0])(
    'a machine that is %d ms behind the database follows it',
    async (aheadMs) => {
      const database = createDatabase(aheadMs);
      expect(Math.abs(drift(database, await start(database)))).toBeLessThanOrEqual(1);
      await jest.advanceTimersByTimeAsync(DAY);
      expect(Math.abs(drift(database, clock!))).toBeLessThanOrEqual(1);
    },
  );

  test('the moment that a slow answer speaks of lies in the middle of its way', async () => {
    const database = createDatabase(5_000);
    database.roundTripMs = 200;
    expect(Math.abs(drift(database, await start(database)))).toBeLessThanOrEqual(1);
  });

  test('it follows a database whose time moved within ten seconds, and not by a very slow answer', async () => {
    const database = createDatabase(0);
    await start(database);
    database.aheadMs = 3_000;
    database.roundTripMs = 400;
    await jest.advanceTimersByTimeAsync(11_000);
    expect(Math.abs(drift(database, clock!))).toBeGreaterThan(2_000);
    database.roundTripMs = 0;
    await jest.advanceTimersByTimeAsync(10_000);
    expect(Math.abs(drift(database, clock!))).toBeLessThanOrEqual(1);
  });

  test('a step of the machine\u2019s own clock changes nothing', async () => {
    const database = createDatabase(0);
    await start(database);
    const before = clock!.now().getTime();
    jest.setSystemTime(NOW.getTime() + 600_000);
    expect(clock!.now().getTime() - before).toBeLessThan(10);
  });

  test('after the process stood still it asks the database at once', async () => {
    const database = createDatabase(0);
    await start(database);
    await jest.advanceTimersByTimeAsync(1_000);
    const { reads } = database;
    // What a suspended machine looks like: the wall clock has gone on, no timer has.
    jest.setSystemTime(Date.now() + 60_000);
    await jest.advanceTimersByTimeAsync(1_000);
    expect(database.reads).toBe(reads + 1);
  });

  test('while the database is away the last sample goes on', async () => {
    const database = createDatabase(7_000);
    await start(database);
    database.isAway = true;
    await jest.advanceTimersByTimeAsync(60_000);
    expect(Math.abs(drift(database, clock!))).toBeLessThanOrEqual(1);
  });

  test('it does not start without a first sample', async () => {
    await expect(startDatabaseClock(() => Promise.reject(new Error('away')))).rejects.toThrow('away');
  });

  // Node's own timer fires at once beyond 2^31 - 1 ms, and so does the fake one.
  test.each([0, 1_000, 24 * DAY, 2 ** 31 - 1, 2 ** 31, 25 * DAY, 50 * DAY, 90 * DAY, 400 * DAY])(
    'a task that is due in %d ms runs then, once, and not before',
    async (wait) => {
      await start(createDatabase(0));
      clock!.stop();
      let runs = 0;
      clock!.after(wait, () => (runs += 1));
      if (wait > 0) jest.advanceTimersByTime(wait - 1);
      expect(runs).toBe(0);
      jest.advanceTimersByTime(1);
      expect(runs).toBe(1);
      jest.advanceTimersByTime(100 * DAY);
      expect(runs).toBe(1);
    },
  );

  test('a moment that has passed is due at once', async () => {
    await start(createDatabase(0));
    clock!.stop();
    let runs = 0;
    clock!.after(-5_000, () => (runs += 1));
    jest.advanceTimersByTime(1);
    expect(runs).toBe(1);
  });

  test.each([0, 10 * DAY, 30 * DAY, 60 * DAY])(
    'a long wait can be cancelled after %d ms',
    async (elapsed) => {
      await start(createDatabase(0));
      clock!.stop();
      let runs = 0;
      const cancel = clock!.after(90 * DAY, () => (runs += 1));
      jest.advanceTimersByTime(elapsed);
      cancel();
      cancel();
      expect(jest.getTimerCount()).toBe(0);
      jest.advanceTimersByTime(100 * DAY);
      expect(runs).toBe(0);
    },
  );
});

test('a NumericDate never lies beyond the moment it stands for', () => {
  expect(toNumericDate(new Date('2026-01-01T00:00:00.999Z'))).toBe(toNumericDate(NOW));
  expect(addSeconds(NOW, 1.5).getTime()).toBe(NOW.getTime() + 1_500);
});
