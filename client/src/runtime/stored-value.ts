import { type KeyValueStore } from '../browser/browser-env.ts';

/** One value in the browser's storage. If storage is full or forbidden, it stores nothing and does not throw. */
export interface StoredValue {
  read(): string | null;
  write(value: string): void;
  clear(): void;
}

export function createStoredValue(store: KeyValueStore | null, key: string): StoredValue {
  function attempt<T>(use: (store: KeyValueStore) => T): T | null {
    try {
      return store && use(store);
    } catch {
      return null;
    }
  }
  return {
    read: () => attempt((store) => store.getItem(key)),
    write: (value) => void attempt((store) => store.setItem(key, value)),
    clear: () => void attempt((store) => store.removeItem(key)),
  };
}
