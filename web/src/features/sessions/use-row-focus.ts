import { type RefObject, useCallback, useEffect, useState } from 'react';

/** Focuses a control of a row after it has rendered: the button that loaded the row disappears or moves far down. */
export function useRowFocus(list: RefObject<HTMLElement | null>, control: string): (index: number) => void {
  const [wanted, setWanted] = useState<{ index: number } | null>(null);
  useEffect(() => {
    if (wanted) list.current?.children[wanted.index]?.querySelector<HTMLElement>(control)?.focus();
  }, [list, control, wanted]);
  return useCallback((index) => setWanted({ index }), []);
}
