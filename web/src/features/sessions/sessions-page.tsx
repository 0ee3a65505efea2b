import { useLingui } from '@lingui/react/macro';
import { MonitorSmartphone } from 'lucide-react';
import { Page } from '../../components/page.tsx';
import { SessionsCard } from './sessions-card.tsx';

/** For owners. */
export function SessionsPage() {
  const { t } = useLingui();
  return (
    <Page
      title={t`Sessions`}
      icon={<MonitorSmartphone size={28} />}
      intro={t`Who is signed in, when their sessions end, and how to end them now.`}
    >
      <SessionsCard />
    </Page>
  );
}
