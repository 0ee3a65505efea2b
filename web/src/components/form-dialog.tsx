import { Trans } from '@lingui/react/macro';
import { Button, Group, Stack } from '@mantine/core';
import { type FormEvent, type ReactNode, useEffect, useRef } from 'react';
import { DialogFrame } from './dialog-frame.tsx';
import { Failure } from './failure.tsx';

interface FormDialogProps {
  opened: boolean;
  title: string;
  /** The first field has `data-autofocus`. Without one, Cancel has the initial focus. */
  children: ReactNode;
  submitLabel: string;
  /** Label of the submit button while the form is sent. */
  busyLabel: string;
  isBusy: boolean;
  failure?: string | null;
  /** Absent: there is nothing to send any more, only to close. */
  onSubmit?: () => void;
  /** What the button beside does instead of closing. */
  onCancel?: () => void;
  cancelLabel?: string;
  /** What it shows cannot be shown again: only its buttons close it. */
  isKept?: boolean;
  /** Label of the button that closes it when there is nothing to send any more. */
  doneLabel?: string;
  onClose(): void;
  size?: string;
}

/** A dialog with a form. Enter sends it, Escape closes it unless it is being sent. */
export function FormDialog(props: FormDialogProps) {
  const { opened, title, children, submitLabel, busyLabel, isBusy, failure, onSubmit, size } = props;
  const { onCancel, cancelLabel, isKept = false, doneLabel } = props;
  const content = useRef<HTMLDivElement>(null);
  const isDone = onSubmit === undefined;
  // What had the focus is gone.
  useEffect(() => {
    if (isDone) content.current?.querySelector<HTMLElement>('[data-autofocus]')?.focus();
  }, [isDone]);
  const close = () => {
    if (!isBusy) props.onClose();
  };
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (!isBusy) onSubmit?.();
  };
  return (
    <DialogFrame
      ref={content}
      title={title}
      opened={opened}
      onClose={close}
      size={size}
      closeOnClickOutside={false}
      closeOnEscape={!isKept}
    >
      <form onSubmit={submit} noValidate>
        <Stack gap="md">
          {children}
          {failure && <Failure text={failure} />}
          <Group justify="flex-end" gap="sm">
            {!isDone ? (
              <>
                <Button
                  variant="default"
                  onClick={() => (onCancel && !isBusy ? onCancel() : close())}
                  data-autofocus
                  aria-disabled={isBusy}
                >
                  {cancelLabel ?? <Trans>Cancel</Trans>}
                </Button>
                <Button type="submit" aria-disabled={isBusy}>
                  {isBusy ? busyLabel : submitLabel}
                </Button>
              </>
            ) : (
              <Button data-autofocus onClick={close}>
                {doneLabel ?? <Trans>Done</Trans>}
              </Button>
            )}
          </Group>
        </Stack>
      </form>
    </DialogFrame>
  );
}
