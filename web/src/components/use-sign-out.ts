import { useSession } from '@curfew/client/react';
import { useTell } from './toasts.tsx';
import { problemOf, sentenceFor } from '../lib/problem.ts';

/** Signs this browser out; says so where that failed. */
export function useSignOut(): () => void {
  const { watcher } = useSession();
  const tell = useTell();
  return () =>
    void watcher
      .signOut()
      .catch((error: unknown) => tell(`You are still signed in. ${sentenceFor(problemOf(error))}`, 'red'));
}
