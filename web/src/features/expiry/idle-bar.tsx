import { Trans, useLingui } from '@lingui/react/macro';
import { t } from '@lingui/core/macro';
import { Button } from '@mantine/core';
import { Hourglass } from 'lucide-react';
import type { SessionState } from '@curfew/client';
import { asClock } from '../../lib/duration.ts';
import { clockTime } from '../../lib/moment.ts';
import { ExpiryBar } from './expiry-bar.tsx';

interface IdleBarProps {
  endsAt: Date;
  secondsRemaining: number;
  share: number;
  extending: SessionState['extending'];
  onStay(): void;
}

/** Warns of the idle limit. Stays until the server has confirmed the extension. */
export function IdleBar({ endsAt, secondsRemaining, share, extending, onStay }: IdleBarProps) {
  const { t } = useLingui();
  const clock = clockTime(endsAt);
  const isBusy = extending === 'yes';
  return (
    <ExpiryBar
      tone="amber"
      icon={<Hourglass size={20} />}
      failure={extending === 'failed' ? retryMessage(endsAt) : null}
      countdown={asClock(secondsRemaining)}
      share={share}
      actions={
        <Button size="sm" onClick={onStay} aria-disabled={isBusy}>
          <span>{isBusy ? t`One moment…` : t`Stay signed in`}</span>
        </Button>
      }
    >
      <Trans>You’ll be signed out at {clock} because you’ve been inactive.</Trans>
    </ExpiryBar>
  );
}

export function retryMessage(endsAt: Date): string {
  const clock = clockTime(endsAt);
  return t`Couldn’t reach Curfew. You can try again until ${clock}.`;
}
