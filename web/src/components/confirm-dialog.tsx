import { Trans, useLingui } from '@lingui/react/macro';
import { Button, Group, Modal, Stack, Text } from '@mantine/core';
import type { ReactNode } from 'react';
import { Failure } from './failure.tsx';

interface ConfirmDialogProps {
  opened: boolean;
  title: string;
  children: ReactNode;
  confirmLabel: string;
  /** Label of the confirm button while the action runs. */
  busyLabel: string;
  isBusy: boolean;
  /** Colours the confirm button red, for irreversible actions. */
  isDangerous?: boolean;
  failure?: string | null;
  onConfirm(): void;
  onClose(): void;
}

/** The style element that removes the scroll bar would violate the content security policy. It is not needed. */
const WITHOUT_STYLE_ELEMENT = { removeScrollBar: false };

/** Mantine always sets the role `dialog`. */
const asAlertDialog = (element: HTMLElement | null) => element?.setAttribute('role', 'alertdialog');

/** Asks for confirmation. Cancel has the initial focus, or a field with `data-autofocus`; Escape cancels. */
export function ConfirmDialog(props: ConfirmDialogProps) {
  const { opened, title, children, confirmLabel, busyLabel, isBusy, isDangerous, failure } = props;
  const { t } = useLingui();
  const close = () => {
    if (!isBusy) props.onClose();
  };
  return (
    <Modal.Root opened={opened} onClose={close} centered removeScrollProps={WITHOUT_STYLE_ELEMENT}>
      <Modal.Overlay />
      <Modal.Content ref={asAlertDialog}>
        {/* Removes the landmark role: this is not the header of the page. */}
        <Modal.Header role="presentation">
          <Modal.Title fw={650} lh={1.3}>
            {title}
          </Modal.Title>
          <Modal.CloseButton aria-label={t`Close`} />
        </Modal.Header>
        <Modal.Body>
          <Stack gap="md">
            <Text component="div">{children}</Text>
            {failure && <Failure text={failure} />}
            <Group justify="flex-end" gap="sm">
              <Button variant="default" onClick={close} data-autofocus aria-disabled={isBusy}>
                <Trans>Cancel</Trans>
              </Button>
              <Button
                color={isDangerous ? 'red.8' : undefined}
                autoContrast={!isDangerous}
                aria-disabled={isBusy}
                onClick={() => {
                  if (!isBusy) props.onConfirm();
                }}
              >
                {isBusy ? busyLabel : confirmLabel}
              </Button>
            </Group>
          </Stack>
        </Modal.Body>
      </Modal.Content>
    </Modal.Root>
  );
}
