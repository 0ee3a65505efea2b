const WINDOW_MS = 60_000;
/** Lines per window for one event: from one network, and from anywhere. */
const MAX_PER_SOURCE = 10;
const MAX_PER_EVENT = 300;
/** Networks counted separately. All others of a window are counted together. */
const MAX_SOURCES = 10_000;

/** The number of lines suppressed in a past window. `network` null: from several. */
export interface Suppressed {
  event: string;
  network: string | null;
  count: number;
}

interface Window {
  event: string;
  network: string | null;
  endsAt: number;
  passed: number;
  suppressed: number;
}

/** Keeps a flood out of the log: the first lines of a kind pass, the rest are counted. */
export interface FloodLimit {
  /** Whether this line may be written. @param now in milliseconds */
  admit(event: string, network: string, now: number): boolean;
  /** Returns the counts of past windows, each once. */
  takeSuppressed(now: number): Suppressed[];
}

export function createFloodLimit(): FloodLimit {
  const windows = new Map<string, Window>();

  function windowOf(event: string, network: string | null, now: number): Window {
    const key = `${event} ${network ?? ''}`;
    const known = windows.get(key);
    if (known && known.endsAt > now) return known;
    const created = {
      event,
      network,
      endsAt: now + WINDOW_MS,
      passed: 0,
      suppressed: known?.suppressed ?? 0,
    };
    windows.set(key, created);
    return created;
  }

  return {
    admit(event, network, now) {
      const ofEvent = windowOf(event, null, now);
      const isCounted = windows.has(`${event} ${network}`) || windows.size < MAX_SOURCES;
      const ofSource = isCounted ? windowOf(event, network, now) : ofEvent;
      if (ofSource.passed >= MAX_PER_SOURCE && isCounted) {
        ofSource.suppressed += 1;
        return false;
      }
      if (ofEvent.passed >= MAX_PER_EVENT) {
        ofEvent.suppressed += 1;
        return false;
      }
      ofEvent.passed += 1;
      if (isCounted) ofSource.passed += 1;
      return true;
    },

    takeSuppressed(now) {
      const past = [...windows].filter(([, { endsAt }]) => endsAt <= now);
      for (const [key] of past) windows.delete(key);
      return past
        .filter(([, { suppressed }]) => suppressed > 0)
        .map(([, { event, network, suppressed }]) => ({ event, network, count: suppressed }));
    },
  };
}
