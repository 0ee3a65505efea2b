/**
 * Texts in the browser's storage. Never throws: where storage is denied or full, nothing is stored and nothing is found.
 */
export interface BrowserStorage {
  get(key: string): string | null;
  /** A value that does not fit removes the one before, which is outdated. */
  set(key: string, value: string): void;
  remove(key: string): void;
  keys(): string[];
}

/** For this tab. */
export const tabStorage = storageOf(() => sessionStorage);
/** For all tabs, and for later visits. */
export const browserStorage = storageOf(() => localStorage);

/** @param open called for each access: the property itself throws where storage is denied */
export function storageOf(open: () => Storage): BrowserStorage {
  const attempt = <T>(access: (storage: Storage) => T, otherwise: T): T => {
    try {
      return access(open());
    } catch {
      return otherwise;
    }
  };
  return {
    get: (key) => attempt((storage) => storage.getItem(key), null),
    set(key, value) {
      const isStored = attempt((storage) => (storage.setItem(key, value), true), false);
      if (!isStored) this.remove(key);
    },
    remove: (key) => attempt((storage) => storage.removeItem(key), undefined),
    keys: () => attempt((storage) => Object.keys(storage), []),
  };
}

/** A stored value. Null: there is none, or it is no JSON. */
export function readJson(storage: BrowserStorage, key: string): unknown {
  try {
    return JSON.parse(storage.get(key) ?? 'null');
  } catch {
    return null;
  }
}
