import { Trans, useLingui } from '@lingui/react/macro';
import { TextInput } from '@mantine/core';
import { useRef, useState } from 'react';
import { ConfirmDialog } from '../../components/confirm-dialog.tsx';
import { problemMessage, problemOf } from '../../lib/problem.ts';
import { useDeleteAccount } from './use-delete-account.ts';
import classes from './delete-account-dialog.module.css';

interface DeleteAccountDialogProps {
  name: string;
  opened: boolean;
  onClose(): void;
}

/** Says what goes with the account, and deletes it once its name was typed. */
export function DeleteAccountDialog({ name, opened, onClose }: DeleteAccountDialogProps) {
  const { t } = useLingui();
  const deleteAccount = useDeleteAccount();
  const [typed, setTyped] = useState('');
  const [error, setError] = useState<string | null>(null);
  const [failure, setFailure] = useState<string | null>(null);
  const [isBusy, setBusy] = useState(false);
  const field = useRef<HTMLInputElement>(null);

  function close() {
    setTyped('');
    setError(null);
    setFailure(null);
    onClose();
  }

  function refuse() {
    setError(t`This is not the account’s name. Type it exactly as it stands above.`);
    field.current?.focus();
  }

  async function confirm() {
    setError(null);
    setFailure(null);
    if (typed !== name) return refuse();
    setBusy(true);
    try {
      await deleteAccount(typed);
    } catch (problem) {
      const found = problemOf(problem);
      // Another owner has renamed it since.
      if (found.kind === 'refused' && found.extensions.field === 'confirmName') refuse();
      else if (found.kind === 'unreachable')
        setFailure(
          t`Couldn’t reach Curfew, so the account may or may not be deleted. Reload this page to see.`,
        );
      else setFailure(problemMessage(found));
    } finally {
      setBusy(false);
    }
  }

  return (
    <ConfirmDialog
      opened={opened}
      title={t`Delete ${name}?`}
      confirmLabel={t`Delete account`}
      busyLabel={t`Deleting…`}
      isBusy={isBusy}
      isDangerous
      failure={failure}
      onConfirm={() => void confirm()}
      onClose={close}
    >
      <Trans>This can’t be undone. At once:</Trans>
      <ul className={classes.list}>
        <li>
          <Trans>everyone is signed out, you too, and no one can sign in to it again;</Trans>
        </li>
        <li>
          <Trans>every service key is revoked, so applications that use one stop;</Trans>
        </li>
        <li>
          <Trans>
            the name of the account and the names and e-mails of its people are removed, from the audit trail
            too;
          </Trans>
        </li>
        <li>
          <Trans>the policy and its history can no longer be seen.</Trans>
        </li>
      </ul>
      <p>
        <Trans>
          What is left of the audit trail names no person. The operator of this server keeps it until its
          retention is over.
        </Trans>
      </p>
      <TextInput
        ref={field}
        // Of what there is to do here, typing comes first: Cancel would take the first space for a click.
        data-autofocus
        label={t`Type the account’s name to confirm: ${name}`}
        value={typed}
        onChange={(event) => setTyped(event.currentTarget.value)}
        error={error}
        autoComplete="off"
        autoCapitalize="none"
        spellCheck={false}
      />
    </ConfirmDialog>
  );
}
