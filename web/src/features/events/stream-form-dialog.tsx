import { useMutation } from '@apollo/client/react';
import { useLingui } from '@lingui/react/macro';
import { useRef, useState } from 'react';
import { useSession } from '@curfew/client/react';
import { FormDialog } from '../../components/form-dialog.tsx';
import { useToast } from '../../components/toasts.tsx';
import { CreateEventStreamDocument, UpdateEventStreamDocument } from '../../generated/events-operations.ts';
import { useDraft } from '../../lib/draft.ts';
import { problemOf } from '../../lib/problem.ts';
import { draftOf, EMPTY_DRAFT, toCreateInput, toUpdateInput, type StreamDraft } from './stream-draft.ts';
import { maybeCreated, toFailure, type EventFailure } from './stream-failure.ts';
import { STREAM_FIELDS, StreamFields, type StreamField } from './stream-fields.tsx';
import { StreamSecret } from './stream-secret.tsx';
import { streamName, type Stream } from './stream-words.ts';

interface StreamFormDialogProps {
  opened: boolean;
  /** Null: a new one. */
  stream: Stream | null;
  onClose(): void;
}

/** Creates a stream and shows its secret once, or changes one. A new component for each time. */
export function StreamFormDialog({ opened, stream, onClose }: StreamFormDialogProps) {
  const { t } = useLingui();
  const showToast = useToast();
  const { user } = useSession();
  // The result is not kept: it holds the secret.
  const [create, { loading: isCreating }] = useMutation(CreateEventStreamDocument, {
    refetchQueries: ['EventStreams'],
    fetchPolicy: 'no-cache',
  });
  const [update, { loading: isUpdating }] = useMutation(UpdateEventStreamDocument);
  // Kept in this tab until the dialog is closed, also over the end of the session. Without the address.
  const [stored, storeDraft] = useDraft<StreamDraft>(
    user!.id,
    stream ? `event-stream.${stream.id}` : 'event-stream',
  );
  const draft = stored ?? (stream ? draftOf(stream) : EMPTY_DRAFT);
  const [url, setUrl] = useState(stream?.url ?? '');
  const [failure, setFailure] = useState<EventFailure<StreamField> | null>(null);
  const [created, setCreated] = useState<{ name: string; secret: string } | null>(null);
  const fields = useRef<HTMLDivElement>(null);
  const name = created?.name ?? (stream && streamName(stream));

  function close() {
    storeDraft(null);
    onClose();
  }

  async function save() {
    setFailure(null);
    try {
      if (stream) {
        await update({ variables: { input: toUpdateInput(stream, draft, url) } });
        showToast(t`The event stream was saved.`);
        return close();
      }
      const { data } = await create({ variables: { input: toCreateInput(draft, url) } });
      const { secret, stream: made } = data!.createEventStream;
      if (secret) {
        storeDraft(null);
        return setCreated({ name: streamName(made), secret });
      }
      showToast(t`The event stream was created.`);
      close();
    } catch (error) {
      const isUncertain = stream === null && problemOf(error).kind === 'unreachable';
      const refused = isUncertain ? { text: maybeCreated(), field: null } : toFailure(error, STREAM_FIELDS);
      setFailure(refused);
      if (refused?.field)
        fields.current?.querySelector<HTMLElement>(`[data-field="${refused.field}"]`)?.focus();
    }
  }

  return (
    <FormDialog
      opened={opened}
      size="lg"
      title={created ? t`Copy the secret of ${name}` : stream ? t`Edit ${name}` : t`Create an event stream`}
      submitLabel={stream ? t`Save` : t`Create event stream`}
      busyLabel={stream ? t`Saving…` : t`Creating…`}
      isBusy={isCreating || isUpdating}
      isKept={created !== null}
      doneLabel={t`I have copied the secret`}
      failure={failure && failure.field === null ? failure.text : null}
      onSubmit={created ? undefined : () => void save()}
      onClose={close}
    >
      {created ? (
        <StreamSecret secret={created.secret} />
      ) : (
        <StreamFields
          draft={draft}
          url={url}
          isNew={stream === null}
          failure={failure}
          fields={fields}
          onEdit={(part) => storeDraft({ ...draft, ...part })}
          onUrl={setUrl}
        />
      )}
    </FormDialog>
  );
}
