import { useMutation } from '@apollo/client/react';
import { useLingui } from '@lingui/react/macro';
import { NativeSelect, Stack, TextInput } from '@mantine/core';
import { useRef, useState } from 'react';
import { useSession } from '@curfew/client/react';
import { FormDialog } from '../../components/form-dialog.tsx';
import { useToast } from '../../components/toasts.tsx';
import {
  CreateEventSourceDocument,
  type EventSourceProvidersQuery,
} from '../../generated/events-operations.ts';
import { useDraft } from '../../lib/draft.ts';
import { toFailure, type EventFailure } from './stream-failure.ts';

const FIELDS = ['issuer', 'audience', 'provider'] as const;
type Field = (typeof FIELDS)[number];

interface SourceDraft {
  issuer: string;
  audience: string;
  /** Empty: none in particular. */
  provider: string;
}

interface CreateSourceDialogProps {
  opened: boolean;
  providers: EventSourceProvidersQuery['authProviders'];
  onClose(): void;
}

/** Accepts a transmitter of security events. A new component for each time. */
export function CreateSourceDialog({ opened, providers, onClose }: CreateSourceDialogProps) {
  const { t } = useLingui();
  const showToast = useToast();
  const { user } = useSession();
  const [create, { loading }] = useMutation(CreateEventSourceDocument, { refetchQueries: ['EventSources'] });
  // Kept in this tab until the dialog is closed, also over the end of the session.
  const [stored, storeDraft] = useDraft<SourceDraft>(user!.id, 'event-source');
  const draft = stored ?? { issuer: '', audience: location.origin, provider: '' };
  const edit = (part: Partial<SourceDraft>) => storeDraft({ ...draft, ...part });
  const [failure, setFailure] = useState<EventFailure<Field> | null>(null);
  const fields = useRef<HTMLDivElement>(null);
  const errorOf = (field: Field) => failure?.field === field && failure.text;

  function close() {
    storeDraft(null);
    onClose();
  }

  async function save() {
    setFailure(null);
    const { issuer, audience, provider } = draft;
    try {
      const input = { issuer: issuer.trim(), audience: audience.trim(), provider: provider || null };
      await create({ variables: { input } });
      showToast(t`The event source was created. Give its addresses to the transmitter.`);
      close();
    } catch (error) {
      const refused = toFailure(error, FIELDS);
      setFailure(refused);
      if (refused?.field)
        fields.current?.querySelector<HTMLElement>(`[data-field="${refused.field}"]`)?.focus();
    }
  }

  return (
    <FormDialog
      opened={opened}
      title={t`Create an event source`}
      submitLabel={t`Create event source`}
      busyLabel={t`Creating…`}
      isBusy={loading}
      failure={failure && failure.field === null ? failure.text : null}
      onSubmit={() => void save()}
      onClose={close}
    >
      <Stack gap="md" ref={fields}>
        <TextInput
          type="url"
          label={t`Issuer`}
          description={t`As the tokens of the transmitter name it. Curfew finds its keys there.`}
          placeholder="https://idp.example.com"
          autoComplete="off"
          spellCheck={false}
          maxLength={500}
          value={draft.issuer}
          error={errorOf('issuer')}
          onChange={(event) => edit({ issuer: event.currentTarget.value })}
          data-field="issuer"
          data-autofocus
        />
        <TextInput
          label={t`Audience`}
          description={t`Whom the tokens are for, as it is set at the transmitter.`}
          autoComplete="off"
          spellCheck={false}
          maxLength={500}
          value={draft.audience}
          error={errorOf('audience')}
          onChange={(event) => edit({ audience: event.currentTarget.value })}
          data-field="audience"
        />
        <NativeSelect
          label={t`Users`}
          description={t`Whom its tokens mean. They end sessions of this account only.`}
          value={draft.provider}
          error={errorOf('provider')}
          onChange={(event) => edit({ provider: event.currentTarget.value })}
          data={[
            { value: '', label: t`Users found by their identity or e-mail` },
            ...providers.map(({ id, name }) => ({ value: id, label: t`Users of ${name}` })),
          ]}
          data-field="provider"
        />
      </Stack>
    </FormDialog>
  );
}
