import { useMutation } from '@apollo/client/react';
import { useState } from 'react';
import { ConfirmDialog } from '../../components/confirm-dialog.tsx';
import { useToast } from '../../components/toasts.tsx';
import {
  DeleteEventStreamDocument,
  UpdateEventStreamDocument,
  type EventStreamStatus,
} from '../../generated/events-operations.ts';
import { actionLabel, questionFor, type ConfirmedAction } from './stream-actions.ts';
import { toFailure } from './stream-failure.ts';
import type { Stream } from './stream-words.ts';

const STATUS_AFTER: Record<Exclude<ConfirmedAction, 'delete'>, EventStreamStatus> = {
  pause: 'PAUSED',
  resume: 'ENABLED',
  disable: 'DISABLED',
  enable: 'ENABLED',
};

interface StreamQuestionProps {
  opened: boolean;
  action: ConfirmedAction;
  stream: Stream;
  onClose(): void;
}

/** Asks for confirmation, acts, and shows a refusal. A new component for each action. */
export function StreamQuestion({ opened, action, stream, onClose }: StreamQuestionProps) {
  const showToast = useToast();
  const refetchQueries = ['EventStreams'];
  const [update, { loading: isUpdating }] = useMutation(UpdateEventStreamDocument, { refetchQueries });
  const [remove, { loading: isRemoving }] = useMutation(DeleteEventStreamDocument, { refetchQueries });
  const [failure, setFailure] = useState<string | null>(null);
  // What was asked stays while the dialog fades out, although the stream has changed.
  const [question] = useState(() => questionFor(action, stream));

  async function confirm() {
    setFailure(null);
    const streamId = stream.id;
    try {
      if (action === 'delete') await remove({ variables: { streamId } });
      else await update({ variables: { input: { streamId, status: STATUS_AFTER[action] } } });
      showToast(question.done);
      onClose();
    } catch (error) {
      setFailure(toFailure(error, [])?.text ?? null);
    }
  }

  return (
    <ConfirmDialog
      opened={opened}
      title={question.title}
      confirmLabel={actionLabel(action)}
      busyLabel={question.busy}
      isBusy={isUpdating || isRemoving}
      isDangerous={question.isDangerous}
      failure={failure}
      onConfirm={() => void confirm()}
      onClose={onClose}
    >
      <p>{question.body}</p>
    </ConfirmDialog>
  );
}
