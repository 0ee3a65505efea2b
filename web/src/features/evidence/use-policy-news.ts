import { useEffect } from 'react';
import { useSession } from '@curfew/client/react';
import { useOnReturn } from '../../lib/use-on-return.ts';
import { POLICY_CHANGED } from '../policy-effect/policy-broadcast.ts';

/** Reads again when another tab has saved a policy, and when the user comes back to this one. */
export function usePolicyNews(refetch: () => Promise<unknown>): void {
  const { watcher } = useSession();
  // The query itself carries the error.
  useOnReturn(() => void refetch().catch(() => {}));
  useEffect(
    () =>
      watcher.onMessage(({ kind }) => {
        if (kind === POLICY_CHANGED) refetch().catch(() => {});
      }),
    [watcher, refetch],
  );
}
