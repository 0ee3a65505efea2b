import { KeyRound } from 'lucide-react';
import { Page } from '../../components/page.tsx';

/** For owners. */
export function ApplicationsPage() {
  return (
    <Page
      title="Applications"
      icon={<KeyRound size={28} />}
      intro="Service keys with which your applications open, check and end sessions."
    >
      <></>
    </Page>
  );
}
