import { useCallback } from 'react';
import { useSession } from '@curfew/client/react';
import { useToast } from '../../components/toasts.tsx';
import { confirmedInWords } from '../../lib/confirmed-in-words.ts';
import { useIdentityConfirmation } from '../../lib/identity-confirmation-context.ts';

/** Asks the user to confirm that it is them, which moves the absolute deadline, and says until when. */
export function useConfirmDeadline(): (options?: { isUnasked?: boolean }) => void {
  const confirmation = useIdentityConfirmation();
  const { watcher } = useSession();
  const showToast = useToast();
  return useCallback(
    (options) => {
      confirmation.ask({ kind: 'deadline' }, options).then(
        () => {
          const { session } = watcher.getState();
          const endsAt = session && watcher.toLocal(session.absoluteExpiresAt);
          showToast(confirmedInWords(endsAt, watcher.toLocal(watcher.now())));
        },
        // Not now, or the session is over: the user knows.
        () => {},
      );
    },
    [confirmation, watcher, showToast],
  );
}
