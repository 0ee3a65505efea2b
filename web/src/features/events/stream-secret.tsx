import { Trans, useLingui } from '@lingui/react/macro';
import { Stack, Text } from '@mantine/core';
import { TriangleAlert } from 'lucide-react';
import type { ReactNode } from 'react';
import { CopyText } from '../../components/copy-text.tsx';
import { Notice } from '../../components/notice.tsx';
import { Guide } from './guide.tsx';

interface StreamSecretProps {
  secret: string;
  /** What the receiver has to know beside it. */
  children?: ReactNode;
}

/** The secret of a stream, which exists only here: it is in no cache and in no storage of the page. */
export function StreamSecret({ secret, children }: StreamSecretProps) {
  const { t } = useLingui();
  return (
    <Stack gap="md">
      <Notice tone="amber" icon={<TriangleAlert size={18} />}>
        <Trans>This is the only time it is shown. Curfew keeps it encrypted, to sign with it.</Trans>
      </Notice>
      <CopyText label={t`Secret`} text={secret} copyLabel={t`Copy secret`} isFocused />
      {children}
      <Text size="sm">
        <Trans>
          Your receiver verifies each event with it, by a library of Standard Webhooks or by hand. How to:{' '}
          <Guide />
        </Trans>
      </Text>
    </Stack>
  );
}
