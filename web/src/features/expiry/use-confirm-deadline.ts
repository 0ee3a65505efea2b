import { useCallback, useEffect, useRef } from 'react';
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

/** Asks once, on its own, for a deadline of which the last minute has begun. Null: none has. */
export function useLastMinuteConfirmation(deadline: number | null): void {
  const confirmDeadline = useConfirmDeadline();
  const asked = useRef<number | null>(null);
  useEffect(() => {
    if (deadline === null || asked.current === deadline) return;
    asked.current = deadline;
    confirmDeadline({ isUnasked: true });
  }, [deadline, confirmDeadline]);
}
