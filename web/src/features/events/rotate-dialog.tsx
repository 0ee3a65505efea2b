import { useMutation } from '@apollo/client/react';
import { Trans, useLingui } from '@lingui/react/macro';
import { Text } from '@mantine/core';
import { useState } from 'react';
import { FormDialog } from '../../components/form-dialog.tsx';
import { RotateEventStreamSecretDocument } from '../../generated/events-operations.ts';
import { toFailure } from './stream-failure.ts';
import { StreamSecret } from './stream-secret.tsx';
import { streamName, type Stream } from './stream-words.ts';

interface RotateDialogProps {
  opened: boolean;
  stream: Stream;
  onClose(): void;
}

/** Gives a stream a new secret and shows it once. A new component for each time. */
export function RotateDialog({ opened, stream, onClose }: RotateDialogProps) {
  const { t } = useLingui();
  // The result is not kept: it holds the secret.
  const [rotate, { loading }] = useMutation(RotateEventStreamSecretDocument, { fetchPolicy: 'no-cache' });
  const [secret, setSecret] = useState<string | null>(null);
  const [failure, setFailure] = useState<string | null>(null);
  const name = streamName(stream);

  async function send() {
    setFailure(null);
    try {
      const { data } = await rotate({ variables: { streamId: stream.id } });
      setSecret(data!.rotateEventStreamSecret.secret);
    } catch (error) {
      setFailure(toFailure(error, [])?.text ?? null);
    }
  }

  return (
    <FormDialog
      opened={opened}
      size="lg"
      title={secret === null ? t`Rotate the secret of ${name}?` : t`Copy the new secret of ${name}`}
      submitLabel={t`Rotate secret`}
      busyLabel={t`Rotating…`}
      isBusy={loading}
      isKept={secret !== null}
      doneLabel={t`I have copied the secret`}
      failure={failure}
      onSubmit={secret === null ? () => void send() : undefined}
      onClose={onClose}
    >
      {secret === null ? (
        <Text>
          <Trans>
            You get a new secret, which is shown once. The old one signs beside it for 24 hours, so that your
            receiver can change over without losing an event.
          </Trans>
        </Text>
      ) : (
        <StreamSecret secret={secret}>
          <Text size="sm">
            <Trans>The old secret signs beside it for 24 hours. Give this one to your receiver before.</Trans>
          </Text>
        </StreamSecret>
      )}
    </FormDialog>
  );
}
