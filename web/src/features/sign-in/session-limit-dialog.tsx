import { useLingui } from '@lingui/react/macro';
import { Modal } from '@mantine/core';
import { useEffect, useState } from 'react';
import { SessionChoice } from './session-choice.tsx';
import type { SessionChoices } from './session-limit.ts';

interface SessionLimitDialogProps {
  opened: boolean;
  choices: SessionChoices;
  isRepeated: boolean;
  failure: string | null;
  isBusy: boolean;
  onContinue(sessionIds: string[]): void;
  onClose(): void;
}

/** The style element that removes the scroll bar would violate the content security policy. It is not needed. */
const WITHOUT_STYLE_ELEMENT = { removeScrollBar: false };

/** Over the form, which keeps what was typed: the sign-in is repeated with it. */
export function SessionLimitDialog({
  opened,
  choices,
  onContinue,
  onClose,
  ...state
}: SessionLimitDialogProps) {
  const { t } = useLingui();
  // Mantine returns the focus only from a dialog that was mounted before it opened.
  const [isMounted, setMounted] = useState(false);
  useEffect(() => setMounted(true), []);
  const close = () => {
    if (!state.isBusy) onClose();
  };
  return (
    <Modal.Root
      opened={opened && isMounted}
      onClose={close}
      centered
      removeScrollProps={WITHOUT_STYLE_ELEMENT}
    >
      <Modal.Overlay />
      <Modal.Content>
        {/* Removes the landmark role: this is not the header of the page. */}
        <Modal.Header role="presentation">
          <Modal.Title fw={650} lh={1.3}>
            {t`Sign out somewhere else first`}
          </Modal.Title>
          <Modal.CloseButton aria-label={t`Close`} />
        </Modal.Header>
        <Modal.Body>
          <SessionChoice
            {...state}
            choices={choices}
            busyLabel={t`Signing in…`}
            cancelLabel={t`Cancel`}
            onContinue={onContinue}
            onCancel={close}
          />
        </Modal.Body>
      </Modal.Content>
    </Modal.Root>
  );
}
