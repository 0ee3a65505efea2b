import { useCallback, useEffect, useRef } from 'react';

/** Mantine returns the focus 10 ms after a dialog has closed, to a menu item that is gone. */
const AFTER_MANTINE_MS = 40;

/** Moves the focus after a dialog has closed, to the button from which it was opened. */
export function useFocusLater(): (selector: string) => void {
  const timer = useRef<number>(undefined);
  useEffect(() => () => window.clearTimeout(timer.current), []);
  return useCallback((selector) => {
    window.clearTimeout(timer.current);
    timer.current = window.setTimeout(
      () => document.querySelector<HTMLElement>(selector)?.focus(),
      AFTER_MANTINE_MS,
    );
  }, []);
}
