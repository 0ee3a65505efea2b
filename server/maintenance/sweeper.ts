import { purgeAuditEvents } from '../audit/audit.ts';
import { startLoop } from '../background/loop.ts';
import type { Turn } from '../background/watchdog.ts';
import { addSeconds, type Clock } from '../clock.ts';
import type { Database } from '../database/database.ts';
import type { Logger } from '../logger.ts';
import { purgeSessions, expireDueSessions } from '../sessions/expire.sql.ts';
import { nameDevices } from '../sessions/name-devices.ts';
import { purgeUsedFlows } from '../sign-in/oidc/used-flows.ts';
import { purgeFailures } from '../sign-in/sign-in-failures.sql.ts';
import { publishEnds, type SessionBus } from '../events/session-bus.ts';

export interface Sweeper {
  /** Runs one sweep over everything that is due now. Also runs every `sweepSeconds`. */
  sweep(): Promise<SweepReport>;
  stop(): Promise<void>;
}

/** How many sessions the sweep ended at their idle and their absolute deadline. */
export interface SweepReport {
  idle: number;
  absolute: number;
}

const BATCH = 1_000;
/** Devices named at a time, and batches of them in one sweep: after an upgrade there may be a million. */
const DEVICE_BATCH = 500;
const DEVICE_BATCHES = 20;
/** The timeout of one batch. */
const BATCH_TIMEOUT_MS = 30_000;
const SECONDS_PER_DAY = 86_400;

/**
 * Stores the end of sessions past a deadline, purges rows older than their retention, and names the devices of rows from
 * before an upgrade. Any number of nodes may sweep
 * at once: each skips rows that another one has locked. A session ends at its deadline, whether swept or not.
 */
export function startSweeper(dependencies: {
  database: Database;
  bus: SessionBus;
  clock: Clock;
  logger: Logger;
  sweepSeconds: number;
  sessionRetentionDays: number;
  /** Starts to apply pending account revocations to their sessions; not awaited. */
  writePendingChanges: () => void;
  /** Starts to erase what is left of deleted users and accounts; not awaited. */
  erasePending: () => void;
  /** Rooms with rows of their own to purge. */
  events: readonly { purgeBatch(limit: number): Promise<number>; tidy(turn: Turn): Promise<void> }[];
}): Sweeper {
  const { database, bus, clock, logger, sweepSeconds, sessionRetentionDays } = dependencies;
  let isStopped = false;

  async function sweep(turn: Turn = unlimited): Promise<SweepReport> {
    const report = { idle: 0, absolute: 0 };
    const mayContinue = (): boolean => !isStopped && turn.isCurrent;
    const tidying: Turn = {
      get isCurrent() {
        return mayContinue();
      },
      advance: () => turn.advance(),
    };
    dependencies.writePendingChanges();
    dependencies.erasePending();
    for (let checked = BATCH; checked === BATCH && mayContinue();) {
      const batch = await expireDueSessions(database.em(), clock.now(), BATCH);
      turn.advance();
      checked = batch.checked;
      for (const { endReason } of batch.expired)
        report[endReason === 'IDLE_TIMEOUT' ? 'idle' : 'absolute'] += 1;
      publishEnds(bus, batch.expired);
    }
    const now = clock.now();
    const before = addSeconds(now, -sessionRetentionDays * SECONDS_PER_DAY);
    await purgeAll(() => purgeSessions(database.em(), before, BATCH));
    await purgeAll(() => purgeAuditEvents(database.em(), now, BATCH));
    await purgeAll(() => purgeUsedFlows(database.em(), now, BATCH));
    await purgeAll(() => purgeFailures(database.em(), now, BATCH));
    for (const room of dependencies.events) {
      await purgeAll(() => room.purgeBatch(BATCH));
      if (mayContinue()) await room.tidy(tidying);
      turn.advance();
    }
    for (let batch = 0; batch < DEVICE_BATCHES && mayContinue(); batch += 1) {
      const named = await database.transaction((em) => nameDevices(em, DEVICE_BATCH));
      turn.advance();
      if (named < DEVICE_BATCH) break;
    }
    if (report.idle + report.absolute > 0) logger.info(report, 'expired sessions past their deadline');
    return report;

    async function purgeAll(purgeBatch: () => Promise<number>): Promise<void> {
      for (let count = BATCH; count === BATCH && mayContinue();) {
        count = await purgeBatch();
        turn.advance();
      }
    }
  }

  const loop = startLoop({
    clock,
    logger,
    everyMs: sweepSeconds * 1000,
    timeoutMs: BATCH_TIMEOUT_MS,
    failure: 'the sweep failed; trying again',
    turn: sweep,
  });

  return {
    sweep: () => sweep(),
    stop() {
      isStopped = true;
      return loop.stop();
    },
  };
}

const unlimited: Turn = { isCurrent: true, advance: () => {} };
