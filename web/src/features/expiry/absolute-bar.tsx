import { Button, CloseButton } from '@mantine/core';
import { CalendarClock } from 'lucide-react';
import { asAdjective, asClock } from '../../lib/duration.ts';
import { clockTime } from '../../lib/moment.ts';
import { Bar } from './bar.tsx';
import { useSignOut } from './use-sign-out.ts';

interface AbsoluteBarProps {
  endsAt: Date;
  secondsRemaining: number;
  share: number;
  limitMinutes: number;
  onDismiss(): void;
}

/** The limit that nothing moves. Only a new sign-in begins a new session, so that is what is offered. */
export function AbsoluteBar({ endsAt, secondsRemaining, share, limitMinutes, onDismiss }: AbsoluteBarProps) {
  const { state, signOut } = useSignOut();
  const isBusy = state === 'busy';
  return (
    <Bar
      tone="cyan"
      icon={<CalendarClock size={20} />}
      failure={state === 'failed' ? 'Curfew could not be reached. You are still signed in; try again.' : null}
      countdown={asClock(secondsRemaining)}
      share={share}
      actions={
        <>
          <Button size="sm" variant="default" onClick={signOut} aria-disabled={isBusy}>
            {isBusy ? 'One moment…' : 'Sign in now'}
          </Button>
          <CloseButton
            variant="transparent"
            c="inherit"
            aria-label="Dismiss this notice"
            onClick={onDismiss}
          />
        </>
      }
    >
      Your session reaches its {asAdjective(limitMinutes)} limit at {clockTime(endsAt)}. It can’t be extended.
    </Bar>
  );
}
