import { useEffect, useEffectEvent, useRef } from 'react';
import type { Selection } from './use-selection.ts';

/**
 * Takes sessions out of the selection that have ended or are no longer shown: what is signed out is what can be seen.
 * `ids` are those of a list that can be chosen.
 */
export function useSelectableRows(ids: readonly string[], { drop }: Selection): void {
  const shown = useRef<readonly string[]>([]);
  const key = JSON.stringify(ids);
  useEffect(() => {
    const current = JSON.parse(key) as string[];
    drop(shown.current.filter((id) => !current.includes(id)));
    shown.current = current;
  }, [key, drop]);
  const leave = useEffectEvent(() => drop(shown.current));
  useEffect(() => () => leave(), []);
}
