import { ShieldCheck } from 'lucide-react';
import { Page } from '../../components/page.tsx';
import { PolicyCard } from './policy-card.tsx';

/** For owners. */
export function PolicyPage() {
  return (
    <Page
      title="Session policy"
      icon={<ShieldCheck size={28} />}
      intro="Decide how long people stay signed in. Everyone gets a warning before their session ends."
    >
      <PolicyCard />
    </Page>
  );
}
