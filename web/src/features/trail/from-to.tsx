import { Trans } from '@lingui/react/macro';
import { VisuallyHidden } from '@mantine/core';
import { ArrowRight } from 'lucide-react';
import type { ReactNode } from 'react';
import classes from './entries.module.css';

/** What was, and what is instead. */
export function FromTo({ before, after }: { before: ReactNode; after: ReactNode }) {
  return (
    <span>
      <span>{before}</span> <ArrowRight size={13} aria-hidden className={classes.arrow} />
      <VisuallyHidden>
        <Trans context="from one limit to another">to</Trans>
      </VisuallyHidden>{' '}
      <strong>{after}</strong>
    </span>
  );
}
