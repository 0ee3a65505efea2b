import { type KeyValueStore } from '../browser/browser-env.ts';

/** One value in the browser's storage. Where storage is full, denied or missing, this tab remembers it. Never throws. */
export interface StoredValue {
  read(): string | null;
  write(value: string): void;
  clear(): void;
}

export function createStoredValue(store: KeyValueStore | null, key: string): StoredValue {
  /** The value that could not be stored. */
  let remembered: string | null = null;

  function attempt<T>(use: (store: KeyValueStore) => T): T | null {
    try {
      return store && use(store);
    } catch {
      return null;
    }
  }

  return {
    read: () => remembered ?? attempt((store) => store.getItem(key)),
    write(value) {
      const isStored = attempt((store) => {
        store.setItem(key, value);
        return true;
      });
      remembered = isStored ? null : value;
    },
    clear() {
      remembered = null;
      attempt((store) => store.removeItem(key));
    },
  };
}
