import { Button, CloseButton } from '@mantine/core';
import { CalendarClock } from 'lucide-react';
import { useSignOut } from '../../components/use-sign-out.ts';
import { asAdjective, asClock } from '../../lib/duration.ts';
import { clockTime } from '../../lib/moment.ts';
import { ExpiryBar } from './expiry-bar.tsx';

interface AbsoluteBarProps {
  endsAt: Date;
  secondsRemaining: number;
  share: number;
  limitMinutes: number;
  onDismiss(): void;
}

/** Warns of the absolute limit. It cannot be extended, so the bar offers a new sign-in. */
export function AbsoluteBar({ endsAt, secondsRemaining, share, limitMinutes, onDismiss }: AbsoluteBarProps) {
  const { state, signOut } = useSignOut();
  const isBusy = state === 'busy';
  return (
    <ExpiryBar
      tone="cyan"
      icon={<CalendarClock size={20} />}
      failure={state === 'failed' ? 'Couldn’t reach Curfew. You’re still signed in. Try again.' : null}
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
    </ExpiryBar>
  );
}
