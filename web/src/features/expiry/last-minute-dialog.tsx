import { Trans, useLingui } from '@lingui/react/macro';
import { Button } from '@mantine/core';
import { useId, useRef } from 'react';
import type { SessionState } from '@curfew/client';
import { useSignOut } from '../../components/use-sign-out.ts';
import { asClock } from '../../lib/duration.ts';
import { clockTime } from '../../lib/moment.ts';
import { retryMessage } from './idle-bar.tsx';
import { LiveRegion } from '../../components/live-region.tsx';
import { TopDialog } from '../../components/top-dialog.tsx';
import classes from './last-minute-dialog.module.css';

interface LastMinuteDialogProps {
  endsAt: Date;
  secondsRemaining: number;
  extending: SessionState['extending'];
  announcement: string;
  onStay(): void;
}

/** Asks in the last minute before the idle limit. Stays until the server has confirmed the extension or the session ended. */
export function LastMinuteDialog(props: LastMinuteDialogProps) {
  const { endsAt, secondsRemaining, extending, announcement, onStay } = props;
  const { t } = useLingui();
  const id = useId();
  const stayButton = useRef<HTMLButtonElement>(null);
  const { state, signOut } = useSignOut();
  const countdown = asClock(secondsRemaining);
  const clock = clockTime(endsAt);
  const isStaying = extending === 'yes';
  const isSigningOut = state === 'busy';
  const failure =
    extending === 'failed'
      ? retryMessage(endsAt)
      : state === 'failed'
        ? t`Couldn’t reach Curfew. You’re still signed in.`
        : '';

  return (
    <TopDialog
      role="alertdialog"
      tone="amber"
      aria-labelledby={`${id}-title`}
      aria-describedby={`${id}-text`}
      initialFocus={stayButton}
      onEscape={onStay}
    >
      <h2 id={`${id}-title`}>
        <Trans>Are you still there?</Trans>
      </h2>
      <p className={classes.countdown} aria-hidden>
        <Trans>
          You’ll be signed out in <b>{countdown}</b>.
        </Trans>
      </p>
      <p id={`${id}-text`}>
        <Trans>Your session ends at {clock} because you’ve been inactive.</Trans>
      </p>
      <p role="status" className={classes.failure}>
        {failure}
      </p>
      <div className={classes.actions}>
        <Button ref={stayButton} onClick={onStay} aria-disabled={isStaying}>
          <span>{isStaying ? t`One moment…` : t`Stay signed in`}</span>
        </Button>
        <Button variant="default" onClick={signOut} aria-disabled={isSigningOut}>
          <span>{isSigningOut ? t`Signing out…` : t`Sign out now`}</span>
        </Button>
      </div>
      <LiveRegion text={announcement} />
    </TopDialog>
  );
}
