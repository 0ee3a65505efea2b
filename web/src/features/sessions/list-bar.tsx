import { Button } from '@mantine/core';
import { newSignIns } from './counting.ts';
import classes from './list-bar.module.css';

interface ListBarProps {
  /** What the list is, as long as nothing has come to it. */
  text: string;
  arrivals: number;
  onShow(): void;
}

/** Over a list, and always there: what is new is offered in it, and nothing below moves. */
export function ListBar({ text, arrivals, onShow }: ListBarProps) {
  return (
    <div className={classes.bar} data-has-news={arrivals > 0}>
      <span role="status">{arrivals > 0 ? `${newSignIns(arrivals)}.` : text}</span>
      {arrivals > 0 && (
        <Button size="compact-sm" variant="light" onClick={onShow}>
          Show
        </Button>
      )}
    </div>
  );
}
