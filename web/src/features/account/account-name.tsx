import { useMutation } from '@apollo/client/react';
import { Trans, useLingui } from '@lingui/react/macro';
import { Button, Group, TextInput } from '@mantine/core';
import { Building2 } from 'lucide-react';
import { type FormEvent, useRef, useState } from 'react';
import { useSession } from '@curfew/client/react';
import { Failure } from '../../components/failure.tsx';
import { Panel } from '../../components/panel.tsx';
import { useToast } from '../../components/toasts.tsx';
import { AccountRenameDocument } from '../../generated/account-operations.ts';
import { useDraft } from '../../lib/draft.ts';
import { problemMessage, problemOf } from '../../lib/problem.ts';

/** For owners: the name of the account, which its people see. */
export function AccountName({ name }: { name: string }) {
  const { t } = useLingui();
  const { watcher, user } = useSession();
  const showToast = useToast();
  const [rename, { loading: isBusy }] = useMutation(AccountRenameDocument, {
    refetchQueries: ['AccountOverview'],
    awaitRefetchQueries: true,
  });
  // Null: as it is stored.
  const [draft, setDraft] = useDraft<string>(user!.id, 'account-name');
  const [error, setError] = useState<string | null>(null);
  const [failure, setFailure] = useState<string | null>(null);
  const field = useRef<HTMLInputElement>(null);

  function refuse() {
    setError(t`A name has 1 to 200 characters and no control characters.`);
    field.current?.focus();
  }

  async function submit(event: FormEvent) {
    event.preventDefault();
    if (isBusy) return;
    setError(null);
    setFailure(null);
    const wanted = draft ?? name;
    if (wanted.trim() === '') return refuse();
    try {
      const { data } = await rename({ variables: { name: wanted } });
      setDraft(null);
      const { name: renamed } = data!.renameAccount;
      showToast(t`The account is now called ${renamed}.`);
      // For the menu of the user, in every tab.
      void watcher.check();
    } catch (problem) {
      const found = problemOf(problem);
      if (found.kind === 'refused' && found.extensions.field === 'name') refuse();
      else setFailure(problemMessage(found));
    }
  }

  return (
    <Panel
      title={t`Account name`}
      icon={<Building2 size={20} />}
      intro={t`Everyone in the account sees it, and the audit trail keeps the change.`}
    >
      <form noValidate onSubmit={(event) => void submit(event)}>
        {failure && <Failure text={failure} />}
        <Group align="flex-end" gap="sm">
          <TextInput
            ref={field}
            label={t`Name of the account`}
            value={draft ?? name}
            onChange={(event) =>
              setDraft(event.currentTarget.value === name ? null : event.currentTarget.value)
            }
            error={error}
            maxLength={200}
            autoComplete="off"
            style={{ flex: '1 1 14rem', maxWidth: '26rem' }}
          />
          <Button type="submit" aria-disabled={isBusy}>
            {isBusy ? <Trans>Saving…</Trans> : <Trans>Rename</Trans>}
          </Button>
        </Group>
      </form>
    </Panel>
  );
}
