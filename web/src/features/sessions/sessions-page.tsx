import { MonitorSmartphone } from 'lucide-react';
import { Page } from '../../components/page.tsx';
import { SessionsCard } from './sessions-card.tsx';

/** For owners. */
export function SessionsPage() {
  return (
    <Page
      title="Sessions"
      icon={<MonitorSmartphone size={28} />}
      intro="Who is signed in, when their sessions end, and how to end them now."
    >
      <SessionsCard />
    </Page>
  );
}
