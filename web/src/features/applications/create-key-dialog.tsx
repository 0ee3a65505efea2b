import { useMutation } from '@apollo/client/react';
import { Trans, useLingui } from '@lingui/react/macro';
import { Modal } from '@mantine/core';
import { useState } from 'react';
import { CreateServiceKeyDocument, type CreateServiceKeyMutation } from '../../generated/operations.ts';
import { CreateKeyForm } from './create-key-form.tsx';
import { NewKey } from './new-key.tsx';

/** The style element that removes the scroll bar would violate the content security policy. It is not needed. */
const WITHOUT_STYLE_ELEMENT = { removeScrollBar: false };

type Created = CreateServiceKeyMutation['createServiceKey'];

/** Asks for a name and an expiry, creates the key, and then shows it, once. */
export function CreateKeyDialog({ opened, onClose }: { opened: boolean; onClose(): void }) {
  const { t } = useLingui();
  // The result is not kept: it holds the key.
  const [create, { loading }] = useMutation(CreateServiceKeyDocument, {
    refetchQueries: ['ServiceKeys'],
    fetchPolicy: 'no-cache',
  });
  const [created, setCreated] = useState<Created | null>(null);

  const close = () => {
    if (!loading) onClose();
  };
  return (
    <Modal.Root
      opened={opened}
      onClose={close}
      onExitTransitionEnd={() => setCreated(null)}
      // A key that was not copied is lost: only the buttons close the dialog then.
      closeOnClickOutside={created === null}
      closeOnEscape={created === null}
      size="lg"
      centered
      removeScrollProps={WITHOUT_STYLE_ELEMENT}
    >
      <Modal.Overlay />
      <Modal.Content>
        {/* Removes the landmark role: this is not the header of the page. */}
        <Modal.Header role="presentation">
          <Modal.Title fw={650} lh={1.3}>
            {created ? (
              <Trans>Copy the service key of {created.serviceKey.name}</Trans>
            ) : (
              <Trans>Create a service key</Trans>
            )}
          </Modal.Title>
          <Modal.CloseButton aria-label={t`Close`} />
        </Modal.Header>
        <Modal.Body>
          {created ? (
            <NewKey serviceKey={created.key} onDone={close} />
          ) : (
            <CreateKeyForm
              isBusy={loading}
              onCancel={close}
              onCreate={async (input) => {
                const { data } = await create({ variables: { input } });
                setCreated(data!.createServiceKey);
              }}
            />
          )}
        </Modal.Body>
      </Modal.Content>
    </Modal.Root>
  );
}
