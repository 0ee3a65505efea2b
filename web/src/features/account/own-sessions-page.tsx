import { Trans, useLingui } from '@lingui/react/macro';
import { MonitorSmartphone } from 'lucide-react';
import { useSession } from '@curfew/client/react';
import { Page } from '../../components/page.tsx';
import { ChangePassword } from './change-password.tsx';
import { OwnActivity } from './own-activity.tsx';
import { OwnSessions } from './own-sessions.tsx';
import { RecentlyEnded } from './recently-ended.tsx';

/** The own sessions, those that ended recently, the password, and the own activity. For every user. */
export function OwnSessionsPage() {
  const { t } = useLingui();
  const { user } = useSession();
  if (!user) return null;
  return (
    <Page
      title={t`Your sessions`}
      icon={<MonitorSmartphone size={28} />}
      intro={
        <Trans>
          Every browser and application signed in as you. Sign out anything you don’t use or recognise.
        </Trans>
      }
    >
      <OwnSessions userId={user.id} />
      <RecentlyEnded userId={user.id} />
      <ChangePassword email={user.email} />
      <OwnActivity />
    </Page>
  );
}
