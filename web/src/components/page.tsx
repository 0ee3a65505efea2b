import { Stack, Text, Title } from '@mantine/core';
import { type ReactNode, useEffect, useRef } from 'react';

interface PageProps {
  /** The heading and the document title. */
  title: string;
  intro?: ReactNode;
  icon?: ReactNode;
  children: ReactNode;
}

/** A page of the dashboard. After navigation its heading takes the focus, so that screen readers announce the page. */
export function Page({ title, intro, icon, children }: PageProps) {
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => {
    document.title = `${title} · Curfew`;
    // Not on the first load, and not out of a focused field. The router sets a key on every navigation, including the
    // redirect that replaces the sign-in page.
    if (document.activeElement === document.body && history.state?.key) heading.current?.focus();
  }, [title]);
  return (
    <Stack gap="lg">
      <header>
        <Title
          order={1}
          ref={heading}
          tabIndex={-1}
          style={{ display: 'flex', alignItems: 'center', gap: '0.6rem' }}
        >
          {icon && (
            <span aria-hidden style={{ display: 'inline-flex', color: 'var(--curfew-accent)' }}>
              {icon}
            </span>
          )}
          <span>{title}</span>
        </Title>
        {intro && (
          <Text c="dimmed" mt={6} maw="42rem">
            {intro}
          </Text>
        )}
      </header>
      {children}
    </Stack>
  );
}
