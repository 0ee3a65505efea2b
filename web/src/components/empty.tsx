import { Text } from '@mantine/core';
import type { ReactNode } from 'react';
import classes from './empty.module.css';

/** The message of an empty list. */
export function Empty({ children }: { children: ReactNode }) {
  return (
    <Text component="div" c="dimmed" className={classes.empty}>
      {children}
    </Text>
  );
}
