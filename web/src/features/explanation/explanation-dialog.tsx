import { useLingui } from '@lingui/react/macro';
import { Drawer } from '@mantine/core';
import { Explanation } from './explanation.tsx';

interface ExplanationDialogProps {
  opened: boolean;
  title: string;
  sessionId: string;
  onClose(): void;
}

/** The style element that removes the scroll bar would violate the content security policy. It is not needed. */
const WITHOUT_STYLE_ELEMENT = { removeScrollBar: false };

/** The explanation at the side of the page, which stays in sight. Escape and a click beside it close it. */
export function ExplanationDialog({ opened, title, sessionId, onClose }: ExplanationDialogProps) {
  const { t } = useLingui();
  return (
    <Drawer.Root
      opened={opened}
      onClose={onClose}
      position="right"
      size="min(28rem, 100vw)"
      removeScrollProps={WITHOUT_STYLE_ELEMENT}
    >
      <Drawer.Overlay />
      <Drawer.Content>
        {/* Removes the landmark role: this is not the header of the page. */}
        <Drawer.Header role="presentation">
          <Drawer.Title fw={650} lh={1.3} me="sm">
            {title}
          </Drawer.Title>
          <Drawer.CloseButton aria-label={t`Close`} data-autofocus />
        </Drawer.Header>
        <Drawer.Body>
          <Explanation sessionId={sessionId} />
        </Drawer.Body>
      </Drawer.Content>
    </Drawer.Root>
  );
}
