import { MonitorSmartphone } from 'lucide-react';
import { useSession } from '@curfew/client/react';
import { Page } from '../../components/page.tsx';
import { ChangePassword } from './change-password.tsx';
import { OwnSessions } from './own-sessions.tsx';
import { RecentlyEnded } from './recently-ended.tsx';

/** The own sessions, those that ended recently, and the password. For every user. */
export function OwnSessionsPage() {
  const { user } = useSession();
  if (!user) return null;
  return (
    <Page
      title="Your sessions"
      icon={<MonitorSmartphone size={28} />}
      intro="Every browser and application signed in as you. Sign out anything you don’t use or recognise."
    >
      <OwnSessions userId={user.id} />
      <RecentlyEnded userId={user.id} />
      <ChangePassword email={user.email} />
    </Page>
  );
}
