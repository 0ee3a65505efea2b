import { ExpiryForecastPanel } from './expiry-forecast-panel.tsx';
import { SessionEventsProvider } from './session-events.tsx';
import { SessionsPanel } from './sessions-panel.tsx';

/** For owners: the current sessions of the account and when they will end. */
export function SessionsCard() {
  return (
    <SessionEventsProvider>
      <SessionsPanel />
      <ExpiryForecastPanel />
    </SessionEventsProvider>
  );
}
