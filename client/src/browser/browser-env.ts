/** The browser as the watcher uses it. Tests and other runtimes provide their own. */
export interface BrowserEnv {
  /** This computer's clock in milliseconds. It may be wrong. */
  now(): number;
  setTimeout(task: () => void, milliseconds: number): unknown;
  clearTimeout(timer: unknown): void;
  fetch: typeof fetch;
  /** Default: the global WebSocket. */
  webSocketImpl?: unknown;
  /** Shared by the tabs of the origin. Holds no secret, only the id of a refresh until its answer has come. */
  localStorage: KeyValueStore | null;
  /** For this tab only. */
  sessionStorage: KeyValueStore | null;
  /** Web Locks; null in an insecure context. */
  locks: LockManager | null;
  openChannel(name: string): TabChannel | null;
  page: PageEvents;
  randomBytes(length: number): Uint8Array;
}

export interface KeyValueStore {
  getItem(key: string): string | null;
  setItem(key: string, value: string): void;
  removeItem(key: string): void;
}

export interface LockManager {
  /** With `ifAvailable` the task gets null at once if the lock is taken. */
  request<T>(
    name: string,
    options: { signal?: AbortSignal; ifAvailable?: boolean },
    task: (lock: object | null) => Promise<T>,
  ): Promise<T>;
}

export interface TabChannel {
  post(message: unknown): void;
  listen(listener: (message: unknown) => void): void;
  close(): void;
}

export interface PageEvents {
  isVisible(): boolean;
  /** Listens to the page coming to the front, back from the cache, or back online. Returns a function that stops. */
  onReturn(listener: () => void): () => void;
  /** Listens to what the user does, such as typing, clicks and taps. Returns a function that stops. */
  onActivity(listener: (activity: UserActivity) => void): () => void;
}

/** What the user does. Reading shows that they are there, but answers no warning. */
export type UserActivity = 'user-active' | 'user-reading';

export type Target = Pick<EventTarget, 'addEventListener'>;
