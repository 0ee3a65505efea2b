import { Trans, useLingui } from '@lingui/react/macro';
import { Button, Group, Stack, Text } from '@mantine/core';
import { TriangleAlert } from 'lucide-react';
import { Notice } from '../../components/notice.tsx';
import { CopyText } from '../../components/copy-text.tsx';
import type { ServiceKeyScope } from '../../generated/operations.ts';
import { streamUsageOf, usageOf } from './usage.ts';

interface NewKeyProps {
  serviceKey: string;
  /** Null: it may do everything. */
  scope: ServiceKeyScope | null;
  onDone(): void;
}

/** A key that was just created, and how to use it. The key exists only here: it is in no cache and in no storage. */
export function NewKey({ serviceKey, scope, onDone }: NewKeyProps) {
  const { t } = useLingui();
  const isOfStreams = scope === 'SSF';
  return (
    <Stack gap="md">
      <Notice tone="amber" icon={<TriangleAlert size={18} />}>
        <Trans>This is the only time it is shown. Curfew stores only a hash of it.</Trans>
      </Notice>
      <CopyText label={t`Service key`} text={serviceKey} copyLabel={t`Copy key`} isFocused />
      <Text size="sm">
        {isOfStreams ? (
          <Trans>
            Keep it where your receiver keeps its secrets, for example in the environment variable{' '}
            <code>CURFEW_SERVICE_KEY</code>. This command creates the first stream, which is polled:
          </Trans>
        ) : (
          <Trans>
            Keep it where your application keeps its secrets, for example in the environment variable{' '}
            <code>CURFEW_SERVICE_KEY</code>. In its back end, these three lines open the first session:
          </Trans>
        )}
      </Text>
      <CopyText
        label={t`Code`}
        text={isOfStreams ? streamUsageOf(location.origin) : usageOf(location.origin)}
        copyLabel={t`Copy code`}
      />
      <Group justify="flex-end">
        <Button onClick={onDone}>
          <Trans>I have copied the key</Trans>
        </Button>
      </Group>
    </Stack>
  );
}
