import { useCallback, useEffect, useRef } from 'react';

/**
 * Returns a function that calls back at once or, while a mouse button is down, after the click. A field loses the focus
 * with the press: an error that appeared then would move the page, and the click would miss its target.
 */
export function useAfterClick(): (callback: () => void) => void {
  const isDown = useRef(false);
  const waiting = useRef<(() => void)[]>([]);

  useEffect(() => {
    const press = () => {
      isDown.current = true;
    };
    const release = () => {
      isDown.current = false;
      const callbacks = waiting.current.splice(0);
      // The click comes right after the release.
      setTimeout(() => callbacks.forEach((callback) => callback()));
    };
    window.addEventListener('mousedown', press, true);
    window.addEventListener('mouseup', release, true);
    return () => {
      window.removeEventListener('mousedown', press, true);
      window.removeEventListener('mouseup', release, true);
    };
  }, []);

  return useCallback((callback) => {
    if (isDown.current) waiting.current.push(callback);
    else callback();
  }, []);
}
