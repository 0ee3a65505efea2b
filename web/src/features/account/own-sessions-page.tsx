import { MonitorSmartphone } from 'lucide-react';
import { useSession } from '@curfew/client/react';
import { Page } from '../../components/page.tsx';
import { ChangePassword } from './change-password.tsx';
import { OwnSessions } from './own-sessions.tsx';
import { RecentlyEnded } from './recently-ended.tsx';

/** For everybody: where they are signed in, what ended lately, and their password. */
export function OwnSessionsPage() {
  const { user } = useSession();
  if (!user) return null;
  return (
    <Page
      title="Your sessions"
      icon={<MonitorSmartphone size={28} />}
      intro="Every browser and application that is signed in as you. Sign out what you do not use or do not know."
    >
      <OwnSessions userId={user.id} />
      <RecentlyEnded userId={user.id} />
      <ChangePassword email={user.email} />
    </Page>
  );
}
