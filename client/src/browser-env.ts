/** What the watcher needs of its surroundings; a test or another runtime hands in its own. */
export interface BrowserEnv {
  /** This computer's clock in milliseconds, right or wrong. */
  now(): number;
  setTimeout(task: () => void, milliseconds: number): unknown;
  clearTimeout(timer: unknown): void;
  fetch: typeof fetch;
  /** Absent: the global WebSocket. */
  webSocketImpl?: unknown;
  /** Shared by the tabs of the origin; holds nothing secret that outlives a renewal. */
  localStorage: KeyValueStore | null;
  /** Of this tab. */
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
  /** With `ifAvailable` the task gets null, at once, where somebody else has the lock. */
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
  /** The page came to the front, back from the cache, or back on line. Returns how to stop listening. */
  onReturn(listener: () => void): () => void;
  /** Somebody typed, clicked or tapped. */
  onActivity(listener: () => void): () => void;
}
