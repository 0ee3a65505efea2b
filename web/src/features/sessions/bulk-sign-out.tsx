import { Trans } from '@lingui/react/macro';
import { Button } from '@mantine/core';
import { LogOut } from 'lucide-react';
import { type RefObject, useCallback } from 'react';
import classes from './bulk-sign-out.module.css';
import type { Totals } from './people.ts';
import type { SignOutTarget } from './sign-out-messages.ts';

interface BulkSignOutProps {
  totals: Totals;
  /** Receives the focus when a focused button disappears. */
  fallbackFocus: RefObject<HTMLElement | null>;
  isAsking: boolean;
  onSignOut(target: SignOutTarget): void;
}

/** Signs out everyone at once, for example after a password leak. */
export function BulkSignOut({ totals, fallbackFocus, isAsking, onSignOut }: BulkSignOutProps) {
  const handOver = useCallback(
    (button: HTMLElement | null) => () => {
      if (button && button === document.activeElement) fallbackFocus.current?.focus();
    },
    [fallbackFocus],
  );
  return (
    <div className={classes.actions}>
      {(totals.people > 1 || isAsking) && (
        <Button ref={handOver} variant="default" onClick={() => onSignOut({ kind: 'others', totals })}>
          <Trans>Sign out everyone except me</Trans>
        </Button>
      )}
      <Button
        className={classes.danger}
        leftSection={<LogOut size={16} aria-hidden />}
        onClick={() => onSignOut({ kind: 'everyone', totals })}
      >
        <Trans>Sign out everyone including me</Trans>
      </Button>
    </div>
  );
}
