import { Trans } from '@lingui/react/macro';
import { Button, Group, Stack, Text } from '@mantine/core';
import type { ReactNode } from 'react';
import { DialogFrame } from './dialog-frame.tsx';
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
  /** For a dialog with more than a sentence or two. */
  size?: string;
  onConfirm(): void;
  onClose(): void;
}

/** Mantine always sets the role `dialog`. */
const asAlertDialog = (element: HTMLElement | null) => element?.setAttribute('role', 'alertdialog');

/** Asks for confirmation. Cancel has the initial focus, or a field with `data-autofocus`; Escape cancels. */
export function ConfirmDialog(props: ConfirmDialogProps) {
  const { opened, title, children, confirmLabel, busyLabel, isBusy, isDangerous, failure, size } = props;
  const close = () => {
    if (!isBusy) props.onClose();
  };
  return (
    <DialogFrame ref={asAlertDialog} title={title} opened={opened} onClose={close} size={size}>
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
    </DialogFrame>
  );
}
