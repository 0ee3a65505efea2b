import { useLingui } from '@lingui/react/macro';
import { momentsOf } from '../../lib/day.ts';
import { ExportMenu } from './export-menu.tsx';

interface AuditExportMenuProps {
  /** A day on this computer's calendar: `2026-11-29`. Null: no bound. */
  from: string | null;
  to: string | null;
}

/** Saves the audit trail of the chosen days as a file. */
export function AuditExportMenu({ from, to }: AuditExportMenuProps) {
  const { t } = useLingui();
  const moments = momentsOf({ from, to });
  return (
    <ExportMenu
      label={from === null && to === null ? t`Export` : t`Export these dates`}
      exports={[
        { of: 'audit', format: 'csv', ...moments },
        { of: 'audit', format: 'jsonl', ...moments },
      ]}
    />
  );
}
