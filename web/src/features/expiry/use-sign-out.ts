import { useState } from 'react';
import { useSession } from '@curfew/client/react';

interface SignOut {
  state: 'ready' | 'busy' | 'failed';
  signOut(): void;
}

/** Signs out; the page then gives way to the sign-in by itself. */
export function useSignOut(): SignOut {
  const { watcher } = useSession();
  const [state, setState] = useState<SignOut['state']>('ready');
  return {
    state,
    signOut() {
      if (state === 'busy') return;
      setState('busy');
      watcher.signOut().then(
        () => setState('ready'),
        () => setState('failed'),
      );
    },
  };
}
