import { Trans, useLingui } from '@lingui/react/macro';
import { Button, Menu } from '@mantine/core';
import { Download } from 'lucide-react';
import { useState } from 'react';
import { SessionOverError } from '@curfew/client';
import { useSession } from '@curfew/client/react';
import { useToast } from '../../components/toasts.tsx';
import { useIdentityConfirmation } from '../../lib/identity-confirmation-context.ts';
import { NotConfirmedError } from '../../lib/identity-confirmation.ts';
import type { ExportFormat } from './download-export.ts';
import { type Filters, toVariables } from './filters.ts';

/** Saves the trail of the chosen dates as a file. */
export function ExportMenu({ filters }: { filters: Filters }) {
  const { t } = useLingui();
  const { watcher } = useSession();
  const showToast = useToast();
  const confirmation = useIdentityConfirmation();
  const [isBusy, setBusy] = useState(false);

  async function save(format: ExportFormat) {
    setBusy(true);
    const { from, to } = toVariables(filters);
    try {
      const { downloadExport } = await import('./download-export.ts');
      const fileName = await downloadExport(
        { format, from, to },
        {
          getAccessToken: (options) => watcher.getAccessToken(options),
          confirm: () =>
            confirmation.ask({ kind: 'export', since: watcher.getState().session?.authenticatedAt ?? 0 }),
        },
      );
      showToast(t`Saved ${fileName}.`);
    } catch (error) {
      // The dialog that was closed has said so; or the redirect to the sign-in page follows.
      if (error instanceof NotConfirmedError || error instanceof SessionOverError) return;
      showToast(t`The audit trail could not be exported. Try again.`, 'red');
    } finally {
      setBusy(false);
    }
  }

  const isOfDates = filters.from !== null || filters.to !== null;
  const label = isBusy ? t`Exporting…` : isOfDates ? t`Export these dates` : t`Export`;
  return (
    <Menu position="bottom-end" withinPortal={false} withInitialFocusPlaceholder={false}>
      <Menu.Target>
        <Button
          variant="default"
          size="sm"
          leftSection={<Download size={16} aria-hidden />}
          aria-disabled={isBusy}
        >
          {label}
        </Button>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Item disabled={isBusy} onClick={() => void save('csv')}>
          <Trans>CSV, for spreadsheets</Trans>
        </Menu.Item>
        <Menu.Item disabled={isBusy} onClick={() => void save('jsonl')}>
          <Trans>JSON Lines, for programs</Trans>
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}
