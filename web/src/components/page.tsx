import { Stack, Text, Title } from '@mantine/core';
import { type ReactNode, useEffect, useRef } from 'react';

interface PageProps {
  /** The heading, and the document's title. */
  title: string;
  /** The document's title where the heading is no name for the page. */
  documentTitle?: string;
  intro?: ReactNode;
  icon?: ReactNode;
  children: ReactNode;
}

/** A page of the dashboard. After a change of page its heading has the focus, so that a screen reader says where one is. */
export function Page({ title, documentTitle = title, intro, icon, children }: PageProps) {
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => {
    document.title = `${documentTitle} · Curfew`;
    // Not at the first load, where the browser starts at the top by itself, and not out of a field. The router keys
    // what it went to, also where that took the place of the sign-in.
    if (document.activeElement === document.body && history.state?.key) heading.current?.focus();
  }, [documentTitle]);
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
          {title}
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
