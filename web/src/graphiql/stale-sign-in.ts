let isStale = false;
const listeners = new Set<() => void>();

/** Whether the last operation needs a newer sign-in, so that the status line asks for the password. */
export const staleSignIn = {
  get: () => isStale,
  set(next: boolean): void {
    isStale = next;
    for (const listener of listeners) listener();
  },
  subscribe(listener: () => void): () => void {
    listeners.add(listener);
    return () => listeners.delete(listener);
  },
};
