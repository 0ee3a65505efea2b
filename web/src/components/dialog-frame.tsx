import { useLingui } from '@lingui/react/macro';
import { Modal, type ModalRootProps } from '@mantine/core';
import type { ReactNode, Ref } from 'react';

interface DialogFrameProps extends Omit<ModalRootProps, 'title' | 'ref'> {
  title: ReactNode;
  /** Of its content. */
  ref?: Ref<HTMLDivElement>;
  children: ReactNode;
}

/** The style element that removes the scroll bar would violate the content security policy. It is not needed. */
const WITHOUT_STYLE_ELEMENT = { removeScrollBar: false };

/** A dialog with its title and the button that closes it. */
export function DialogFrame({ title, ref, children, ...props }: DialogFrameProps) {
  const { t } = useLingui();
  return (
    <Modal.Root {...props} centered removeScrollProps={WITHOUT_STYLE_ELEMENT}>
      <Modal.Overlay />
      <Modal.Content ref={ref}>
        {/* Removes the landmark role: this is not the header of the page. */}
        <Modal.Header role="presentation">
          <Modal.Title fw={650} lh={1.3}>
            {title}
          </Modal.Title>
          <Modal.CloseButton aria-label={t`Close`} />
        </Modal.Header>
        <Modal.Body>{children}</Modal.Body>
      </Modal.Content>
    </Modal.Root>
  );
}
