import type { ReactNode } from 'react';
import classes from './tag.module.css';

interface TagProps {
  tone?: 'soft' | 'accent' | 'amber' | 'emerald' | 'red';
  children: ReactNode;
}

/** The state of what stands beside it, in one or two words. */
export function Tag({ tone = 'soft', children }: TagProps) {
  return (
    <span className={classes.tag} data-tone={tone}>
      {children}
    </span>
  );
}
