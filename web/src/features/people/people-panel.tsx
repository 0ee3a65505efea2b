import { Trans, useLingui } from '@lingui/react/macro';
import { Button, Group } from '@mantine/core';
import { useDebouncedCallback } from '@mantine/hooks';
import { useSession } from '@curfew/client/react';
import { FileUp, UserRoundPlus, Users } from 'lucide-react';
import { lazy, Suspense, useMemo, useState } from 'react';
import { Loadable } from '../../components/loadable.tsx';
import { Panel } from '../../components/panel.tsx';
import { useToast } from '../../components/toasts.tsx';
import { useAddressParams } from '../../lib/use-address-params.ts';
import { ActionDialog } from './action-dialog.tsx';
import { InviteDialog } from './invite-dialog.tsx';
import { LinkDialog } from './link-dialog.tsx';
import { readFilter, writeFilter, type PeopleFilter } from './people-filter.ts';
import { PeopleList } from './people-list.tsx';
import { PeopleToolbar } from './people-toolbar.tsx';
import { isConfirmed, type PersonAction } from './person-actions.ts';
import type { Person } from './person-rows.ts';
import { RenameDialog } from './rename-dialog.tsx';
import { useFocusLater } from '../../components/use-focus-later.ts';
import { usePeople } from './use-people.ts';

/** Loaded when it is opened: it brings a parser along. */
const ImportDialog = lazy(async () => ({ default: (await import('./import-dialog.tsx')).ImportDialog }));

const SEARCH_DEBOUNCE_MS = 300;

/** A dialog about one person, or about no one yet. It keeps what it shows while it fades out. */
type Dialog =
  | { kind: 'invite' | 'import'; number: number; person: null }
  | { kind: PersonAction; number: number; person: Person };

/** A selector of the button that opened a dialog. */
const openerOf = ({ kind, person }: Dialog): string =>
  person ? `button[data-row="${person.id}"]` : `#people-${kind}`;

/** Everyone in the account, with all that an owner can do with them. */
export function PeoplePanel() {
  const { t } = useLingui();
  const { user } = useSession();
  const showToast = useToast();
  const viewerId = user!.id;

  const [params, changeParams] = useAddressParams();
  const filter = useMemo(() => readFilter(params), [params]);
  const [typed, setTyped] = useState(filter.search);
  const search = useDebouncedCallback((text: string) => {
    changeParams((now) => writeFilter({ ...readFilter(now), search: text.trim() }), { replace: true });
  }, SEARCH_DEBOUNCE_MS);
  const show = (next: PeopleFilter) => {
    setTyped(next.search);
    changeParams(() => writeFilter(next), { replace: true });
  };

  const people = usePeople(filter);
  const focusLater = useFocusLater();
  const [dialog, setDialog] = useState<Dialog | null>(null);
  const [isOpen, setOpen] = useState(false);

  const open = (next: { kind: 'invite' | 'import' } | { kind: PersonAction; person: Person }) => {
    const number = (dialog?.number ?? 0) + 1;
    setDialog('person' in next ? { ...next, number } : { ...next, number, person: null });
    setOpen(true);
  };
  const close = () => {
    setOpen(false);
    if (dialog) focusLater(openerOf(dialog));
  };
  const changed = (person: Person | null) => {
    if (person) people.replace(person);
    else if (dialog?.person) people.markDeleted(dialog.person.id);
    void people.refresh();
  };
  const shown = people.rows?.length ?? 0;

  return (
    <Panel
      title={t`Everyone in this account`}
      icon={<Users size={20} />}
      actions={
        <Group gap="sm">
          <Button
            id="people-import"
            variant="default"
            leftSection={<FileUp size={16} aria-hidden />}
            onClick={() => open({ kind: 'import' })}
          >
            <Trans>Import</Trans>
          </Button>
          <Button
            id="people-invite"
            leftSection={<UserRoundPlus size={16} aria-hidden />}
            onClick={() => open({ kind: 'invite' })}
          >
            <Trans>Invite</Trans>
          </Button>
        </Group>
      }
    >
      <PeopleToolbar
        search={typed}
        status={filter.status}
        onSearch={(text) => {
          setTyped(text);
          search(text);
        }}
        onStatus={(status) => show({ search: typed.trim(), status })}
      />
      <Loadable
        query={{ data: people.rows ?? undefined, error: people.error, refetch: () => people.reload() }}
        lines={6}
      >
        {(rows) => (
          <PeopleList
            rows={rows}
            totalCount={people.totalCount}
            hasMore={people.hasMore}
            hasChanged={people.hasChanged}
            isOutdated={people.isOutdated}
            isLoadingMore={people.isLoadingMore}
            isFiltered={filter.search !== '' || filter.status !== null}
            viewerId={viewerId}
            onShowMore={() => people.showMore()}
            onShowAll={() => people.reload(shown)}
            onClearFilter={() => show({ search: '', status: null })}
            onAction={(kind, person) => open({ kind, person })}
          />
        )}
      </Loadable>

      {dialog && (
        <PeopleDialog
          key={dialog.number}
          dialog={dialog}
          opened={isOpen}
          viewerId={viewerId}
          onChanged={changed}
          onInvited={() => void people.reload(shown)}
          onRenamed={(person) => {
            changed(person);
            showToast(t`The name is ${person.name} now.`);
          }}
          onClose={close}
        />
      )}
    </Panel>
  );
}

interface PeopleDialogProps {
  dialog: Dialog;
  opened: boolean;
  viewerId: string;
  /** Null: the person was deleted. */
  onChanged(person: Person | null): void;
  onInvited(): void;
  onRenamed(person: Person): void;
  onClose(): void;
}

function PeopleDialog({ dialog, opened, viewerId, ...on }: PeopleDialogProps) {
  const { kind, person } = dialog;
  const common = { opened, onClose: on.onClose };
  if (person === null) {
    return kind === 'import' ? (
      <Suspense>
        <ImportDialog {...common} onInvited={on.onInvited} />
      </Suspense>
    ) : (
      <InviteDialog {...common} person={null} onInvited={on.onInvited} />
    );
  }
  if (isConfirmed(kind))
    return (
      <ActionDialog
        {...common}
        action={kind}
        person={person}
        isViewer={person.id === viewerId}
        onDone={on.onChanged}
      />
    );
  switch (kind) {
    case 'give-sign-in':
      return <InviteDialog {...common} person={person} onInvited={on.onChanged} />;
    case 'new-link':
      return <LinkDialog {...common} person={person} onCreated={on.onChanged} />;
    case 'rename':
      return <RenameDialog {...common} person={person} onRenamed={on.onRenamed} />;
  }
}
