import { useApolloClient } from '@apollo/client/react';
import { plural } from '@lingui/core/macro';
import { Trans, useLingui } from '@lingui/react/macro';
import { FileInput, Text, Textarea } from '@mantine/core';
import { FileUp } from 'lucide-react';
import { useRef, useState } from 'react';
import { Notice } from '../../components/notice.tsx';
import { FormDialog } from '../../components/form-dialog.tsx';
import { checkPeople, invitePeople, type CheckedPerson } from './import-people.ts';
import { importProblemMessage } from './import-problem-message.ts';
import { ImportPreview } from './import-preview.tsx';
import { ImportedLinks } from './imported-links.tsx';
import type { InvitationLink } from './links-csv.ts';
import { toFailure } from './person-words.ts';
import { decodeFile, readPeopleFile } from './read-people-file.ts';

const EXAMPLE = 'noor@example.com, Noor Haddad, owner\nkim@example.com, Kim Lee';
/** A file of a thousand people has less than a tenth of this. */
const MAX_FILE_BYTES = 1024 * 1024;

interface ImportDialogProps {
  opened: boolean;
  onInvited(): void;
  onClose(): void;
}

interface Invited {
  links: InvitationLink[];
  /** Who could be invited when the list was checked, and not any more. */
  refused: CheckedPerson[];
}

/** Invites people out of a list: paste or choose it, look at what it would do, then invite and pass the links on. */
export function ImportDialog({ opened, onInvited, onClose }: ImportDialogProps) {
  const { t } = useLingui();
  const client = useApolloClient();
  const [text, setText] = useState('');
  const [checked, setChecked] = useState<CheckedPerson[] | null>(null);
  const [invited, setInvited] = useState<Invited | null>(null);
  const [isBusy, setBusy] = useState(false);
  const [failure, setFailure] = useState<string | null>(null);
  const field = useRef<HTMLTextAreaElement>(null);

  async function choose(file: File | null): Promise<void> {
    if (!file) return;
    setFailure(null);
    if (file.size > MAX_FILE_BYTES) return setFailure(t`This file is larger than 1 MB.`);
    setText(decodeFile(await file.arrayBuffer()));
  }

  /** Shows how far it came, also when it failed. */
  async function run(work: () => Promise<void>): Promise<void> {
    setBusy(true);
    setFailure(null);
    try {
      await work();
    } catch (error) {
      setFailure(toFailure(error)?.text ?? null);
    } finally {
      setBusy(false);
    }
  }

  async function check(): Promise<void> {
    const result = readPeopleFile(text);
    if ('problem' in result) {
      setFailure(importProblemMessage(result.problem));
      field.current?.focus();
      return;
    }
    await run(async () => setChecked(await checkPeople(client, result.people)));
  }

  const ready = checked?.filter(({ refusal }) => refusal === null) ?? [];

  const invite = () =>
    run(async () => {
      const all: Invited = { links: [], refused: [] };
      try {
        await invitePeople(client, ready, (links, refused) => {
          all.links.push(...links);
          all.refused.push(...refused);
        });
        setInvited(all);
      } catch (error) {
        // The links of those who are invited already are shown only now.
        if (all.links.length > 0) setInvited(all);
        throw error;
      } finally {
        if (all.links.length > 0) onInvited();
      }
    });

  const back = () => {
    setChecked(null);
    setFailure(null);
  };

  if (invited)
    return (
      <FormDialog
        opened={opened}
        title={plural(invited.links.length, { one: '# person is invited', other: '# people are invited' })}
        size="xl"
        submitLabel=""
        busyLabel=""
        isBusy={false}
        failure={failure}
        onClose={onClose}
      >
        <ImportedLinks links={invited.links} />
        {invited.refused.length > 0 && (
          <>
            <Text>
              <Trans>These could not be invited:</Trans>
            </Text>
            <ImportPreview people={invited.refused} />
          </>
        )}
      </FormDialog>
    );

  if (checked)
    return (
      <FormDialog
        opened={opened}
        title={t`Check the list`}
        size="xl"
        submitLabel={plural(ready.length, { one: 'Invite # person', other: 'Invite # people' })}
        busyLabel={t`Inviting…`}
        isBusy={isBusy}
        failure={failure}
        cancelLabel={t`Back`}
        onCancel={back}
        onSubmit={ready.length > 0 ? () => void invite() : back}
        onClose={onClose}
      >
        <Summary ready={ready.length} refused={checked.length - ready.length} />
        <ImportPreview people={checked} isFocused />
      </FormDialog>
    );

  return (
    <FormDialog
      opened={opened}
      title={t`Import people`}
      size="xl"
      submitLabel={t`Check the list`}
      busyLabel={t`Checking…`}
      isBusy={isBusy}
      failure={failure}
      onSubmit={() => void check()}
      onClose={onClose}
    >
      <Text>
        <Trans>
          One person a line: e-mail, name, and “owner” for owners. A first line with the names of the columns
          is understood too. No one is invited before you have seen the list.
        </Trans>
      </Text>
      <FileInput
        data-autofocus
        label={t`CSV file`}
        placeholder={t`Choose a file`}
        accept=".csv,.tsv,.txt,text/csv,text/tab-separated-values,text/plain"
        leftSection={<FileUp size={16} aria-hidden />}
        onChange={(file) => void choose(file)}
      />
      <Textarea
        ref={field}
        label={t`Or paste the list`}
        placeholder={EXAMPLE}
        rows={8}
        spellCheck={false}
        autoComplete="off"
        value={text}
        onChange={(event) => setText(event.currentTarget.value)}
      />
    </FormDialog>
  );
}

function Summary({ ready, refused }: { ready: number; refused: number }) {
  const { t } = useLingui();
  if (refused === 0)
    return (
      <Notice tone="emerald" role="status">
        {plural(ready, { one: '# person can be invited.', other: 'All # people can be invited.' })}
      </Notice>
    );
  return (
    <Notice tone="amber" role="status">
      <span>
        {ready === 0
          ? t`No one can be invited.`
          : plural(ready, { one: '# person can be invited.', other: '# people can be invited.' })}
      </span>{' '}
      <span>{plural(refused, { one: '# line is left out.', other: '# lines are left out.' })}</span>
    </Notice>
  );
}
