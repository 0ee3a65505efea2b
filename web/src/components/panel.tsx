import { Group, Stack, Text, Title } from '@mantine/core';
import { useId, type ReactNode } from 'react';
import classes from './panel.module.css';

interface PanelProps {
  title: string;
  /** One or two sentences under the title. */
  intro?: ReactNode;
  icon?: ReactNode;
  /** Controls for the whole panel. */
  actions?: ReactNode;
  children: ReactNode;
}

/** A card on a page: a region labelled by its heading. */
export function Panel({ title, intro, icon, actions, children }: PanelProps) {
  const id = useId();
  return (
    <section className={classes.panel} aria-labelledby={id}>
      <Group justify="space-between" align="flex-start" gap="sm" mb="md">
        <Stack gap={4} className={classes.heading}>
          <Group gap="xs" wrap="nowrap">
            {icon && (
              <span className={classes.icon} aria-hidden>
                {icon}
              </span>
            )}
            <Title order={2} id={id}>
              {title}
            </Title>
          </Group>
          {intro && (
            <Text c="dimmed" size="sm" component="div">
              {intro}
            </Text>
          )}
        </Stack>
        {actions}
      </Group>
      {children}
    </section>
  );
}
