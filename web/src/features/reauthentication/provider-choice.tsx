import { Trans, useLingui } from '@lingui/react/macro';
import { Button } from '@mantine/core';
import { AppWindow, ExternalLink } from 'lucide-react';
import { Failure } from '../../components/failure.tsx';
import { Notice } from '../../components/notice.tsx';
import type { ConfirmationReason } from '../../lib/identity-confirmation.ts';
import type { AuthProvider } from '../../lib/pending-sign-in.ts';
import { useProviderConfirmation } from './use-provider-confirmation.ts';
import classes from './reauthentication.module.css';

interface ProviderChoiceProps {
  providers: AuthProvider[];
  reason: ConfirmationReason;
  onConfirmed(): void;
}

/** Lets the user confirm at an identity provider, in a window of its own. */
export function ProviderChoice({ providers, reason, onConfirmed }: ProviderChoiceProps) {
  const { t } = useLingui();
  const { provider, phase, open, goThere } = useProviderConfirmation(reason, onConfirmed);
  const name = provider?.name ?? '';
  return (
    <div className={classes.providers} role="group" aria-label={t`Confirm at an identity provider`}>
      {phase.kind === 'ready' && phase.failure !== null && <Failure text={phase.failure} />}
      <div role="status" className={classes.state}>
        {phase.kind === 'waiting' && (
          <Notice tone={phase.isMissed ? 'amber' : 'cyan'} icon={<AppWindow size={18} />}>
            {phase.isMissed ? (
              <Trans>You’re not confirmed yet. If the window of {name} is closed, open it again.</Trans>
            ) : (
              <Trans>Continue in the window of {name}. This page goes on when you’re done there.</Trans>
            )}
          </Notice>
        )}
        {phase.kind === 'blocked' && (
          <Notice tone="amber" icon={<AppWindow size={18} />}>
            {reason.kind === 'deadline' ? (
              <Trans>
                Your browser blocked the window of {name}. Allow it and try again, or continue in this tab:
                you’ll come back to this page, and the drafts of its forms are kept.
              </Trans>
            ) : (
              <Trans>
                Your browser blocked the window of {name}. Allow it and try again, or continue in this tab:
                you’ll come back to this page, the drafts of its forms are kept, and you start again what you
                were about to do.
              </Trans>
            )}
          </Notice>
        )}
      </div>
      {phase.kind === 'blocked' && (
        <Button ref={focusOnce} fullWidth onClick={goThere}>
          <Trans>Continue in this tab</Trans>
        </Button>
      )}
      {providers.map((each) => (
        <Button
          key={each.id}
          variant="default"
          fullWidth

          rightSection={<ExternalLink size={16} aria-hidden />}
          aria-disabled={phase.kind === 'opening'}
          onClick={() => open(each)}
        >
          {each.id !== provider?.id || phase.kind === 'ready' ? (
            <Trans>Continue with {each.name}</Trans>
          ) : phase.kind === 'opening' ? (
            <Trans>Going to {each.name}…</Trans>
          ) : (
            <Trans>Open the window again</Trans>
          )}
        </Button>
      ))}
    </div>
  );
}

/** It appears in place of a window, maybe out of sight. A stable function: called once for each button. */
const focusOnce = (button: HTMLElement | null): void => button?.focus();
