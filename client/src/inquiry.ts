import { type BrowserEnv } from './browser-env.ts';
import { type Credentials } from './credentials.ts';
import { type ServerClock } from './server-clock.ts';
import { readSession } from './session-calls.ts';
import { type SessionRecord } from './session-record.ts';
import { type Transitions } from './transitions.ts';
import { RefusedError, type Transport } from './transport.ts';

/** Asks the server about the session. */
export interface Inquiry {
  /** Finds the session of the cookie, or of the application. Resolves when that is known, or cannot be for now. Never rejects. */
  find(): Promise<void>;
  /** Reads the watched session. Never rejects. */
  read(): Promise<void>;
  stop(): void;
}

/** How long the other tabs are given to say what they know. */
const TABS_WITHIN_MS = 100;
const FIRST_RETRY_MS = 1_000;
const LONGEST_RETRY_MS = 30_000;

export function createInquiry(dependencies: {
  env: Pick<BrowserEnv, 'setTimeout' | 'clearTimeout'>;
  record: SessionRecord;
  transitions: Transitions;
  clock: ServerClock;
  credentials: Credentials;
  transport: Transport;
  isRunning(): boolean;
  /** Null: they are not asked, for the application knows better who is signed in. */
  askTabs: (() => void) | null;
  onAnswer(): void;
  onUnreachable(): void;
  onRefused(error: RefusedError, sessionId: string): void;
}): Inquiry {
  const { env, record, transitions, clock, credentials, transport } = dependencies;
  const { isRunning, askTabs, onAnswer, onUnreachable, onRefused } = dependencies;
  const { facts } = record;
  let finding: Promise<void> | null = null;
  let failures = 0;
  let retry: unknown;
  let stopAskingTabs = (): void => {};

  const isLooking = (): boolean => facts.status === 'starting' && isRunning();

  async function hearTabs(): Promise<void> {
    if (!askTabs) return;
    const heard = new Promise<void>((done) => {
      const timer = env.setTimeout(done, TABS_WITHIN_MS);
      const unsubscribe = record.subscribe(() => void (isLooking() || stopAskingTabs()));
      stopAskingTabs = () => {
        env.clearTimeout(timer);
        unsubscribe();
        done();
      };
    });
    askTabs();
    await heard;
    stopAskingTabs();
  }

  async function look(): Promise<void> {
    env.clearTimeout(retry);
    if (failures === 0) await hearTabs();
    if (!isLooking()) return;
    try {
      await credentials.renew({ userActive: false });
    } catch {
      // A refusal has been dealt with; whatever else it was, it may be over by then.
      if (!isLooking()) return;
      failures += 1;
      const pause = Math.min(LONGEST_RETRY_MS, FIRST_RETRY_MS * 2 ** (failures - 1));
      retry = env.setTimeout(() => void find(), pause);
    }
  }

  async function find(): Promise<void> {
    if (!isLooking()) return;
    if (!finding) {
      const mine = look().finally(() => {
        if (finding === mine) finding = null;
      });
      finding = mine;
    }
    await finding;
  }

  /** Also when the token turns out to be too old: a renewal brings the same answer and a new token. */
  async function readOrRenew(token: string | null): Promise<void> {
    if (token !== null) {
      const sessionId = facts.session?.id ?? '';
      try {
        const { data, sentAt, receivedAt } = await readSession(transport, token);
        const knownAt = Date.parse(data.serverTime);
        clock.measure(knownAt, sentAt, receivedAt);
        transitions.learn(data.currentSession, knownAt);
        return;
      } catch (error) {
        if (!(error instanceof RefusedError)) throw error;
        onRefused(error, sessionId);
        if (!transitions.hasSession()) return;
      }
    }
    await credentials.renew({ userActive: false });
  }

  return {
    find,
    async read() {
      if (isLooking()) return find();
      if (!transitions.hasSession()) return;
      try {
        await readOrRenew(credentials.token);
        if (transitions.hasSession()) onAnswer();
      } catch {
        if (transitions.hasSession()) onUnreachable();
      }
    },
    stop() {
      env.clearTimeout(retry);
      stopAskingTabs();
      finding = null;
      failures = 0;
    },
  };
}
