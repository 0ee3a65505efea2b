import { useMutation } from '@apollo/client/react';
import { useRef, useState } from 'react';
import { ConfirmDialog } from '../../components/confirm-dialog.tsx';
import { useTell } from '../../components/toasts.tsx';
import { AccountEndSessionDocument, type AccountSessionFragment } from '../../generated/operations.ts';
import { problemOf, sentenceFor } from '../../lib/problem.ts';
import { deviceInWords } from '../../lib/device.ts';

interface SignOutOneProps {
  /** Null: nothing is asked. */
  session: AccountSessionFragment | null;
  onClose(): void;
  onDone(session: AccountSessionFragment): void;
}

export function SignOutOne({ session, onClose, onDone }: SignOutOneProps) {
  const [endSession, { loading }] = useMutation(AccountEndSessionDocument);
  const [failure, setFailure] = useState<string | null>(null);
  const tell = useTell();
  // The words stay while the dialog fades.
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
      const { data } = await endSession({ variables: { sessionId: session.id } });
      tell(
        data?.revokeSession.revokedCount === 0
          ? `${device} had been signed out already.`
          : `${device} was signed out.`,
      );
      onDone(session);
    } catch (error) {
      setFailure(sentenceFor(problemOf(error)));
    }
  }

  return (
    <ConfirmDialog
      opened={session !== null}
      title={`Sign out ${device}?`}
      confirmLabel="Sign out"
      busyLabel="Signing out…"
      isBusy={loading}
      isDangerous
      failure={failure}
      onConfirm={() => void signOut()}
      onClose={close}
    >
      It is sent to the sign-in page at once. What is not saved there may be lost.
    </ConfirmDialog>
  );
}
