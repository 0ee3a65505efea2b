import { useLingui } from '@lingui/react/macro';
import { Stack, Tabs } from '@mantine/core';
import { EndedPanel } from './ended-panel.tsx';
import { ExpiryForecastPanel } from './expiry-forecast-panel.tsx';
import { SessionEventsProvider } from './session-events.tsx';
import { SessionsPanel } from './sessions-panel.tsx';
import { useSessionListAddress, type SessionListName } from './use-session-list-address.ts';

/** For owners: the current sessions of the account and when they will end, and those that have ended. */
export function SessionsCard() {
  const { t } = useLingui();
  const { list, showList, ...address } = useSessionListAddress();
  return (
    <SessionEventsProvider>
      <Tabs value={list} onChange={(value) => showList(value as SessionListName)} keepMounted={false}>
        <Tabs.List aria-label={t`Sessions`} mb="lg">
          <Tabs.Tab value="active">{t({ message: 'Active', context: 'sessions' })}</Tabs.Tab>
          <Tabs.Tab value="ended">{t`Recently ended`}</Tabs.Tab>
        </Tabs.List>
        <Tabs.Panel value="active">
          <Stack gap="lg">
            <SessionsPanel {...address} />
            <ExpiryForecastPanel />
          </Stack>
        </Tabs.Panel>
        <Tabs.Panel value="ended">
          <EndedPanel {...address} />
        </Tabs.Panel>
      </Tabs>
    </SessionEventsProvider>
  );
}
