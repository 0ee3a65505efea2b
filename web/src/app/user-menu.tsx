import { Trans } from '@lingui/react/macro';
import { Button, Menu, Text } from '@mantine/core';
import { ChevronDown, LogOut, MonitorSmartphone, UserRound } from 'lucide-react';
import { Link } from 'react-router';
import { useSession } from '@curfew/client/react';
import { useSignOutWithToast } from '../components/use-sign-out.ts';
import { LanguageChoice } from './language-choice.tsx';

/** The menu with the name of the user and the sign-out button. */
export function UserMenu() {
  const { user } = useSession();
  const signOut = useSignOutWithToast();
  if (!user) return null;
  return (
    <Menu position="bottom-end" width={240} withinPortal={false}>
      <Menu.Target>
        <Button variant="subtle" color="gray" px="xs" rightSection={<ChevronDown size={15} aria-hidden />}>
          <Text span truncate size="sm" maw="min(9rem, 100vw - 14.4rem)" fw={550}>
            {user.name}
          </Text>
        </Button>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Label>
          <span>{user.email}</span>
          <br />
          <span>{user.account.name}</span>
        </Menu.Label>
        <Menu.Item component={Link} to="/account" leftSection={<UserRound size={16} aria-hidden />}>
          <Trans>Account</Trans>
        </Menu.Item>
        <Menu.Item
          component={Link}
          to="/account/sessions"
          leftSection={<MonitorSmartphone size={16} aria-hidden />}
        >
          <Trans>Your sessions</Trans>
        </Menu.Item>
        <Menu.Divider />
        <LanguageChoice />
        <Menu.Divider />
        <Menu.Item leftSection={<LogOut size={16} aria-hidden />} onClick={signOut}>
          <Trans>Sign out</Trans>
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}
