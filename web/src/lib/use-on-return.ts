import { useEffect, useEffectEvent } from 'react';

/** Calls back when the user returns to this page, because its data may be outdated. */
export function useOnReturn(callback: () => void): void {
  const onReturn = useEffectEvent(() => {
    if (document.visibilityState === 'visible') callback();
  });
  useEffect(() => {
    const listener = () => onReturn();
    window.addEventListener('focus', listener);
    document.addEventListener('visibilitychange', listener);
    return () => {
      window.removeEventListener('focus', listener);
      document.removeEventListener('visibilitychange', listener);
    };
  }, []);
}

/** Options for Apollo's `useQuery`: polls twice a minute while the page is visible. */
export const POLL_WHILE_VISIBLE = {
  pollInterval: 30_000,
  skipPollAttempt: () => document.visibilityState === 'hidden',
};
