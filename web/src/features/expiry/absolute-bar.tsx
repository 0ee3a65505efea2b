import { Trans, useLingui } from '@lingui/react/macro';
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
  const { t } = useLingui();
  const { state, signOut } = useSignOut();
  const limit = asAdjective(limitMinutes);
  const clock = clockTime(endsAt);
  const isBusy = state === 'busy';
  return (
    <ExpiryBar
      tone="cyan"
      icon={<CalendarClock size={20} />}
      failure={state === 'failed' ? t`Couldn’t reach Curfew. You’re still signed in. Try again.` : null}
      countdown={asClock(secondsRemaining)}
      share={share}
      actions={
        <>
          <Button size="sm" variant="default" onClick={signOut} aria-disabled={isBusy}>
            <span>{isBusy ? t`One moment…` : t`Sign in now`}</span>
          </Button>
          <CloseButton
            variant="transparent"
            c="inherit"
            aria-label={t`Dismiss this notice`}
            onClick={onDismiss}
          />
        </>
      }
    >
      <Trans>
        Your session reaches its {limit} limit at {clock}. It can’t be extended.
      </Trans>
    </ExpiryBar>
  );
}
