import { Trans, useLingui } from '@lingui/react/macro';
import { Users } from 'lucide-react';
import { Page } from '../../components/page.tsx';
import { PeoplePanel } from './people-panel.tsx';

/** For owners. */
export function PeoplePage() {
  const { t } = useLingui();
  return (
    <Page
      title={t`People`}
      icon={<Users size={28} />}
      intro={<Trans>Invite people, choose who is an owner, and end access when someone leaves.</Trans>}
    >
      <PeoplePanel />
    </Page>
  );
}
