import { Center } from '@mantine/core';
import { Failure } from '../components/failure.tsx';

/** A page that could not be loaded or shown, such as after an update of the server: loading anew brings the new one. */
export function PageFailure() {
  return (
    <Center p="xl">
      <Failure text="This page could not be shown." onRetry={() => location.reload()} />
    </Center>
  );
}
