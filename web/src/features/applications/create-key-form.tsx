import { Trans, useLingui } from '@lingui/react/macro';
import { Button, Group, NativeSelect, Stack, TextInput } from '@mantine/core';
import { type FormEvent, useRef, useState } from 'react';
import { useSession } from '@curfew/client/react';
import { Failure } from '../../components/failure.tsx';
import { useNow } from '../../components/now.tsx';
import type { CreateServiceKeyInput } from '../../generated/operations.ts';
import { useDraft } from '../../lib/draft.ts';
import { problemMessage, problemOf } from '../../lib/problem.ts';

const DAY = 86_400_000;
const NEVER = 'never';
const EVERYTHING = 'everything';

interface KeyDraft {
  name: string;
  days: string;
  /** A `ServiceKeyScope`, or everything. Absent: stored by the form of the version before. */
  scope?: string;
}

interface CreateKeyFormProps {
  isBusy: boolean;
  onCancel(): void;
  /** Rejects when the key was not created. */
  onCreate(input: CreateServiceKeyInput): Promise<void>;
}

export function CreateKeyForm({ isBusy, onCancel, onCreate }: CreateKeyFormProps) {
  const { t, i18n } = useLingui();
  const now = useNow().getTime();
  const { user } = useSession();
  // Kept in this tab until the form is closed, also over the end of the session.
  const [draft, storeDraft] = useDraft<KeyDraft>(user!.id, 'service-key');
  const { name = '', days = '365', scope = EVERYTHING } = draft ?? {};
  const edit = (changed: Partial<KeyDraft>) => storeDraft({ name, days, scope, ...changed });
  const [nameError, setNameError] = useState<string | null>(null);
  const [failure, setFailure] = useState<string | null>(null);
  const nameField = useRef<HTMLInputElement>(null);

  function refuseName(text: string) {
    setNameError(text);
    nameField.current?.focus();
  }

  function cancel() {
    if (!isBusy) storeDraft(null);
    onCancel();
  }

  async function submit(event: FormEvent) {
    event.preventDefault();
    if (isBusy) return;
    setNameError(null);
    setFailure(null);
    if (name.trim() === '') return refuseName(t`Give the key a name, such as that of your application.`);
    try {
      await onCreate({
        name,
        expiresInDays: days === NEVER ? null : Number(days),
        scope: scope === 'SSF' ? 'SSF' : null,
      });
      storeDraft(null);
    } catch (error) {
      const problem = problemOf(error);
      if (problem.kind === 'refused' && problem.extensions.field === 'name')
        refuseName(t`A name has 1 to 200 characters and no control characters.`);
      else if (problem.kind === 'unreachable')
        setFailure(
          t`Couldn’t reach Curfew, so the key may have been created unseen. Look at the list, and revoke it there.`,
        );
      else setFailure(problemMessage(problem));
    }
  }

  const until =
    days === NEVER
      ? t`The key works until you revoke it.`
      : t`The key works until ${i18n.date(new Date(now + Number(days) * DAY), { dateStyle: 'long' })}. Replace it before that.`;
  return (
    <form noValidate onSubmit={(event) => void submit(event)}>
      <Stack gap="md">
        {failure && <Failure text={failure} />}
        <TextInput
          ref={nameField}
          label={t`Name`}
          description={t`The application that will use it, such as Shop. The audit trail shows this name.`}
          value={name}
          onChange={(event) => edit({ name: event.currentTarget.value })}
          error={nameError}
          maxLength={200}
          autoComplete="off"
          data-autofocus
          required
          withAsterisk={false}
        />
        <NativeSelect
          label={t`What it may do`}
          description={
            scope === 'SSF'
              ? t`For a receiver of security events. The key can do nothing but manage and poll this account’s SSF streams.`
              : t`For an application that signs people in itself.`
          }
          value={scope}
          onChange={(event) => edit({ scope: event.currentTarget.value })}
          data={[
            { value: EVERYTHING, label: t`Open, check and end sessions` },
            { value: 'SSF', label: t`Manage event streams only (SSF)` },
          ]}
        />
        <NativeSelect
          label={t`Expires`}
          description={until}
          value={days}
          onChange={(event) => edit({ days: event.currentTarget.value })}
          data={[
            { value: '30', label: t`After 30 days` },
            { value: '90', label: t`After 90 days` },
            { value: '365', label: t`After a year` },
            { value: NEVER, label: t`Never` },
          ]}
        />
        <Group justify="flex-end" gap="sm">
          <Button variant="default" onClick={cancel} aria-disabled={isBusy}>
            <Trans>Cancel</Trans>
          </Button>
          <Button type="submit" aria-disabled={isBusy}>
            {isBusy ? <Trans>Creating…</Trans> : <Trans>Create service key</Trans>}
          </Button>
        </Group>
      </Stack>
    </form>
  );
}
