import { useApolloClient, useMutation } from '@apollo/client/react';
import { useSession } from '@curfew/client/react';
import { useToast } from '../../components/toasts.tsx';
import {
  SessionsRevokeManyDocument,
  SessionsRevokeOneDocument,
  SessionsRevokePersonDocument,
  SessionsRevokeSelectedDocument,
} from '../../generated/sessions-operations.ts';
import { useDeferredRedirect } from '../../lib/deferred-redirect.tsx';
import { useIdentityConfirmation } from '../../lib/identity-confirmation-context.ts';
import { WITHOUT_CONFIRMATION, withConfirmation } from '../../lib/sensitive-operation.ts';
import { includesOwnSession, resultMessage, type SignOutTarget } from './sign-out-messages.ts';

/** Time to read the result before the page goes to the sign-in page. */
const REDIRECT_DELAY_MS = 1_500;

/** Ids that the server takes in one call. */
const MAX_SELECTED = 100;

/** In parts that the server takes. */
const inParts = (ids: readonly string[]): string[][] =>
  Array.from({ length: Math.ceil(ids.length / MAX_SELECTED) }, (_, part) =>
    ids.slice(part * MAX_SELECTED, (part + 1) * MAX_SELECTED),
  );

/** Revokes sessions and shows the result. Rejects when the revocation may have failed. */
export function useRevokeSessions(): (target: SignOutTarget) => Promise<void> {
  const { watcher } = useSession();
  const { defer } = useDeferredRedirect();
  const showToast = useToast();
  const apollo = useApolloClient();
  const [revokeOne] = useMutation(SessionsRevokeOneDocument);
  const [revokeSelected] = useMutation(SessionsRevokeSelectedDocument);
  const [revokePerson] = useMutation(SessionsRevokePersonDocument);
  // Asked here, around what is announced of the own session.
  const [revokeMany] = useMutation(SessionsRevokeManyDocument, { context: WITHOUT_CONFIRMATION });
  const confirmation = useIdentityConfirmation();

  async function revoke(target: SignOutTarget): Promise<number> {
    switch (target.kind) {
      case 'session': {
        const { data } = await revokeOne({ variables: { sessionId: target.session.id } });
        return data!.revokeSession.revokedCount;
      }
      case 'selected': {
        let revokedCount = 0;
        // The page could end no more of them after its own.
        const ownLast = target.selected.toSorted(
          (one, other) => Number(one.session.isCurrent) - Number(other.session.isCurrent),
        );
        for (const sessionIds of inParts(ownLast.map(({ session }) => session.id))) {
          const { data } = await revokeSelected({ variables: { sessionIds } });
          revokedCount += data!.revokeSelectedSessions.revokedCount;
        }
        return revokedCount;
      }
      case 'person': {
        const { data } = await revokePerson({ variables: { userId: target.person.userId } });
        return data!.revokeUserSessions.revokedCount;
      }
      case 'others':
      case 'everyone': {
        const scope = target.kind === 'others' ? 'OTHERS' : 'ALL';
        const { data } = await revokeMany({ variables: { scope } });
        return data!.revokeSessions.revokedCount;
      }
    }
  }

  /** The server pushes the end of the own session at once; the page must not report it as the decision of another. */
  async function revokeIncludingOwn(target: SignOutTarget): Promise<void> {
    defer(true);
    const undo = watcher.expectSignOut();
    try {
      showToast(resultMessage(target, await revoke(target)));
    } catch (error) {
      undo();
      defer(false);
      throw error;
    }
    setTimeout(() => {
      watcher.leave();
      defer(false);
    }, REDIRECT_DELAY_MS);
  }

  return async (target) => {
    if (target.kind === 'session' && target.session.isCurrent) return watcher.signOut();
    if (includesOwnSession(target)) return withConfirmation(confirmation, () => revokeIncludingOwn(target));
    showToast(resultMessage(target, await withConfirmation(confirmation, () => revoke(target))));
    // The audit trail shows the owner's own change.
    void apollo.refetchQueries({ include: ['AuditTrail'] }).catch(() => {});
  };
}
