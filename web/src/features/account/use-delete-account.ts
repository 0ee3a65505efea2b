import { useMutation } from '@apollo/client/react';
import { useSession } from '@curfew/client/react';
import { AccountDeleteDocument } from '../../generated/account-operations.ts';
import { useDeferredRedirect } from '../../lib/deferred-redirect.tsx';
import { useIdentityConfirmation } from '../../lib/identity-confirmation-context.ts';
import { forgetSignIn } from '../../lib/last-sign-in.ts';
import { WITHOUT_CONFIRMATION, withConfirmation } from '../../lib/sensitive-operation.ts';

/** Deletes the account and goes to the sign-in page, which says so. Rejects when it may not have been deleted. */
export function useDeleteAccount(): (confirmName: string) => Promise<void> {
  const { watcher } = useSession();
  const { defer } = useDeferredRedirect();
  const confirmation = useIdentityConfirmation();
  const [deleteAccount] = useMutation(AccountDeleteDocument, { context: WITHOUT_CONFIRMATION });

  async function attempt(confirmName: string): Promise<void> {
    // The end of the own session is pushed at once; the page must not present it as the decision of another.
    defer(true);
    const undo = watcher.expectSignOut();
    try {
      await deleteAccount({ variables: { confirmName } });
    } catch (error) {
      undo();
      defer(false);
      throw error;
    }
  }

  return async (confirmName) => {
    await withConfirmation(confirmation, () => attempt(confirmName));
    watcher.leave();
    // The sign-in page would fill in an e-mail that no longer exists.
    forgetSignIn();
    // A new document: the redirect of a session that is over would give no reason. It stays deferred until then.
    location.replace('/login?reason=account_deleted');
  };
}
