import { useState } from 'react';
import { flushSync } from 'react-dom';
import { partNotLoaded } from '../lib/problem.ts';
import { useToast } from './toasts.tsx';

interface OnDemand<T> {
  /** Null: not loaded yet. */
  loaded: T | null;
  /** Resolves to whether it is there, and rendered once. A failure is a toast. */
  load(): Promise<boolean>;
}

/**
 * A part of the page that few visits need, loaded when it is asked for: a dialog that asks the server anyway. Without a
 * network it says so, and the page stays.
 */
export function useOnDemand<T>(source: () => Promise<T>): OnDemand<T> {
  const showToast = useToast();
  const [loaded, setLoaded] = useState<{ part: T } | null>(null);
  return {
    loaded: loaded?.part ?? null,
    async load() {
      if (loaded) return true;
      try {
        const part = await source();
        // Rendered closed before it opens: only then can a dialog return the focus to where it was.
        flushSync(() => setLoaded({ part }));
        return true;
      } catch {
        showToast(partNotLoaded(), 'red');
        return false;
      }
    },
  };
}
