import { useMutation } from '@apollo/client/react';
import { Trans, useLingui } from '@lingui/react/macro';
import { useState } from 'react';
import { ConfirmDialog } from '../../components/confirm-dialog.tsx';
import { useToast } from '../../components/toasts.tsx';
import { DeleteEventSourceDocument } from '../../generated/events-operations.ts';
import type { Source } from './source-row.tsx';
import { toFailure } from './stream-failure.ts';

interface DeleteSourceDialogProps {
  opened: boolean;
  source: Source;
  onDeleted(): void;
  onClose(): void;
}

/** Says what stops, and deletes the source. A new component for each time. */
export function DeleteSourceDialog({ opened, source, onDeleted, onClose }: DeleteSourceDialogProps) {
  const { t } = useLingui();
  const showToast = useToast();
  const [remove, { loading }] = useMutation(DeleteEventSourceDocument, { refetchQueries: ['EventSources'] });
  const [failure, setFailure] = useState<string | null>(null);
  const { issuer } = source;

  async function confirm() {
    setFailure(null);
    try {
      await remove({ variables: { sourceId: source.id } });
      showToast(t`${issuer} was deleted.`);
      onDeleted();
    } catch (error) {
      setFailure(toFailure(error, [])?.text ?? null);
    }
  }

  return (
    <ConfirmDialog
      opened={opened}
      title={t({ message: `Delete ${issuer}?`, context: 'an event source' })}
      confirmLabel={t`Delete`}
      busyLabel={t`Deleting…`}
      isBusy={loading}
      isDangerous
      failure={failure}
      onConfirm={() => void confirm()}
      onClose={onClose}
    >
      <p>
        <Trans>
          Its tokens are refused from now on. Sessions that it ended stay ended, and people it disabled can
          sign in again.
        </Trans>
      </p>
    </ConfirmDialog>
  );
}
