import { useMutation } from '@apollo/client/react';
import { Trans, useLingui } from '@lingui/react/macro';
import { Text } from '@mantine/core';
import { useState } from 'react';
import { PeopleNewLinkDocument } from '../../generated/people-operations.ts';
import { FormDialog } from '../../components/form-dialog.tsx';
import { LinkField } from './link-field.tsx';
import type { Person } from './person-rows.ts';
import { toFailure } from './person-words.ts';

interface LinkDialogProps {
  opened: boolean;
  person: Person;
  onCreated(person: Person): void;
  onClose(): void;
}

/** Creates a new link to set a password. A new component for each person. */
export function LinkDialog({ opened, person, onCreated, onClose }: LinkDialogProps) {
  const { t } = useLingui();
  const [create, { loading }] = useMutation(PeopleNewLinkDocument);
  const [failure, setFailure] = useState<string | null>(null);
  const [link, setLink] = useState<{ url: string; sentByMail: boolean } | null>(null);
  const { name, linkExpiresAt, status } = person;

  async function send(): Promise<void> {
    setFailure(null);
    try {
      const { data } = await create({ variables: { userId: person.id } });
      const { setPasswordUrl, sentByMail, user } = data!.resetUserPassword;
      setLink({ url: setPasswordUrl, sentByMail });
      onCreated(user);
    } catch (error) {
      setFailure(toFailure(error)?.text ?? null);
    }
  }

  return (
    <FormDialog
      opened={opened}
      title={link === null ? t`New link for ${name}` : t`Link for ${name}`}
      submitLabel={t`Create link`}
      busyLabel={t`Creating…`}
      isBusy={loading}
      failure={failure}
      onSubmit={link === null ? () => void send() : undefined}
      onClose={onClose}
    >
      {link === null ? (
        <Text component="div">
          <span>
            {status === 'INVITED' ? (
              <Trans>With a new link, {name} can set a password and sign in.</Trans>
            ) : (
              <Trans>
                With the link, {name} can set a new password. Until then the old one works, and no one is
                signed out.
              </Trans>
            )}
          </span>{' '}
          {linkExpiresAt !== null && <Trans>The link from before stops working.</Trans>}
        </Text>
      ) : (
        <LinkField name={name} {...link} />
      )}
    </FormDialog>
  );
}
