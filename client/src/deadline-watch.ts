import { type BrowserEnv } from './browser-env.ts';
import { hasPassed, nextMoment } from './expiry-state.ts';
import { createHeartbeat } from './heartbeat.ts';
import { type ServerClock } from './server-clock.ts';
import { SERVER_FIRST_MS, type SessionRecord } from './session-record.ts';

/** Lets time take effect on what is known. */
export interface DeadlineWatch {
  /** What is known has changed: looks again when the next thing falls due. */
  plan(): void;
  /** The server cannot be asked: draws the conclusion from what is known. */
  judge(): void;
  stop(): void;
}

/** A deadline that has passed by our clock and not by the server's is asked about again. */
const ASK_AGAIN_MS = 1_000;

export function createDeadlineWatch(dependencies: {
  env: Pick<BrowserEnv, 'now' | 'setTimeout' | 'clearTimeout'>;
  record: SessionRecord;
  clock: ServerClock;
  hasSession(): boolean;
  /** A deadline has passed by our clock. */
  onPassed(): void;
  /** Time did not pass as usual: the computer slept, or its clock was set. */
  onSleep(): void;
  /** The absolute deadline has passed, which nothing can have moved later. */
  onExpired(): void;
}): DeadlineWatch {
  const { env, record, clock, hasSession, onPassed, onSleep, onExpired } = dependencies;
  const { facts } = record;

  const heartbeat = createHeartbeat(env, (isLate) => {
    if (isLate) onSleep();
    record.review();
    if (isPast()) onPassed();
  });

  /** Past the deadline that decides: of a session that could not be confirmed only the absolute one is left. */
  function isPast(): boolean {
    const { session, status } = facts;
    if (!session) return false;
    if (status === 'unconfirmed') return session.absoluteExpiresAt <= clock.now();
    return status === 'active' && hasPassed(session, clock.now());
  }

  return {
    plan() {
      const { session, connection } = facts;
      if (!session || !hasSession()) return heartbeat.stop();
      if (isPast()) return heartbeat.plan(env.now() + ASK_AGAIN_MS);
      const next = nextMoment(session, clock.now(), connection === 'live' ? SERVER_FIRST_MS : 0);
      heartbeat.plan(next === null ? null : clock.toLocal(next).getTime());
    },
    judge() {
      const { session } = facts;
      if (!session || !isPast()) return;
      if (session.absoluteExpiresAt <= clock.now()) onExpired();
      else record.change({ status: 'unconfirmed' });
    },
    stop: heartbeat.stop,
  };
}
