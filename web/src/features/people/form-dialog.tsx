import { Trans, useLingui } from '@lingui/react/macro';
import { Button, Group, Modal, Stack } from '@mantine/core';
import { type FormEvent, type ReactNode, useEffect, useRef } from 'react';
import { Failure } from '../../components/failure.tsx';

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
  onClose(): void;
  size?: string;
}

/** The style element that removes the scroll bar would violate the content security policy. It is not needed. */
const WITHOUT_STYLE_ELEMENT = { removeScrollBar: false };

/** A dialog with a form. Enter sends it, Escape closes it unless it is being sent. */
export function FormDialog(props: FormDialogProps) {
  const { opened, title, children, submitLabel, busyLabel, isBusy, failure, onSubmit, size } = props;
  const { onCancel, cancelLabel } = props;
  const { t } = useLingui();
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
    <Modal.Root
      opened={opened}
      onClose={close}
      centered
      size={size}
      closeOnClickOutside={false}
      removeScrollProps={WITHOUT_STYLE_ELEMENT}
    >
      <Modal.Overlay />
      <Modal.Content ref={content}>
        {/* Removes the landmark role: this is not the header of the page. */}
        <Modal.Header role="presentation">
          <Modal.Title fw={650} lh={1.3}>
            {title}
          </Modal.Title>
          <Modal.CloseButton aria-label={t`Close`} />
        </Modal.Header>
        <Modal.Body>
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
                    <Trans>Done</Trans>
                  </Button>
                )}
              </Group>
            </Stack>
          </form>
        </Modal.Body>
      </Modal.Content>
    </Modal.Root>
  );
}
