import { t } from '@lingui/core/macro';
import { useState } from 'react';
import { SessionOverError } from '@curfew/client';
import { useSession } from '@curfew/client/react';
import { useToast } from '../../components/toasts.tsx';
import { useIdentityConfirmation } from '../../lib/identity-confirmation-context.ts';
import { NotConfirmedError } from '../../lib/identity-confirmation.ts';
import type { WantedExport } from './download-export.ts';

/** Saves exports as files. A toast says how it went; the user is asked to confirm first where the server wants that. */
export function useExport(): { isBusy: boolean; save(wanted: WantedExport): Promise<void> } {
  const { watcher } = useSession();
  const showToast = useToast();
  const confirmation = useIdentityConfirmation();
  const [isBusy, setBusy] = useState(false);
  return {
    isBusy,
    async save(wanted) {
      setBusy(true);
      try {
        const { downloadExport } = await import('./download-export.ts');
        const fileName = await downloadExport(wanted, {
          getAccessToken: (options) => watcher.getAccessToken(options),
          confirm: () =>
            confirmation.ask({ kind: 'export', since: watcher.getState().session?.authenticatedAt ?? 0 }),
        });
        showToast(t`Saved ${fileName}.`);
      } catch (error) {
        // The dialog that was closed has said so; or the redirect to the sign-in page follows.
        if (error instanceof NotConfirmedError || error instanceof SessionOverError) return;
        showToast(
          wanted.of === 'audit'
            ? t`The audit trail could not be exported. Try again.`
            : t`The policy could not be exported. Try again.`,
          'red',
        );
      } finally {
        setBusy(false);
      }
    },
  };
}
