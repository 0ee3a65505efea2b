import { Button } from '@mantine/core';
import { LogOut } from 'lucide-react';
import { type RefObject, useCallback } from 'react';
import classes from './bulk-sign-out.module.css';
import type { Totals } from './people.ts';
import type { SignOut } from './sign-out-words.ts';

interface BulkSignOutProps {
  totals: Totals;
  /** Has the focus after a button that goes while it has it. */
  heir: RefObject<HTMLElement | null>;
  isAsking: boolean;
  onSignOut(signOut: SignOut): void;
}

/** For the day a password list leaks: everybody out at once. */
export function BulkSignOut({ totals, heir, isAsking, onSignOut }: BulkSignOutProps) {
  const handOver = useCallback(
    (button: HTMLElement | null) => () => {
      if (button && button === document.activeElement) heir.current?.focus();
    },
    [heir],
  );
  return (
    <div className={classes.actions}>
      {(totals.people > 1 || isAsking) && (
        <Button ref={handOver} variant="default" onClick={() => onSignOut({ kind: 'others', totals })}>
          Sign out everyone except me
        </Button>
      )}
      <Button
        className={classes.danger}
        leftSection={<LogOut size={16} aria-hidden />}
        onClick={() => onSignOut({ kind: 'everyone', totals })}
      >
        Sign out everyone including me
      </Button>
    </div>
  );
}
