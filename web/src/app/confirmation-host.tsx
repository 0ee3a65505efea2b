import { type ComponentType, useEffect, useEffectEvent, useState } from 'react';
import { useSession } from '@curfew/client/react';
import { useToast } from '../components/toasts.tsx';
import { useConfirmationRequest, useIdentityConfirmation } from '../lib/identity-confirmation-context.ts';
import { hasReturnedOutcome } from '../lib/provider-confirmation.ts';
import { partNotLoaded } from '../lib/problem.ts';

interface ConfirmationHostProps {
  /** Loads the dialog with its texts. */
  load(): Promise<{ Component: ComponentType }>;
}

/**
 * The place of the dialog in which users confirm that it is them. It is loaded when it is asked for, or when a deadline is
 * near: in the last minute there may be no connection.
 */
export function ConfirmationHost({ load }: ConfirmationHostProps) {
  const confirmation = useIdentityConfirmation();
  const request = useConfirmationRequest();
  const { warning, reauthentication } = useSession();
  const showToast = useToast();
  const [Dialog, setDialog] = useState<ComponentType | null>(null);

  const [isBack] = useState(hasReturnedOutcome);
  const isNear = warning !== 'none' && reauthentication !== 'impossible';
  const isNeeded = isBack || isNear || request !== null;
  const isAsked = request !== null;

  const fail = useEffectEvent(() => {
    if (!confirmation.getRequest()) return;
    confirmation.cancel();
    showToast(partNotLoaded(), 'red');
  });
  useEffect(() => {
    if (!isNeeded || Dialog) return;
    let isCurrent = true;
    load().then(
      ({ Component }) => {
        if (isCurrent) setDialog(() => Component);
      },
      () => {
        if (isCurrent) fail();
      },
    );
    return () => void (isCurrent = false);
    // Loaded again when it is asked for after a failure.
  }, [isNeeded, isAsked, Dialog, load]);

  return Dialog && <Dialog />;
}
