import { Button } from '@mantine/core';
import { newSignIns } from '../../lib/count.ts';
import classes from './list-bar.module.css';

interface ListBarProps {
  /** Describes the list while it has no new items. */
  text: string;
  newItems: number;
  onShow(): void;
}

/** Stands above a list at all times, so that an offer of new items moves nothing below it. */
export function ListBar({ text, newItems, onShow }: ListBarProps) {
  return (
    <div className={classes.bar} data-has-new={newItems > 0}>
      <span role="status">{newItems > 0 ? `${newSignIns(newItems)}.` : text}</span>
      {newItems > 0 && (
        <Button size="compact-sm" variant="light" onClick={onShow}>
          Show
        </Button>
      )}
    </div>
  );
}
