import { useQuery } from '@apollo/client/react';
import { Trans, useLingui } from '@lingui/react/macro';
import { Button } from '@mantine/core';
import { Plus, RadioTower } from 'lucide-react';
import { useState } from 'react';
import { Empty } from '../../components/empty.tsx';
import { Loadable } from '../../components/loadable.tsx';
import { Panel } from '../../components/panel.tsx';
import { useFocusLater } from '../../components/use-focus-later.ts';
import { EventSourceProvidersDocument, EventSourcesDocument } from '../../generated/events-operations.ts';
import { POLL_WHILE_VISIBLE, useOnReturn } from '../../lib/use-on-return.ts';
import { CreateSourceDialog } from './create-source-dialog.tsx';
import { DeleteSourceDialog } from './delete-source-dialog.tsx';
import classes from './list.module.css';
import { SourceRow, type Source } from './source-row.tsx';

/** A dialog about one source, or about a new one. It keeps what it shows while it fades out. */
interface Dialog {
  number: number;
  /** Null: a new one. */
  source: Source | null;
}

const CREATE_BUTTON = 'create-event-source';

/** From whom Curfew takes security events, which end sessions here. */
export function SourcesPanel() {
  const { t } = useLingui();
  const query = useQuery(EventSourcesDocument, POLL_WHILE_VISIBLE);
  const providers = useQuery(EventSourceProvidersDocument).data?.authProviders ?? [];
  useOnReturn(() => void query.refetch().catch(() => {}));
  const focusLater = useFocusLater();
  const [dialog, setDialog] = useState<Dialog | null>(null);
  const [isOpen, setOpen] = useState(false);

  const open = (source: Source | null) => {
    setDialog({ number: (dialog?.number ?? 0) + 1, source });
    setOpen(true);
  };
  const close = (isDeleted = false) => {
    setOpen(false);
    const source = isDeleted ? null : dialog?.source;
    focusLater(source ? `button[data-source="${source.id}"]` : `#${CREATE_BUTTON}`);
  };

  return (
    <Panel
      title={t`Event sources`}
      icon={<RadioTower size={20} />}
      intro={<Trans>Who may tell Curfew that a session has to end, such as your identity provider.</Trans>}
      actions={
        <Button id={CREATE_BUTTON} leftSection={<Plus size={16} aria-hidden />} onClick={() => open(null)}>
          <Trans>Create event source</Trans>
        </Button>
      }
    >
      <Loadable query={query}>
        {({ eventSources }) =>
          eventSources.length === 0 ? (
            <NoSource />
          ) : (
            <ul className={classes.list} aria-label={t`Event sources`}>
              {eventSources.map((source) => (
                <SourceRow
                  key={source.id}
                  source={source}
                  providerName={providers.find(({ id }) => id === source.provider)?.name ?? null}
                  onDelete={() => open(source)}
                />
              ))}
            </ul>
          )
        }
      </Loadable>
      {dialog &&
        (dialog.source ? (
          <DeleteSourceDialog
            key={dialog.number}
            opened={isOpen}
            source={dialog.source}
            onDeleted={() => close(true)}
            onClose={() => close()}
          />
        ) : (
          <CreateSourceDialog
            key={dialog.number}
            opened={isOpen}
            providers={providers}
            onClose={() => close()}
          />
        ))}
    </Panel>
  );
}

function NoSource() {
  return (
    <Empty>
      <p>
        <strong>
          <Trans>No one else may end sessions here.</Trans>
        </strong>
      </p>
      <p>
        <Trans>
          With an event source, your identity provider ends the sessions of someone who has left, or whose
          password was stolen, without an owner.
        </Trans>
      </p>
    </Empty>
  );
}
