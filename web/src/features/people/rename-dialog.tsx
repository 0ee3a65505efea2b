import { useMutation } from '@apollo/client/react';
import { useLingui } from '@lingui/react/macro';
import { TextInput } from '@mantine/core';
import { useRef, useState } from 'react';
import { PeopleRenameDocument } from '../../generated/people-operations.ts';
import { FormDialog } from '../../components/form-dialog.tsx';
import type { Person } from './person-rows.ts';
import { toFailure, type PersonFailure } from './person-words.ts';

interface RenameDialogProps {
  opened: boolean;
  person: Person;
  onRenamed(person: Person): void;
  onClose(): void;
}

/** A new component for each person. */
export function RenameDialog({ opened, person, onRenamed, onClose }: RenameDialogProps) {
  const { t } = useLingui();
  const [rename, { loading }] = useMutation(PeopleRenameDocument);
  const [name, setName] = useState(person.name);
  const [failure, setFailure] = useState<PersonFailure | null>(null);
  const field = useRef<HTMLInputElement>(null);

  async function save(): Promise<void> {
    setFailure(null);
    try {
      const { data } = await rename({ variables: { userId: person.id, name } });
      onRenamed(data!.renameUser);
      onClose();
    } catch (error) {
      setFailure(toFailure(error));
      field.current?.focus();
    }
  }

  return (
    <FormDialog
      opened={opened}
      title={t`Rename ${person.name}`}
      submitLabel={t`Save name`}
      busyLabel={t`Saving…`}
      isBusy={loading}
      failure={failure && failure.field === null ? failure.text : null}
      onSubmit={() => void save()}
      onClose={onClose}
    >
      <TextInput
        ref={field}
        data-autofocus
        label={t`Name`}
        autoComplete="off"
        maxLength={200}
        value={name}
        error={failure?.field === 'name' && failure.text}
        onChange={(event) => setName(event.currentTarget.value)}
      />
    </FormDialog>
  );
}
