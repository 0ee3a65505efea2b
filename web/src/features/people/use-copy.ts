import { useState } from 'react';

/** `refused`: the browser lets pages copy only over HTTPS, or was told not to. */
export type CopyState = 'idle' | 'copied' | 'refused';

export function useCopy(): { state: CopyState; copy(text: string): Promise<CopyState>; reset(): void } {
  const [state, setState] = useState<CopyState>('idle');
  return {
    state,
    async copy(text) {
      let next: CopyState;
      try {
        await navigator.clipboard.writeText(text);
        next = 'copied';
      } catch {
        next = 'refused';
      }
      setState(next);
      return next;
    },
    reset: () => setState('idle'),
  };
}
