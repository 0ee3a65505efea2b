import { Trans, useLingui } from '@lingui/react/macro';
import { Button } from '@mantine/core';
import { Trash2 } from 'lucide-react';
import { useState } from 'react';
import { Panel } from '../../components/panel.tsx';
import { DeleteAccountDialog } from './delete-account-dialog.tsx';

/** For owners: the end of the account. */
export function DeleteAccount({ name }: { name: string }) {
  const { t } = useLingui();
  const [isAsking, setAsking] = useState(false);
  return (
    <Panel
      title={t`Delete account`}
      icon={<Trash2 size={20} />}
      intro={t`For good, with everyone in it. You’ll see what goes before you confirm.`}
    >
      <Button color="red.8" autoContrast={false} variant="filled" onClick={() => setAsking(true)}>
        <Trans>Delete this account…</Trans>
      </Button>
      <DeleteAccountDialog name={name} opened={isAsking} onClose={() => setAsking(false)} />
    </Panel>
  );
}
