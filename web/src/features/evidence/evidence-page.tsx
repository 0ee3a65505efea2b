import { Trans, useLingui } from '@lingui/react/macro';
import { Anchor } from '@mantine/core';
import { FileCheck } from 'lucide-react';
import { Page } from '../../components/page.tsx';
import { ExportPanel, FILES } from './export-panel.tsx';
import { StandardsPanel } from './standards-panel.tsx';
import { VERSIONS, VersionsPanel } from './versions-panel.tsx';

/** For owners. */
export function EvidencePage() {
  const { t } = useLingui();
  return (
    <Page
      title={t`Evidence`}
      icon={<FileCheck size={28} />}
      intro={
        <span>
          <Trans>
            What an auditor asks: which standards the policy meets, what it was, and who did what.
          </Trans>{' '}
          {/* Far below the standards, which have a link each. */}
          <Anchor href={`#${VERSIONS}`} underline="always">
            <Trans>Versions of the policy</Trans>
          </Anchor>
          {', '}
          <Anchor href={`#${FILES}`} underline="always">
            <Trans>Files for an auditor</Trans>
          </Anchor>
        </span>
      }
    >
      <StandardsPanel />
      <VersionsPanel />
      <ExportPanel />
    </Page>
  );
}
