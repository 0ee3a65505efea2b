import { useMutation } from '@apollo/client/react';
import { Trans } from '@lingui/react/macro';
import { useState } from 'react';
import { DialogFrame } from '../../components/dialog-frame.tsx';
import { CreateServiceKeyDocument, type CreateServiceKeyMutation } from '../../generated/operations.ts';
import { CreateKeyForm } from './create-key-form.tsx';
import { NewKey } from './new-key.tsx';

type Created = CreateServiceKeyMutation['createServiceKey'];

/** Asks for a name and an expiry, creates the key, and then shows it, once. */
export function CreateKeyDialog({ opened, onClose }: { opened: boolean; onClose(): void }) {
  // The result is not kept: it holds the key.
  const [create, { loading, client }] = useMutation(CreateServiceKeyDocument, {
    refetchQueries: ['ServiceKeys'],
    fetchPolicy: 'no-cache',
  });
  const [created, setCreated] = useState<Created | null>(null);

  const close = () => {
    if (!loading) onClose();
  };
  return (
    <DialogFrame
      title={
        created ? (
          <Trans>Copy the service key of {created.serviceKey.name}</Trans>
        ) : (
          <Trans>Create a service key</Trans>
        )
      }
      opened={opened}
      onClose={close}
      onExitTransitionEnd={() => setCreated(null)}
      // A key that was not copied is lost: only the buttons close the dialog then.
      closeOnClickOutside={created === null}
      closeOnEscape={created === null}
      size="lg"
    >
      {created ? (
        <NewKey serviceKey={created.key} scope={created.serviceKey.scope} onDone={close} />
      ) : (
        <CreateKeyForm
          isBusy={loading}
          onCancel={close}
          onCreate={async (input) => {
            try {
              const { data } = await create({ variables: { input } });
              setCreated(data!.createServiceKey);
            } catch (error) {
              // The answer may be lost, and the key in the list.
              void client.refetchQueries({ include: ['ServiceKeys'] }).catch(() => {});
              throw error;
            }
          }}
        />
      )}
    </DialogFrame>
  );
}
