import { Container } from '@mantine/core';
import { NotFound } from './not-found.tsx';

/** For a path that no page has. It needs no sign-in: the server answers with 404. */
export function UnknownPage() {
  return (
    <Container component="main" size="sm" py="xl">
      <NotFound />
    </Container>
  );
}
