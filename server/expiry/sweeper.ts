import { addSeconds, type Clock } from '../clock.ts';
import { forgetAuditEvents } from '../audit/audit.ts';
import type { Database } from '../database/orm.ts';
import type { Logger } from '../logger.ts';
import { forgetSessions, sweepSessions } from '../sessions/session.endings.ts';
import { forgetUsedFlows } from '../sign-in/oidc/used-flows.ts';
import { announce, type SessionBus } from './session-bus.ts';

export interface Sweeper {
  /** One round: everything that is due now. Runs by itself every `sweepSeconds`. */
  sweep(): Promise<SweepReport>;
  stop(): Promise<void>;
}

export interface SweepReport {
  idle: number;
  absolute: number;
}

const BATCH = 1_000;
const SECONDS_PER_DAY = 86_400;

/**
 * Marks sessions past a deadline, and forgets what is older than its retention. Any number of nodes may sweep at
 * once: each skips the rows that another one holds. A session is over at its deadline, swept or not.
 */
export function startSweeper(dependencies: {
  database: Database;
  bus: SessionBus;
  clock: Clock;
  logger: Logger;
  sweepSeconds: number;
  sessionRetentionDays: number;
  /** Begins to mark what ended with very many others; not waited for. */
  markEndings: () => void;
  onSwept: (report: SweepReport) => void;
}): Sweeper {
  const { database, bus, clock, logger, sweepSeconds, sessionRetentionDays, markEndings, onSwept } =
    dependencies;
  let isStopped = false;
  let running: Promise<unknown> = Promise.resolve();

  async function sweep(): Promise<SweepReport> {
    const report = { idle: 0, absolute: 0 };
    markEndings();
    for (let checked = BATCH; checked === BATCH && !isStopped;) {
      const batch = await sweepSessions(database.em(), clock.now(), BATCH);
      checked = batch.checked;
      for (const { endReason } of batch.expired)
        report[endReason === 'IDLE_TIMEOUT' ? 'idle' : 'absolute'] += 1;
      announce(bus, 'ENDED', batch.expired);
    }
    await forget();
    if (report.idle + report.absolute > 0) logger.info(report, 'ended sessions past their deadline');
    onSwept(report);
    return report;
  }

  async function forget(): Promise<void> {
    const now = clock.now();
    const before = addSeconds(now, -sessionRetentionDays * SECONDS_PER_DAY);
    while (!isStopped && (await forgetSessions(database.em(), before, BATCH)) === BATCH);
    while (!isStopped && (await forgetAuditEvents(database.em(), now, BATCH)) === BATCH);
    while (!isStopped && (await forgetUsedFlows(database.em(), now, BATCH)) === BATCH);
  }

  const schedule = (): (() => void) =>
    clock.after(sweepSeconds * 1000, () => {
      running = sweep()
        .catch((error: unknown) => logger.warn({ err: error }, 'the sweep failed; trying again'))
        .finally(() => {
          if (!isStopped) cancel = schedule();
        });
    });
  let cancel = schedule();

  return {
    sweep,
    async stop() {
      isStopped = true;
      cancel();
      await running;
    },
  };
}
