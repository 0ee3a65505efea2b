import { EndingsPanel } from './endings-panel.tsx';
import { NewsProvider } from './news.tsx';
import { SessionsPanel } from './sessions-panel.tsx';

/** For owners: who is signed in where, and when that will end. */
export function SessionsCard() {
  return (
    <NewsProvider>
      <SessionsPanel />
      <EndingsPanel />
    </NewsProvider>
  );
}
