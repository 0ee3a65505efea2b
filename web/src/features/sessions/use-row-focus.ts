import { type RefObject, useCallback, useEffect, useState } from 'react';

/**
 * Puts the focus on a control of a list's row once it has been drawn: the button that brought the row goes, or moves
 * far down.
 */
export function useRowFocus(list: RefObject<HTMLElement | null>, control: string): (index: number) => void {
  const [wanted, setWanted] = useState<{ index: number } | null>(null);
  useEffect(() => {
    if (wanted) list.current?.children[wanted.index]?.querySelector<HTMLElement>(control)?.focus();
  }, [list, control, wanted]);
  return useCallback((index) => setWanted({ index }), []);
}
