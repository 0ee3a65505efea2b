import { Button } from '@mantine/core';
import { LogOut } from 'lucide-react';
import classes from './sign-out-button.module.css';

interface SignOutButtonProps {
  /** What it signs out, such as `Firefox on Linux`. */
  what: string;
  /** What there was to sign out is over. */
  isOver: boolean;
  onSignOut(): void;
}

/** Stays where it is when it has done its work: the focus may be on it. */
export function SignOutButton({ what, isOver, onSignOut }: SignOutButtonProps) {
  return (
    <Button
      size="compact-sm"
      variant="subtle"
      color="gray"
      className={classes.out}
      leftSection={<LogOut size={14} aria-hidden />}
      aria-disabled={isOver}
      aria-label={isOver ? `Signed out: ${what}` : `Sign out ${what}`}
      onClick={() => {
        if (!isOver) onSignOut();
      }}
    >
      {isOver ? 'Signed out' : 'Sign out'}
    </Button>
  );
}
