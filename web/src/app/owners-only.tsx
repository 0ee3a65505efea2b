import { Anchor } from '@mantine/core';
import { Lock } from 'lucide-react';
import { Link, Outlet } from 'react-router';
import { useSession } from '@curfew/client/react';
import { Page } from '../components/page.tsx';

/** Shows a page to owners, and members a hint where to go instead. The server checks the role itself. */
export function OwnersOnly() {
  const { user } = useSession();
  if (user?.role === 'OWNER') return <Outlet />;
  return (
    <Page
      title="Owners only"
      icon={<Lock size={26} />}
      intro={`The owners of ${user?.account.name ?? 'the account'} decide how long sessions last. Ask one of them if you need a change.`}
    >
      <p>
        <Anchor component={Link} to="/account/sessions">
          Go to your sessions
        </Anchor>
      </p>
    </Page>
  );
}
