import { Button, Group, Modal, Stack, Text } from '@mantine/core';
import type { ReactNode } from 'react';
import { Failure } from './failure.tsx';

interface ConfirmDialogProps {
  opened: boolean;
  title: string;
  children: ReactNode;
  confirmLabel: string;
  /** What it is called while it happens. */
  busyLabel: string;
  isBusy: boolean;
  /** Tinted as something that cannot be taken back. */
  isDangerous?: boolean;
  failure?: string | null;
  onConfirm(): void;
  onClose(): void;
}

/** The page stands still without it, too; its own style element would breach the content security policy. */
const WITHOUT_STYLE_ELEMENT = { removeScrollBar: false };

/** Mantine's own role for it is `dialog`, whatever is asked for. */
const asAlertDialog = (element: HTMLElement | null) => element?.setAttribute('role', 'alertdialog');

/** Asks before something that cannot be taken back. The way out has the focus; Escape takes it. */
export function ConfirmDialog(props: ConfirmDialogProps) {
  const { opened, title, children, confirmLabel, busyLabel, isBusy, isDangerous, failure } = props;
  const close = () => {
    if (!isBusy) props.onClose();
  };
  return (
    <Modal.Root opened={opened} onClose={close} centered removeScrollProps={WITHOUT_STYLE_ELEMENT}>
      <Modal.Overlay />
      <Modal.Content ref={asAlertDialog}>
        {/* A header of the dialog, not of the page: no landmark. */}
        <Modal.Header role="presentation">
          <Modal.Title fw={650} lh={1.3}>
            {title}
          </Modal.Title>
          <Modal.CloseButton aria-label="Close" />
        </Modal.Header>
        <Modal.Body>
          <Stack gap="md">
            <Text component="div">{children}</Text>
            {failure && <Failure text={failure} />}
            <Group justify="flex-end" gap="sm">
              <Button variant="default" onClick={close} data-autofocus aria-disabled={isBusy}>
                Cancel
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
