import { type BrowserEnv } from './browser-env.ts';
import { type SessionRecord } from './session-record.ts';

/** Sends what somebody does on the page as activity in the session, now and then, and loses none that still counts. */
export interface Activity {
  /** The server knows of activity at this moment, whoever told it. Milliseconds on this computer's clock. */
  known(at: number): void;
  /** The server can be reached again: what could not be sent is sent now. */
  flush(): void;
  stop(): void;
}

const LONGEST_INTERVAL_MS = 60_000;

export function createActivity(dependencies: {
  env: Pick<BrowserEnv, 'now' | 'setTimeout' | 'clearTimeout' | 'page'>;
  record: SessionRecord;
  hasSession(): boolean;
  /** Resolves to whether the server has heard of it. */
  send(): Promise<boolean>;
}): Activity {
  const { env, record, hasSession, send } = dependencies;
  const { facts } = record;
  /** The latest activity that the server has not heard of. */
  let unsent: number | null = null;
  let sentAt = -Infinity;
  let timer: unknown = null;
  let isSending = false;

  /** In sight, and not while a warning waits for an explicit answer. */
  const isCounting = (): boolean =>
    facts.status === 'active' && facts.raised?.reason !== 'IDLE' && env.page.isVisible();

  /** At least twice between the start of the idle limit and its warning. */
  function intervalMs(): number {
    const { idleMinutes = 0, idleWarningSeconds = 0 } = facts.session ?? {};
    return Math.min(LONGEST_INTERVAL_MS, (idleMinutes * 60_000 - idleWarningSeconds * 1000) / 2);
  }

  /**
   * The server takes it for activity of now. What is older than it may have to wait, such as from before the computer
   * slept, would lengthen the session by that age; and a notice that is up waits for an explicit answer.
   */
  const isWorthSending = (at: number): boolean =>
    hasSession() && facts.raised?.reason !== 'IDLE' && env.now() - at <= 2 * intervalMs();

  function schedule(): void {
    if (unsent === null || timer !== null || isSending) return;
    // The clock may have been set back: then nothing is waited for.
    const passed = Math.abs(env.now() - sentAt);
    const pause = Math.max(0, intervalMs() - passed);
    if (pause === 0) void deliver();
    else
      timer = env.setTimeout(() => {
        timer = null;
        void deliver();
      }, pause);
  }

  async function deliver(): Promise<void> {
    if (unsent === null || isSending) return;
    const at = unsent;
    unsent = null;
    if (!isWorthSending(at)) return;
    isSending = true;
    sentAt = env.now();
    const isHeard = await send();
    isSending = false;
    if (!isHeard) unsent ??= at;
    // Done while it was under way; what failed waits for a connection, or for more of it.
    else schedule();
  }

  const stopListening = env.page.onActivity(() => {
    if (!isCounting()) return;
    unsent = env.now();
    schedule();
  });

  return {
    known(at) {
      sentAt = Math.max(sentAt, at);
      if (unsent !== null && unsent <= at) unsent = null;
    },
    flush() {
      if (timer === null) void deliver();
    },
    stop() {
      stopListening();
      env.clearTimeout(timer);
      timer = null;
      unsent = null;
    },
  };
}
