import { setTimeout as pause } from 'node:timers/promises';
import { createWorkQueue } from '../background/work-queue.ts';
import type { Logger } from '../logger.ts';
import type { MailOutcome } from '../metrics/metrics.ts';
import type { MailKind } from './mail.ts';
import { explainFailure, type Deliver, type Envelope } from './smtp-transport.ts';

export interface MailQueue {
  /** False: the queue is full, or stopping. */
  add(kind: MailKind, mail: Envelope): boolean;
  /**
   * Tries once more what is waiting, and resolves when nothing is left, or after `timeoutMs`. What is left then is counted as
   * dropped and logged.
   */
  stop(timeoutMs: number): Promise<void>;
}

/** Waits before the second and every later attempt: half an hour in all, which outlasts greylisting. */
const RETRY_DELAYS_MS = [2_000, 15_000, 60_000, 5 * 60_000, 10 * 60_000, 15 * 60_000];
/** At a time, so that a burst of invitations opens no hundred connections. */
const MAX_ACTIVE = 4;
const MAX_WAITING = 5_000;

interface Waiting {
  kind: MailKind;
  mail: Envelope;
  attempts: number;
}

/**
 * Sends mails in the order in which they came, a few at a time, and again after a failure that may pass. In memory only: a mail
 * has a link whose token is stored nowhere. What a restart loses is counted and logged; an owner can make a new link.
 */
export function createMailQueue({
  deliver,
  logger,
  count,
  retryDelaysMs = RETRY_DELAYS_MS,
  maxWaiting = MAX_WAITING,
}: {
  deliver: Deliver;
  logger: Logger;
  count: (kind: MailKind, outcome: MailOutcome) => void;
  retryDelaysMs?: readonly number[];
  maxWaiting?: number;
}): MailQueue {
  const ready = createWorkQueue(MAX_ACTIVE);
  const delayed = new Map<Waiting, NodeJS.Timeout>();
  /** Taken, and neither sent nor given up. */
  const open = new Set<Waiting>();
  let isStopping = false;

  const log = { part: 'mail' };

  async function attempt(waiting: Waiting): Promise<void> {
    const { kind, mail } = waiting;
    waiting.attempts += 1;
    try {
      await deliver(mail);
      if (open.delete(waiting)) count(kind, 'sent');
    } catch (error) {
      // The process ends, and it was reported.
      if (!open.has(waiting)) return;
      const { isFinal, ...failure } = explainFailure(error);
      const seen = { ...log, kind, attempts: waiting.attempts, ...failure };
      const delayMs = isFinal || isStopping ? undefined : retryDelaysMs[waiting.attempts - 1];
      if (delayMs === undefined) {
        open.delete(waiting);
        count(kind, 'failed');
        logger.error(seen, 'a mail was not sent; the person needs a new link');
        return;
      }
      count(kind, 'delayed');
      logger.warn({ ...seen, againInSeconds: delayMs / 1000 }, 'a mail could not be sent; it is tried again');
      delayed.set(
        waiting,
        setTimeout(() => makeReady(waiting), delayMs),
      );
    }
  }

  function reportLost(): void {
    if (open.size === 0) return;
    for (const { kind } of open) count(kind, 'dropped');
    logger.error(
      { ...log, mails: open.size },
      'mails were not sent before Curfew stopped; these people need a new link',
    );
    open.clear();
  }

  function makeReady(waiting: Waiting): void {
    clearTimeout(delayed.get(waiting));
    delayed.delete(waiting);
    ready.add(() => attempt(waiting));
  }

  return {
    add(kind, mail) {
      if (isStopping || open.size >= maxWaiting) {
        count(kind, 'dropped');
        logger.error({ ...log, kind }, 'a mail was not taken: too many are waiting, or Curfew is stopping');
        return false;
      }
      const waiting = { kind, mail, attempts: 0 };
      open.add(waiting);
      makeReady(waiting);
      return true;
    },

    async stop(timeoutMs) {
      isStopping = true;
      for (const waiting of [...delayed.keys()]) makeReady(waiting);
      const timeout = new AbortController();
      await Promise.race([
        ready.idle(),
        pause(timeoutMs, undefined, { signal: timeout.signal }).catch(() => {}),
      ]);
      timeout.abort();
      reportLost();
    },
  };
}
