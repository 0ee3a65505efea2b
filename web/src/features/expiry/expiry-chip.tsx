import { VisuallyHidden } from '@mantine/core';
import { Clock } from 'lucide-react';
import { useSession } from '@curfew/client/react';
import { clockTime, exactMoment } from '../../lib/moment.ts';
import { stageOf } from './notice-stage.ts';
import classes from './expiry-chip.module.css';

/** Header chip shown after the notice was dismissed: the end time. */
export function ExpiryChip() {
  const state = useSession();
  const { expiresAt, watcher } = state;
  if (stageOf(state) !== 'chip' || expiresAt === null) return null;
  const endsAt = watcher.toLocal(expiresAt);
  return (
    <span className={classes.chip} title={`Your session ends at ${exactMoment(endsAt)}`}>
      <Clock size={15} aria-hidden />
      <span>
        <VisuallyHidden>Your session ends at </VisuallyHidden>
        <span aria-hidden>Ends </span>
        {clockTime(endsAt)}
      </span>
    </span>
  );
}
