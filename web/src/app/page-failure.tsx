import { useLingui } from '@lingui/react/macro';
import { Center } from '@mantine/core';
import { Failure } from '../components/failure.tsx';

/** Shown when a page fails to load, for example after a server update. A reload loads the new version. */
export function PageFailure() {
  const { t } = useLingui();
  return (
    <Center p="xl">
      <Failure text={t`This page couldn’t be loaded.`} onRetry={() => location.reload()} />
    </Center>
  );
}
