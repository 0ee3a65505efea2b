import { Stack, Title } from '@mantine/core';
import { type ReactNode, useEffect, useRef } from 'react';

/** Replaces a form after it was sent. Its heading takes the focus, so that screen readers announce it. */
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
