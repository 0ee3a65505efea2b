import { Stack, Title } from '@mantine/core';
import { type ReactNode, useEffect, useRef } from 'react';

/** Takes the place of a form. Its heading has the focus, so that it is read and the next key press starts there. */
export function Outcome({ title, children }: { title: string; children: ReactNode }) {
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => heading.current?.focus(), []);
  return (
    <Stack gap="md">
      <Title order={1} ref={heading} tabIndex={-1}>
        {title}
      </Title>
      {children}
    </Stack>
  );
}
