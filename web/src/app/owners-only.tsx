import { Anchor } from '@mantine/core';
import { Lock } from 'lucide-react';
import { Link, Outlet } from 'react-router';
import { useSession } from '@curfew/client/react';
import { Page } from '../components/page.tsx';

/** A member is told whom to ask and what they can do themselves. The server decides; this only spares an error. */
export function OwnersOnly() {
  const { user } = useSession();
  if (user?.role === 'OWNER') return <Outlet />;
  return (
    <Page
      title="For owners of the account"
      icon={<Lock size={26} />}
      intro={`How long sessions last is decided by the owners of ${user?.account.name ?? 'the account'}. Ask one of them if it should change.`}
    >
      <p>
        <Anchor component={Link} to="/account/sessions">
          See where you are signed in
        </Anchor>
        , and sign out there.
      </p>
    </Page>
  );
}
