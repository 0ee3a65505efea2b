import { useApolloClient, useMutation } from '@apollo/client/react';
import { useSession } from '@curfew/client/react';
import { useTell } from '../../components/toasts.tsx';
import {
  SessionsEndManyDocument,
  SessionsEndOneDocument,
  SessionsEndPersonDocument,
} from '../../generated/operations.ts';
import { useDeparture } from '../../lib/departure.tsx';
import { outcomeOf, type SignOut } from './sign-out-words.ts';

/** How long the page says what has been done before it gives way to the sign-in. */
const LAST_WORD_MS = 1_500;

/** Carries it out and says so. Rejects when it may not have been done. */
export function useSignOut(): (signOut: SignOut) => Promise<void> {
  const { watcher } = useSession();
  const { hold } = useDeparture();
  const tell = useTell();
  const apollo = useApolloClient();
  const [endOne] = useMutation(SessionsEndOneDocument);
  const [endPerson] = useMutation(SessionsEndPersonDocument);
  const [endMany] = useMutation(SessionsEndManyDocument);

  async function end(signOut: SignOut): Promise<number> {
    switch (signOut.kind) {
      case 'session': {
        const { data } = await endOne({ variables: { sessionId: signOut.session.id } });
        return data!.revokeSession.revokedCount;
      }
      case 'person': {
        const { data } = await endPerson({ variables: { userId: signOut.person.userId } });
        return data!.revokeUserSessions.revokedCount;
      }
      case 'others':
      case 'everyone': {
        const scope = signOut.kind === 'others' ? 'OTHERS' : 'ALL';
        const { data } = await endMany({ variables: { scope } });
        return data!.revokeSessions.revokedCount;
      }
    }
  }

  /** The own session is among them: its end is pushed at once, and is nobody else's doing. */
  async function leaveWith(signOut: SignOut): Promise<void> {
    hold(true);
    const takeBack = watcher.leaving();
    try {
      tell(outcomeOf(signOut, await end(signOut)));
    } catch (error) {
      takeBack();
      hold(false);
      throw error;
    }
    setTimeout(() => {
      watcher.leave();
      hold(false);
    }, LAST_WORD_MS);
  }

  return async (signOut) => {
    if (signOut.kind === 'session' && signOut.session.isCurrent) return watcher.signOut();
    const endsOwn = signOut.kind === 'everyone' || (signOut.kind === 'person' && signOut.person.isViewer);
    if (endsOwn) return leaveWith(signOut);
    tell(outcomeOf(signOut, await end(signOut)));
    // The owner's own change is in the audit trail of the same page.
    void apollo.refetchQueries({ include: ['AuditTrail'] }).catch(() => {});
  };
}
