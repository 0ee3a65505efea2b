import { Trans, useLingui } from '@lingui/react/macro';
import { UnstyledButton, VisuallyHidden } from '@mantine/core';
import { Clock } from 'lucide-react';
import { useSession } from '@curfew/client/react';
import { clockTime, exactMoment } from '../../lib/moment.ts';
import { useConfirmDeadline } from './use-confirm-deadline.ts';
import classes from './expiry-chip.module.css';

/** Header chip shown after the notice was dismissed: the end time, and a way to move it. */
export function ExpiryChip() {
  const { t } = useLingui();
  const confirmDeadline = useConfirmDeadline();
  const { status, warning, reason, isDismissed, expiresAt, watcher, reauthentication } = useSession();
  const isShown = status === 'active' && warning !== 'none' && reason === 'ABSOLUTE' && isDismissed;
  if (!isShown || expiresAt === null) return null;
  const endsAt = watcher.toLocal(expiresAt);
  const exact = exactMoment(endsAt);
  const clock = clockTime(endsAt);
  const content = (
    <>
      <Clock size={15} aria-hidden />
      <span>
        <VisuallyHidden>
          <Trans>Your session ends at {clock}</Trans>
        </VisuallyHidden>
        <span aria-hidden>
          <Trans>Ends {clock}</Trans>
        </span>
      </span>
    </>
  );
  if (reauthentication === 'impossible') {
    return (
      <span className={classes.chip} title={t`Your session ends: ${exact}`}>
        {content}
      </span>
    );
  }
  return (
    <UnstyledButton
      className={classes.chip}
      title={t`Your session ends: ${exact}. Confirm it’s you to stay signed in.`}
      onClick={() => confirmDeadline()}
    >
      {content}
      <VisuallyHidden>
        <Trans>Confirm it’s you</Trans>
      </VisuallyHidden>
    </UnstyledButton>
  );
}
