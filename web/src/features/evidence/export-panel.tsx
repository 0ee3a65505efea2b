import { Trans, useLingui } from '@lingui/react/macro';
import { TextInput } from '@mantine/core';
import { Download } from 'lucide-react';
import { useState } from 'react';
import { Panel } from '../../components/panel.tsx';
import { AuditExportMenu } from '../exports/audit-export-menu.tsx';
import { ExportMenu } from '../exports/export-menu.tsx';
import classes from './export-panel.module.css';

/** The id of the panel, for a link to it. */
export const FILES = 'files';

/** The audit trail and the policy as files for an auditor. */
export function ExportPanel() {
  const { t } = useLingui();
  const [from, setFrom] = useState<string | null>(null);
  const [to, setTo] = useState<string | null>(null);
  return (
    <div id={FILES}>
      <Panel
        title={t`Files for an auditor`}
        icon={<Download size={20} />}
        intro={<Trans>Each export is an entry of the audit trail.</Trans>}
      >
        <div className={classes.exports}>
          <section aria-label={t`Policy`} className={classes.export}>
            <h3 className={classes.title}>
              <Trans>Policy</Trans>
            </h3>
            <p className={classes.soft}>
              <Trans>The policy in force, every version, and what the standards say.</Trans>
            </p>
            <ExportMenu
              label={t`Export the policy`}
              exports={[
                { of: 'policy', format: 'csv' },
                { of: 'policy', format: 'json' },
              ]}
            />
          </section>
          <section aria-label={t`Audit trail`} className={classes.export}>
            <h3 className={classes.title}>
              <Trans>Audit trail</Trans>
            </h3>
            <p className={classes.soft}>
              <Trans>Whole days in your time zone. Without dates: everything.</Trans>
            </p>
            <div className={classes.dates}>
              <TextInput
                type="date"
                label={t`From date`}
                value={from ?? ''}
                max={to ?? undefined}
                onChange={(event) => setFrom(event.currentTarget.value || null)}
              />
              <TextInput
                type="date"
                label={t`To date`}
                value={to ?? ''}
                min={from ?? undefined}
                onChange={(event) => setTo(event.currentTarget.value || null)}
              />
              <AuditExportMenu from={from} to={to} />
            </div>
          </section>
        </div>
      </Panel>
    </div>
  );
}
