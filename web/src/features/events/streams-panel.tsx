import { useQuery } from '@apollo/client/react';
import { Trans, useLingui } from '@lingui/react/macro';
import { Button } from '@mantine/core';
import { Plus, Webhook } from 'lucide-react';
import { useState } from 'react';
import { Empty } from '../../components/empty.tsx';
import { Loadable } from '../../components/loadable.tsx';
import { Panel } from '../../components/panel.tsx';
import { useFocusLater } from '../../components/use-focus-later.ts';
import { useOnDemand } from '../../components/use-on-demand.ts';
import { EventStreamsDocument } from '../../generated/events-operations.ts';
import { POLL_WHILE_VISIBLE, useOnReturn } from '../../lib/use-on-return.ts';
import { Guide } from './guide.tsx';
import classes from './list.module.css';
import { RotateDialog } from './rotate-dialog.tsx';
import { isConfirmed, type StreamAction } from './stream-actions.ts';
import { StreamQuestion } from './stream-question.tsx';
import { StreamRow } from './stream-row.tsx';
import type { Stream } from './stream-words.ts';

/** Loaded when it is opened: a page of streams is looked at far more often than one is set up. */
const loadForm = async () => (await import('./stream-form-dialog.tsx')).StreamFormDialog;

/** A dialog about one stream, or about a new one. It keeps what it shows while it fades out. */
type Dialog =
  { kind: 'create'; number: number; stream: null } | { kind: StreamAction; number: number; stream: Stream };

const CREATE_BUTTON = 'create-event-stream';

/** Where the events of the account go, with all that an owner can do with each stream. */
export function StreamsPanel() {
  const { t } = useLingui();
  const query = useQuery(EventStreamsDocument, POLL_WHILE_VISIBLE);
  useOnReturn(() => void query.refetch().catch(() => {}));
  const focusLater = useFocusLater();
  const [dialog, setDialog] = useState<Dialog | null>(null);
  const [isOpen, setOpen] = useState(false);
  const { loaded: StreamFormDialog, load } = useOnDemand(loadForm);

  const number = (dialog?.number ?? 0) + 1;
  const open = async (next: Dialog) => {
    if ((next.kind === 'create' || next.kind === 'edit') && !(await load())) return;
    setDialog(next);
    setOpen(true);
  };
  const close = () => {
    setOpen(false);
    // After a refusal or a lost answer the list may be of before.
    void query.refetch().catch(() => {});
    // The menu of a deleted stream is gone.
    const isGone = dialog?.stream == null || dialog.kind === 'delete';
    focusLater(isGone ? `#${CREATE_BUTTON}` : `button[data-row="${dialog.stream.id}"]`);
  };

  return (
    <Panel
      title={t`Event streams`}
      icon={<Webhook size={20} />}
      intro={
        <Trans>Where Curfew sends what happens here: at least once, and in order for each session.</Trans>
      }
      actions={
        <Button
          id={CREATE_BUTTON}
          leftSection={<Plus size={16} aria-hidden />}
          onClick={() => void open({ kind: 'create', number, stream: null })}
        >
          <Trans>Create event stream</Trans>
        </Button>
      }
    >
      <Loadable query={query}>
        {({ eventStreams }) =>
          eventStreams.length === 0 ? (
            <NoStream />
          ) : (
            <ul className={classes.list} aria-label={t`Event streams`}>
              {eventStreams.map((stream) => (
                <StreamRow
                  key={stream.id}
                  stream={stream}
                  onAction={(kind) => void open({ kind, number, stream })}
                />
              ))}
            </ul>
          )
        }
      </Loadable>
      {dialog && (
        <StreamDialog
          key={dialog.number}
          dialog={dialog}
          Form={StreamFormDialog}
          opened={isOpen}
          onClose={close}
        />
      )}
    </Panel>
  );
}

interface StreamDialogProps {
  dialog: Dialog;
  /** Null until it is asked for. */
  Form: Awaited<ReturnType<typeof loadForm>> | null;
  opened: boolean;
  onClose(): void;
}

function StreamDialog({ dialog, Form, ...common }: StreamDialogProps) {
  const { kind, stream } = dialog;
  if (stream === null || kind === 'edit') return Form && <Form {...common} stream={stream} />;
  if (kind === 'rotate') return <RotateDialog {...common} stream={stream} />;
  return isConfirmed(kind) ? <StreamQuestion {...common} action={kind} stream={stream} /> : null;
}

function NoStream() {
  return (
    <Empty>
      <p>
        <strong>
          <Trans>No events are sent anywhere.</Trans>
        </strong>
      </p>
      <p>
        <Trans>
          With an event stream, your other systems learn at once that a session has ended, and can end theirs.
        </Trans>
      </p>
      <p>
        <Trans>
          How to receive events: <Guide />
        </Trans>
      </p>
    </Empty>
  );
}
