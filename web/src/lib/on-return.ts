import { useEffect, useEffectEvent } from 'react';

/** Calls back whenever somebody comes to this page again: what they see may have changed meanwhile. */
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

/** For Apollo's `useQuery`: asks twice a minute, but not for a page that nobody sees. */
export const LIVE_ENOUGH = {
  pollInterval: 30_000,
  skipPollAttempt: () => document.visibilityState === 'hidden',
};
