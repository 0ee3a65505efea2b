import { Trans, useLingui } from '@lingui/react/macro';
import { Button } from '@mantine/core';
import { LogOut } from 'lucide-react';
import classes from './sign-out-button.module.css';

interface SignOutButtonProps {
  /** The target, such as `Firefox on Linux`. */
  what: string;
  /** The target has been signed out. */
  isEnded: boolean;
  onSignOut(): void;
}

/** Stays in place after the sign-out, because it may have the focus. */
export function SignOutButton({ what, isEnded, onSignOut }: SignOutButtonProps) {
  const { t } = useLingui();
  return (
    <Button
      size="compact-sm"
      variant="subtle"
      color="gray"
      className={classes.out}
      leftSection={<LogOut size={14} aria-hidden />}
      aria-disabled={isEnded}
      aria-label={isEnded ? t`Signed out: ${what}` : t`Sign out ${what}`}
      onClick={() => {
        if (!isEnded) onSignOut();
      }}
    >
      {isEnded ? (
        <Trans context="a session">Signed out</Trans>
      ) : (
        <Trans context="someone else">Sign out</Trans>
      )}
    </Button>
  );
}
