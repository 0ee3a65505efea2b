import { Trans, useLingui } from '@lingui/react/macro';
import { Anchor } from '@mantine/core';
import { Lock } from 'lucide-react';
import { Link, Outlet } from 'react-router';
import { useSession } from '@curfew/client/react';
import { Page } from '../components/page.tsx';

/** Shows a page to owners, and members a hint where to go instead. The server checks the role itself. */
export function OwnersOnly() {
  const { t } = useLingui();
  const { user } = useSession();
  if (user?.role === 'OWNER') return <Outlet />;
  const account = user?.account.name ?? t`the account`;
  return (
    <Page
      title={t`Owners only`}
      icon={<Lock size={26} />}
      intro={t`The owners of ${account} decide how long sessions last. Ask one of them if you need a change.`}
    >
      <p>
        <Anchor component={Link} to="/account/sessions">
          <Trans>Go to your sessions</Trans>
        </Anchor>
      </p>
    </Page>
  );
}
