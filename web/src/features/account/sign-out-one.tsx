import { useMutation } from '@apollo/client/react';
import { Trans, useLingui } from '@lingui/react/macro';
import { useRef, useState } from 'react';
import { ConfirmDialog } from '../../components/confirm-dialog.tsx';
import { useToast } from '../../components/toasts.tsx';
import {
  AccountRevokeSessionDocument,
  type AccountSessionFragment,
} from '../../generated/account-operations.ts';
import { problemOf, problemMessage } from '../../lib/problem.ts';
import { deviceInWords } from '../../lib/device.ts';

interface SignOutOneProps {
  /** Null while the dialog is closed. */
  session: AccountSessionFragment | null;
  onClose(): void;
  onDone(session: AccountSessionFragment): void;
}

/** Asks for confirmation and signs one other session out. */
export function SignOutOne({ session, onClose, onDone }: SignOutOneProps) {
  const { t } = useLingui();
  const [revokeSession, { loading }] = useMutation(AccountRevokeSessionDocument);
  const [failure, setFailure] = useState<string | null>(null);
  const showToast = useToast();
  // Keeps the text while the dialog fades out.
  const last = useRef(session);
  if (session) last.current = session;
  const device = deviceInWords(last.current?.device ?? null);

  function close() {
    setFailure(null);
    onClose();
  }

  async function signOut() {
    if (!session) return;
    setFailure(null);
    try {
      const { data } = await revokeSession({ variables: { sessionId: session.id } });
      showToast(
        data?.revokeSession.revokedCount === 0
          ? t`${device} was already signed out.`
          : t`${device} was signed out.`,
      );
      onDone(session);
    } catch (error) {
      setFailure(problemMessage(problemOf(error)));
    }
  }

  return (
    <ConfirmDialog
      opened={session !== null}
      title={t`Sign out ${device}?`}
      confirmLabel={t`Sign out`}
      busyLabel={t`Signing out…`}
      isBusy={loading}
      isDangerous
      failure={failure}
      onConfirm={() => void signOut()}
      onClose={close}
    >
      <Trans>That device will be sent to the sign-in page right away. Unsaved work there may be lost.</Trans>
    </ConfirmDialog>
  );
}
