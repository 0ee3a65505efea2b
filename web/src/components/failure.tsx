import { Trans } from '@lingui/react/macro';
import { Button } from '@mantine/core';
import { TriangleAlert } from 'lucide-react';
import { Notice } from './notice.tsx';

/** An error message with an optional retry button. */
export function Failure({ text, onRetry }: { text: string; onRetry?: () => void }) {
  return (
    <Notice
      tone="red"
      role="alert"
      icon={<TriangleAlert size={18} />}
      actions={
        onRetry && (
          <Button size="xs" variant="default" onClick={onRetry}>
            <Trans>Try again</Trans>
          </Button>
        )
      }
    >
      {text}
    </Notice>
  );
}
