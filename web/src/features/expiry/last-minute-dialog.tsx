import { Button } from '@mantine/core';
import { type KeyboardEvent, useId, useLayoutEffect, useRef } from 'react';
import type { SessionState } from '@curfew/client';
import { asClock } from '../../lib/duration.ts';
import { clockTime } from '../../lib/moment.ts';
import { tryUntil } from './idle-bar.tsx';
import { SpokenLine } from './spoken-line.tsx';
import { useSignOut } from './use-sign-out.ts';
import classes from './last-minute-dialog.module.css';

interface LastMinuteDialogProps {
  endsAt: Date;
  secondsRemaining: number;
  extending: SessionState['extending'];
  announcement: string;
  onStay(): void;
}

// Dialogs underneath listen for Escape at the window; this tells them that it was not meant for them.
const OWN_ESCAPE = { 'data-mantine-stop-propagation': 'true' };

/**
 * The last minute. The browser's own modal dialog: over every other one, everything behind it inert, and the focus goes
 * back by itself. It stays until the server has agreed or the session is over.
 */
export function LastMinuteDialog(props: LastMinuteDialogProps) {
  const { endsAt, secondsRemaining, extending, announcement, onStay } = props;
  const id = useId();
  const dialog = useRef<HTMLDialogElement>(null);
  const { state, signOut } = useSignOut();
  const isStaying = extending === 'yes';
  const isLeaving = state === 'busy';
  const failure =
    extending === 'failed'
      ? tryUntil(endsAt)
      : state === 'failed'
        ? 'Curfew could not be reached. You are still signed in.'
        : '';

  useLayoutEffect(() => {
    const element = dialog.current!;
    element.showModal();
    // While it is still in the page; the focus would be lost otherwise.
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
      // A browser may close it all the same, when Escape is pressed again and again.
      onClose={() => {
        if (dialog.current?.isConnected && !dialog.current.open) dialog.current.showModal();
      }}
      {...OWN_ESCAPE}
    >
      <h2 id={`${id}-title`}>Are you still there?</h2>
      <p className={classes.countdown} aria-hidden>
        You’ll be signed out in <b>{asClock(secondsRemaining)}</b>.
      </p>
      <p id={`${id}-text`}>Your session ends at {clockTime(endsAt)} because you’ve been inactive.</p>
      <p role="status" className={classes.failure}>
        {failure}
      </p>
      <div className={classes.actions}>
        <Button onClick={onStay} aria-disabled={isStaying} {...OWN_ESCAPE}>
          {isStaying ? 'One moment…' : 'Stay signed in'}
        </Button>
        <Button variant="default" onClick={signOut} aria-disabled={isLeaving} {...OWN_ESCAPE}>
          {isLeaving ? 'Signing out…' : 'Sign out now'}
        </Button>
      </div>
      <SpokenLine text={announcement} />
    </dialog>
  );
}
