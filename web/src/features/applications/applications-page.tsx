import { Trans, useLingui } from '@lingui/react/macro';
import { Button } from '@mantine/core';
import { KeyRound, Plus } from 'lucide-react';
import { useState } from 'react';
import { Page } from '../../components/page.tsx';
import { Panel } from '../../components/panel.tsx';
import { CreateKeyDialog } from './create-key-dialog.tsx';
import { KeyList } from './key-list.tsx';

/** For owners: the applications that may open, check and end sessions of the account, each by a service key. */
export function ApplicationsPage() {
  const { t } = useLingui();
  const [isCreating, setCreating] = useState(false);
  return (
    <Page
      title={t`Applications`}
      icon={<KeyRound size={28} />}
      intro={t`Your own applications open, check and end sessions of this account with a service key. Each application gets its own, so that you can revoke one without stopping the others.`}
    >
      <Panel
        title={t`Service keys`}
        actions={
          <Button leftSection={<Plus size={16} aria-hidden />} onClick={() => setCreating(true)}>
            <Trans>Create service key</Trans>
          </Button>
        }
      >
        <KeyList />
      </Panel>
      <CreateKeyDialog opened={isCreating} onClose={() => setCreating(false)} />
    </Page>
  );
}
