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
  /** Null: the user cannot confirm that it is them without a new session. */
  onConfirm: (() => void) | null;
  onDismiss(): void;
}

/** Warns of the absolute limit. Offers to move it by confirming who is there, or else a new sign-in. */
export function AbsoluteBar(props: AbsoluteBarProps) {
  const { endsAt, secondsRemaining, share, limitMinutes, onConfirm, onDismiss } = props;
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
          {onConfirm ? (
            <Button size="sm" onClick={() => onConfirm()}>
              <Trans>Confirm it’s you</Trans>
            </Button>
          ) : (
            <Button size="sm" variant="default" onClick={signOut} aria-disabled={isBusy}>
              <span>{isBusy ? t`One moment…` : t`Sign in now`}</span>
            </Button>
          )}
          <CloseButton
            variant="transparent"
            c="inherit"
            aria-label={t`Dismiss this notice`}
            onClick={onDismiss}
          />
        </>
      }
    >
      {onConfirm ? (
        <Trans>
          Your session reaches its {limit} limit at {clock}. Confirm it’s you to stay signed in.
        </Trans>
      ) : (
        <Trans>
          Your session reaches its {limit} limit at {clock}. It can’t be extended.
        </Trans>
      )}
    </ExpiryBar>
  );
}
