import { useLingui } from '@lingui/react/macro';
import { History } from 'lucide-react';
import { useSession } from '@curfew/client/react';
import { Panel } from '../../components/panel.tsx';
import { FoundList } from './found-list.tsx';
import { LiveMark } from './live-mark.tsx';
import { SessionSearch } from './session-search.tsx';
import type { SessionListAddress } from './use-session-list-address.ts';

/** The sessions that have ended, with the reasons. */
export function EndedPanel({ typed, search, type }: SessionListAddress) {
  const { t } = useLingui();
  const { user } = useSession();
  return (
    <Panel
      title={t`Recently ended`}
      icon={<History size={20} />}
      intro={t`When each session ended, and why.`}
      actions={<LiveMark />}
    >
      <SessionSearch value={typed} onChange={type} />
      <FoundList search={search} status="ENDED" viewerId={user!.id} onClearSearch={() => type('')} />
    </Panel>
  );
}
