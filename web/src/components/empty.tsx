import { Text } from '@mantine/core';
import type { ReactNode } from 'react';
import classes from './empty.module.css';

/** There is nothing, and what that means. */
export function Empty({ children }: { children: ReactNode }) {
  return (
    <Text component="div" c="dimmed" className={classes.empty}>
      {children}
    </Text>
  );
}
