import { Trans, useLingui } from '@lingui/react/macro';
import { Text } from '@mantine/core';
import { UserRound } from 'lucide-react';
import { Panel } from '../../components/panel.tsx';
import classes from './your-details.module.css';

interface Details {
  name: string;
  email: string;
  role: 'OWNER' | 'MEMBER';
  account: { name: string };
}

/** Who is signed in. Only owners change it, on the page People. */
export function YourDetails({ user }: { user: Details }) {
  const { t } = useLingui();
  const isOwner = user.role === 'OWNER';
  return (
    <Panel title={t`You`} icon={<UserRound size={20} />}>
      <dl className={classes.details}>
        <dt>
          <Trans>Name</Trans>
        </dt>
        <dd>{user.name}</dd>
        <dt>
          <Trans>E-mail</Trans>
        </dt>
        <dd>{user.email}</dd>
        <dt>
          <Trans>Role</Trans>
        </dt>
        <dd>
          {isOwner ? (
            <Trans>Owner of {user.account.name}</Trans>
          ) : (
            <Trans>Member of {user.account.name}</Trans>
          )}
        </dd>
      </dl>
      {!isOwner && (
        <Text c="dimmed" size="sm" mt="sm">
          <Trans>Ask an owner of the account if something here is wrong.</Trans>
        </Text>
      )}
    </Panel>
  );
}
