import { Trans, useLingui } from '@lingui/react/macro';
import { Button } from '@mantine/core';
import { type KeyboardEvent, useId, useLayoutEffect, useRef } from 'react';
import type { SessionState } from '@curfew/client';
import { useSignOut } from '../../components/use-sign-out.ts';
import { asClock } from '../../lib/duration.ts';
import { clockTime } from '../../lib/moment.ts';
import { retryMessage } from './idle-bar.tsx';
import { LiveRegion } from './live-region.tsx';
import classes from './last-minute-dialog.module.css';

interface LastMinuteDialogProps {
  endsAt: Date;
  secondsRemaining: number;
  extending: SessionState['extending'];
  announcement: string;
  onStay(): void;
}

// Mantine dialogs underneath listen for Escape on the window; this attribute makes them ignore it.
const STOP_ESCAPE = { 'data-mantine-stop-propagation': 'true' };

/**
 * Asks in the last minute before the idle limit. A native modal dialog lies above all others, makes the page inert and
 * returns the focus. It stays until the server has confirmed the extension or the session has ended.
 */
export function LastMinuteDialog(props: LastMinuteDialogProps) {
  const { endsAt, secondsRemaining, extending, announcement, onStay } = props;
  const { t } = useLingui();
  const id = useId();
  const dialog = useRef<HTMLDialogElement>(null);
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

  useLayoutEffect(() => {
    const element = dialog.current!;
    element.showModal();
    // Closes the dialog before it is removed; otherwise the focus would be lost.
    return () => element.close();
  }, []);

  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key !== 'Escape') return;
    event.preventDefault();
    onStay();
  };

  return (
    <dialog
      ref={dialog}
      role="alertdialog"
      aria-labelledby={`${id}-title`}
      aria-describedby={`${id}-text`}
      className={classes.dialog}
      onKeyDown={onKeyDown}
      onCancel={(event) => {
        event.preventDefault();
        onStay();
      }}
      // Browsers close a dialog on repeated Escape even though `onCancel` prevents it.
      onClose={() => {
        if (dialog.current?.isConnected && !dialog.current.open) dialog.current.showModal();
      }}
      {...STOP_ESCAPE}
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
        <Button onClick={onStay} aria-disabled={isStaying} {...STOP_ESCAPE}>
          <span>{isStaying ? t`One moment…` : t`Stay signed in`}</span>
        </Button>
        <Button variant="default" onClick={signOut} aria-disabled={isSigningOut} {...STOP_ESCAPE}>
          <span>{isSigningOut ? t`Signing out…` : t`Sign out now`}</span>
        </Button>
      </div>
      <LiveRegion text={announcement} />
    </dialog>
  );
}
