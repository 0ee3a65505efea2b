import { Trans, useLingui } from '@lingui/react/macro';
import { Button } from '@mantine/core';
import { Failure } from '../../components/failure.tsx';
import type { AuthProvider } from '../../lib/pending-sign-in.ts';
import buttonClasses from './named-button.module.css';
import classes from './provider-buttons.module.css';
import { useProviderSignIn } from './use-provider-sign-in.ts';

export interface ProviderButtonsProps {
  providers: AuthProvider[];
  /** The path to open after the sign-in. */
  next: string;
  isShared: boolean;
  /** True when signed in already, while the next page loads. */
  isSignedIn: boolean;
}

/** One button per identity provider, below the form. */
export function ProviderButtons({ providers, next, isShared, isSignedIn }: ProviderButtonsProps) {
  const { t } = useLingui();
  const { goingTo, failure, go } = useProviderSignIn({ next, isShared });
  const isBusy = isSignedIn || goingTo !== null;
  return (
    <div className={classes.others} role="group" aria-label={t`Other ways to sign in`}>
      <p className={classes.or} aria-hidden>
        <Trans>or</Trans>
      </p>
      {failure && <Failure text={failure} />}
      {providers.map((provider) => (
        <Button
          key={provider.id}
          variant="default"
          size="md"
          fullWidth
          className={buttonClasses.named}
          leftSection={
            <span className={classes.mark} aria-hidden>
              {[...provider.name][0]}
            </span>
          }
          aria-disabled={isBusy}
          onClick={() => {
            if (!isBusy) go(provider);
          }}
        >
          {goingTo?.id === provider.id ? (
            <Trans>Going to {provider.name}…</Trans>
          ) : (
            <Trans>Continue with {provider.name}</Trans>
          )}
        </Button>
      ))}
    </div>
  );
}
