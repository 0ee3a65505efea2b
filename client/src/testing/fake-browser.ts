import { type BrowserEnv, type KeyValueStore, type UserActivity } from '../browser/browser-env.ts';

type Listener = () => void;

/** A tab: the environment of a watcher, and the actions of its user. */
export interface FakeTab {
  env: Partial<BrowserEnv>;
  /** Types, clicks or taps. */
  act(): void;
  hide(): void;
  /** Brings the tab to the front, or the computer back online. */
  comeBack(): void;
  readonly listeners: number;
  readonly session: Map<string, string>;
}

/** A browser with a clock that the test moves, and tabs that share storage, locks and channels. */
export function createFakeBrowser(start = Date.parse('2026-03-01T09:00:00.000Z')) {
  let time = start;
  let clockError = 0;
  let order = 0;
  const timers = new Map<number, { due: number; task: () => void }>();
  const stored = new Map<string, string>();
  const channels = new Set<{ name: string; tab: object; listener: (message: unknown) => void }>();
  const queues = new Map<string, Promise<unknown>>();
  const waiting = new Map<string, number>();
  let held = 0;
  const faults = { losesMessages: false, messagesTakeMs: 0 };
  /** Every message of a channel and every stored value, even if removed since. */
  const shown: string[] = [];

  const storage = (values: Map<string, string>): KeyValueStore => ({
    getItem: (key) => values.get(key) ?? null,
    setItem(key, value) {
      shown.push(`${key} ${value}`);
      values.set(key, value);
    },
    removeItem: (key) => void values.delete(key),
  });

  const locks: BrowserEnv['locks'] = {
    async request(name, { signal, ifAvailable }, task) {
      if (ifAvailable && waiting.get(name)) return task(null);
      waiting.set(name, (waiting.get(name) ?? 0) + 1);
      const before = queues.get(name) ?? Promise.resolve();
      let release = (): void => {};
      const mine = new Promise<void>((done) => (release = done));
      queues.set(
        name,
        before.then(() => mine),
      );
      const aborted = new Promise<never>((_, reject) =>
        signal?.addEventListener('abort', () => reject(new DOMException('Aborted', 'AbortError'))),
      );
      aborted.catch(() => {});
      try {
        await Promise.race([before, aborted]);
        held += 1;
        return await task({}).finally(() => (held -= 1));
      } finally {
        waiting.set(name, (waiting.get(name) ?? 1) - 1);
        release();
      }
    },
  };

  function schedule(task: () => void, milliseconds: number): number {
    const id = (order += 1);
    timers.set(id, { due: time + Math.max(0, milliseconds), task });
    return id;
  }

  async function runDue(target: number): Promise<void> {
    for (;;) {
      let next: { id: number; due: number; task: () => void } | null = null;
      for (const [id, timer] of timers)
        if (timer.due <= target && (!next || timer.due < next.due)) next = { id, ...timer };
      if (!next) return;
      timers.delete(next.id);
      time = Math.max(time, next.due);
      next.task();
      await settle();
    }
  }

  return {
    /** The true time, which is the server's. */
    now: () => time,
    stored,
    /** Everything that a script of the origin could have read from channels and storage. */
    shown,
    faults,
    get pendingTimers() {
      return timers.size;
    },
    get openChannels() {
      return channels.size;
    },
    get heldLocks() {
      return held;
    },
    /** Lets time pass and runs the timers that fall due, in order. */
    async advance(milliseconds: number): Promise<void> {
      const target = time + milliseconds;
      await settle();
      await runDue(target);
      time = target;
      await settle();
    },
    /** Lets time pass while the computer sleeps. `advance` runs what fell due. */
    sleep(milliseconds: number): void {
      time += milliseconds;
    },
    /** Sets the error of the computer's clock, in milliseconds. */
    setClock(error: number): void {
      clockError = error;
    },
    openTab({ fetch, webSocketImpl, hasLocks = true }: TabOptions): FakeTab {
      const tab = {};
      const session = new Map<string, string>();
      const onReturn = new Set<Listener>();
      const onActivity = new Set<(activity: UserActivity) => void>();
      let isVisible = true;
      const listen = <T>(listeners: Set<T>, listener: T) => {
        listeners.add(listener);
        return () => void listeners.delete(listener);
      };
      return {
        session,
        get listeners() {
          return onReturn.size + onActivity.size;
        },
        act: () => onActivity.forEach((listener) => listener('user-active')),
        hide: () => void (isVisible = false),
        comeBack() {
          isVisible = true;
          onReturn.forEach((listener) => listener());
        },
        env: {
          now: () => time + clockError,
          setTimeout: schedule,
          clearTimeout: (timer) => void timers.delete(timer as number),
          fetch,
          webSocketImpl,
          localStorage: storage(stored),
          sessionStorage: storage(session),
          locks: hasLocks ? locks : null,
          openChannel(name) {
            const channel = { name, tab, listener: (_message: unknown) => {} };
            channels.add(channel);
            return {
              post(message) {
                shown.push(JSON.stringify(message));
                if (faults.losesMessages) return;
                const copy: unknown = structuredClone(message);
                const deliver = (): void => {
                  for (const other of channels)
                    if (other.name === name && other.tab !== tab) other.listener(copy);
                };
                if (faults.messagesTakeMs > 0) schedule(deliver, faults.messagesTakeMs);
                else queueMicrotask(deliver);
              },
              listen: (listener) => void (channel.listener = listener),
              close: () => void channels.delete(channel),
            };
          },
          page: {
            isVisible: () => isVisible,
            onReturn: (listener) => listen(onReturn, listener),
            onActivity: (listener) => listen(onActivity, listener),
          },
          randomBytes: (length) => crypto.getRandomValues(new Uint8Array(length)),
        },
      };
    },
  };
}

export type FakeBrowser = ReturnType<typeof createFakeBrowser>;

interface TabOptions {
  fetch: typeof fetch;
  webSocketImpl?: unknown;
  /** False: an insecure context. */
  hasLocks?: boolean;
}

/** Waits until everything is done that does not wait for time. */
export async function settle(): Promise<void> {
  for (let turn = 0; turn < 4; turn += 1) await new Promise((done) => setImmediate(done));
}
