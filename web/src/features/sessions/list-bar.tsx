import { Trans } from '@lingui/react/macro';
import { Button } from '@mantine/core';
import type { ReactNode } from 'react';
import classes from './list-bar.module.css';

interface ListBarProps {
  /** Describes the list while it has no new items. */
  text: string;
  newItems: number;
  /** Says how many there are. */
  newText: string;
  onShow(): void;
  /** For the whole list. */
  children?: ReactNode;
}

/** Stands above a list at all times, so that an offer of new items moves nothing below it. */
export function ListBar({ text, newItems, newText, onShow, children }: ListBarProps) {
  return (
    <div className={classes.bar}>
      <div className={classes.line} data-has-new={newItems > 0}>
        <span role="status">{newItems > 0 ? newText : text}</span>
        {newItems > 0 && (
          <Button size="compact-sm" variant="light" onClick={onShow}>
            <Trans>Show</Trans>
          </Button>
        )}
      </div>
      {children && <div className={classes.line}>{children}</div>}
    </div>
  );
}
