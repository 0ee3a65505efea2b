import { Button } from '@mantine/core';
import { Hourglass } from 'lucide-react';
import type { SessionState } from '@curfew/client';
import { asClock } from '../../lib/duration.ts';
import { clockTime } from '../../lib/moment.ts';
import { Bar } from './bar.tsx';

interface IdleBarProps {
  endsAt: Date;
  secondsRemaining: number;
  share: number;
  extending: SessionState['extending'];
  onStay(): void;
}

/** Inactive for long. It goes when the server has agreed to go on, not when the button was pressed. */
export function IdleBar({ endsAt, secondsRemaining, share, extending, onStay }: IdleBarProps) {
  const isBusy = extending === 'yes';
  return (
    <Bar
      tone="amber"
      icon={<Hourglass size={20} />}
      failure={extending === 'failed' ? tryUntil(endsAt) : null}
      countdown={asClock(secondsRemaining)}
      share={share}
      actions={
        <Button size="sm" onClick={onStay} aria-disabled={isBusy}>
          {isBusy ? 'One moment…' : 'Stay signed in'}
        </Button>
      }
    >
      You’ll be signed out at {clockTime(endsAt)} because you’ve been inactive.
    </Bar>
  );
}

export const tryUntil = (endsAt: Date): string =>
  `Curfew could not be reached. You can try again until ${clockTime(endsAt)}.`;
