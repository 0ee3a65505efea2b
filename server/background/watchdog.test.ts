import { jest } from '@jest/globals';
import { setTimeout as pause } from 'node:timers/promises';
import { createManualClock } from '../../test/manual-clock.ts';
import { createLogger } from '../logger.ts';
import { createShutdown } from './shutdown.ts';
import { startLoop, type Loop } from './loop.ts';
import { createFreshnessProbe, createFreshness } from './freshness.ts';
import { StalledError, supervise, type Turn } from './watchdog.ts';

const logger = createLogger('silent');
const never = (): Promise<never> => new Promise(() => {});

describe('supervised work', () => {
  test('is awaited as long as it makes progress', async () => {
    const work = supervise(1_000, async (turn) => {
      for (let step = 0; step < 6; step += 1) {
        await pause(200);
        turn.advance();
      }
      return 'done';
    });
    expect(await work).toBe('done');
  });

  test('without progress is abandoned, and its run is not current any more', async () => {
    let turn: Turn | undefined;
    const work = supervise(20, (given) => ((turn = given), never()));
    expect(turn!.isCurrent).toBe(true);
    await expect(work).rejects.toBeInstanceOf(StalledError);
    expect(turn!.isCurrent).toBe(false);
  });

  test('is not abandoned for a stall of the whole process', async () => {
    const work = supervise(20, async () => {
      await pause(10);
      return 'done';
    });
    const until = performance.now() + 100;
    while (performance.now() < until);
    expect(await work).toBe('done');
  });
});

describe('a loop', () => {
  let loop: Loop;
  afterEach(() => loop.stop());

  test.each([
    ['fails', () => Promise.reject(new Error('away'))],
    ['hangs', never],
  ])('continues after a run that %s', async (_, fault) => {
    const clock = createManualClock();
    const second = Promise.withResolvers<void>();
    let turns = 0;
    loop = startLoop({
      clock,
      logger,
      everyMs: 1_000,
      timeoutMs: 20,
      failure: 'failed',
      turn() {
        turns += 1;
        if (turns === 1) return fault();
        second.resolve();
        return Promise.resolve();
      },
    });
    clock.advance(1_000);
    expect(turns).toBe(1);
    while (clock.pendingTimers === 0) await pause(5);
    clock.advance(1_000);
    await second.promise;
  });

  test('stopped during a run that hangs ends at its timeout', async () => {
    const clock = createManualClock();
    loop = startLoop({ clock, logger, everyMs: 0, timeoutMs: 20, failure: 'failed', turn: never });
    clock.advance(0);
    await loop.stop();
    expect(clock.pendingTimers).toBe(0);
  });
});

describe('a freshness probe', () => {
  const AFTER = 4_000;
  const changes: boolean[] = [];
  const onChange = (isStale: boolean) => void changes.push(isStale);
  const fail = () => Promise.reject(new Error('away'));
  const pass = (milliseconds: number) => jest.advanceTimersByTimeAsync(milliseconds);
  beforeEach(() => {
    changes.length = 0;
    jest.useFakeTimers();
  });
  afterEach(() => {
    expect(jest.getTimerCount()).toBe(0);
    jest.useRealTimers();
  });

  test('without a read is not stale', async () => {
    createFreshnessProbe(onChange, AFTER);
    await pass(10 * AFTER);
    expect(changes).toEqual([]);
  });

  test('is stale from a while after the first failed read until one succeeds', async () => {
    const probe = createFreshnessProbe(onChange, AFTER);
    for (let passed = 0; passed < AFTER; passed += 500) {
      expect(changes).toEqual([]);
      await probe.run(fail).catch(() => {});
      await pass(500);
    }
    expect(changes).toEqual([true]);
    await probe.run(fail).catch(() => {});
    await pass(AFTER);
    expect(await probe.run(async () => 'read')).toBe('read');
    expect(changes).toEqual([true, false]);
  });

  test('failed reads between successful ones do not count', async () => {
    const probe = createFreshnessProbe(onChange, AFTER);
    for (let round = 0; round < 10; round += 1) {
      await probe.run(fail).catch(() => {});
      await pass(AFTER - 1);
      await probe.run(async () => {});
    }
    expect(changes).toEqual([]);
  });

  test('a read that hangs counts, and a closed probe calls back no more', async () => {
    void createFreshnessProbe(onChange, AFTER).run(never);
    const closed = createFreshnessProbe(() => changes.push(false), AFTER);
    void closed.run(never);
    closed.close();
    await pass(AFTER);
    expect(changes).toEqual([true]);
  });

  test('a stall of the process is no failure of the database', async () => {
    const probe = createFreshnessProbe(onChange, AFTER);
    const answer = Promise.withResolvers<void>();
    const pending = probe.run(() => answer.promise);
    // The timer comes a minute late.
    const now = jest.spyOn(performance, 'now').mockReturnValue(performance.now() + 60_000);
    await pass(AFTER);
    now.mockRestore();
    expect(changes).toEqual([]);
    answer.resolve();
    await pending;
    await pass(AFTER);
    expect(changes).toEqual([]);
  });

  test('a node is stale while any of its probes is', async () => {
    const freshness = createFreshness({ logger, staleAfterMs: AFTER });
    freshness.onChange(onChange);
    const [left, right] = [freshness.probe('left'), freshness.probe('right')];
    for (const probe of [left, right]) void probe.run(never);
    await pass(AFTER);
    await left.run(async () => {});
    expect(freshness.isStale).toBe(true);
    await right.run(async () => {});
    expect(freshness.isStale).toBe(false);
    expect(changes).toEqual([true, false]);
  });
});

describe('a shutdown', () => {
  test('has one timeout for all its steps, and starts each of them', async () => {
    const shutdown = createShutdown({ timeoutMs: 100, logger });
    const begun: string[] = [];
    const start = performance.now();
    for (const name of ['one', 'two', 'three']) await shutdown(name, () => (begun.push(name), never()), 60);
    expect(begun).toEqual(['one', 'two', 'three']);
    expect(performance.now() - start).toBeLessThan(1_000);
    await expect(shutdown('four', () => Promise.reject(new Error('no')))).rejects.toThrow('no');
  });
});
