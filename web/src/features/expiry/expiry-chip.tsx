import { Trans, useLingui } from '@lingui/react/macro';
import { VisuallyHidden } from '@mantine/core';
import { Clock } from 'lucide-react';
import { useSession } from '@curfew/client/react';
import { clockTime, exactMoment } from '../../lib/moment.ts';
import { stageOf } from './notice-stage.ts';
import classes from './expiry-chip.module.css';

/** Header chip shown after the notice was dismissed: the end time. */
export function ExpiryChip() {
  const { t } = useLingui();
  const state = useSession();
  const { expiresAt, watcher } = state;
  if (stageOf(state) !== 'chip' || expiresAt === null) return null;
  const endsAt = watcher.toLocal(expiresAt);
  const exact = exactMoment(endsAt);
  const clock = clockTime(endsAt);
  return (
    <span className={classes.chip} title={t`Your session ends: ${exact}`}>
      <Clock size={15} aria-hidden />
      <span>
        <VisuallyHidden>
          <Trans>Your session ends at {clock}</Trans>
        </VisuallyHidden>
        <span aria-hidden>
          <Trans>Ends {clock}</Trans>
        </span>
      </span>
    </span>
  );
}
