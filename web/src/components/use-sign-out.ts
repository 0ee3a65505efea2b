import { t } from '@lingui/core/macro';
import { useState } from 'react';
import { useSession } from '@curfew/client/react';
import { problemMessage, problemOf } from '../lib/problem.ts';
import { useToast } from './toasts.tsx';

interface SignOut {
  state: 'ready' | 'busy' | 'failed';
  signOut(): void;
}

/** Signs this browser out; the page then goes to the sign-in page. The caller shows a failure. */
export function useSignOut(onFailure?: (error: unknown) => void): SignOut {
  const { watcher } = useSession();
  const [state, setState] = useState<SignOut['state']>('ready');
  return {
    state,
    signOut() {
      if (state === 'busy') return;
      setState('busy');
      watcher.signOut().then(
        () => setState('ready'),
        (error: unknown) => {
          setState('failed');
          onFailure?.(error);
        },
      );
    },
  };
}

/** Signs this browser out and shows a failure as a toast. */
export function useSignOutWithToast(): () => void {
  const showToast = useToast();
  return useSignOut((error) => {
    const reason = problemMessage(problemOf(error));
    showToast(t`You’re still signed in. ${reason}`, 'red');
  }).signOut;
}
