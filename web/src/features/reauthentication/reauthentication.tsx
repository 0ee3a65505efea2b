import { useApolloClient } from '@apollo/client/react';
import { useEffect } from 'react';
import { useSession } from '@curfew/client/react';
import { useToast } from '../../components/toasts.tsx';
import { ReauthenticationOptionsDocument } from '../../generated/operations.ts';
import { useConfirmationRequest } from '../../lib/identity-confirmation-context.ts';
import { takeReturnedOutcome } from '../../lib/provider-confirmation.ts';
import { IdentityDialog } from './identity-dialog.tsx';
import { returnedInWords } from './words.ts';

/** The dialog while the user is asked to confirm, and the outcome for one who comes back from a provider in this tab. */
export function Reauthentication() {
  const request = useConfirmationRequest();
  const { user, watcher } = useSession();
  const showToast = useToast();
  const client = useApolloClient();

  // In the last minute there may be no connection.
  useEffect(() => void client.query({ query: ReauthenticationOptionsDocument }).catch(() => {}), [client]);

  useEffect(() => {
    const returned = takeReturnedOutcome();
    if (!returned) return;
    const { session } = watcher.getState();
    const endsAt = session && watcher.toLocal(session.absoluteExpiresAt);
    const { text, tone } = returnedInWords(returned, endsAt, watcher.toLocal(watcher.now()));
    showToast(text, tone);
  }, [watcher, showToast]);

  return request && user && <IdentityDialog request={request} user={user} />;
}
