import { Users } from 'lucide-react';
import { Page } from '../../components/page.tsx';

/** For owners. */
export function PeoplePage() {
  return (
    <Page title="People" icon={<Users size={28} />} intro="Everyone who can sign in to this account.">
      <></>
    </Page>
  );
}
