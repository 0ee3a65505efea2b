import { useMutation } from '@apollo/client/react';
import { Plural, Trans, useLingui } from '@lingui/react/macro';
import { useState } from 'react';
import { ConfirmDialog } from '../../components/confirm-dialog.tsx';
import { useToast } from '../../components/toasts.tsx';
import { RevokeServiceKeyDocument, type ServiceKeyRowFragment } from '../../generated/operations.ts';
import { problemMessage, problemOf } from '../../lib/problem.ts';

interface RevokeKeyDialogProps {
  /** Null while the dialog is closed. */
  target: ServiceKeyRowFragment | null;
  onClose(): void;
}

/** Says what stops, and revokes the key. */
export function RevokeKeyDialog({ target, onClose }: RevokeKeyDialogProps) {
  const { t } = useLingui();
  const [revoke, { loading }] = useMutation(RevokeServiceKeyDocument, { refetchQueries: ['ServiceKeys'] });
  const [failure, setFailure] = useState<string | null>(null);
  const showToast = useToast();
  // Keeps the text while the dialog fades out.
  const [last, setLast] = useState(target);
  if (target !== null && target !== last) setLast(target);
  const name = last?.name ?? '';

  function close() {
    setFailure(null);
    onClose();
  }

  async function confirm() {
    if (!target) return;
    setFailure(null);
    try {
      await revoke({ variables: { keyId: target.id } });
      showToast(t`The service key ${name} is revoked.`);
      close();
    } catch (error) {
      setFailure(problemMessage(problemOf(error)));
    }
  }

  return (
    <ConfirmDialog
      opened={target !== null}
      title={t`Revoke the service key ${name}?`}
      confirmLabel={t`Revoke`}
      busyLabel={t`Revoking…`}
      isBusy={loading}
      isDangerous
      failure={failure}
      onConfirm={() => void confirm()}
      onClose={close}
    >
      <p>
        {last?.scope === 'SSF' ? (
          <Trans>
            Everything that uses this key stops at once: it can no longer manage or poll event streams. The
            streams stay. This can’t be undone.
          </Trans>
        ) : (
          <Trans>
            Everything that uses this key stops at once: it can no longer open, check or end sessions, and its
            connections close within seconds. This can’t be undone.
          </Trans>
        )}
      </p>
      {last !== null && last.sessionCount > 0 && (
        <p>
          <Plural
            value={last.sessionCount}
            one="The session that it opened goes on until its limits. You can end it under Sessions."
            other="The # sessions that it opened go on until their limits. You can end them under Sessions."
          />
        </p>
      )}
    </ConfirmDialog>
  );
}
