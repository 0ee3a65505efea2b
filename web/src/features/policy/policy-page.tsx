import { useLingui } from '@lingui/react/macro';
import { ShieldCheck } from 'lucide-react';
import { Page } from '../../components/page.tsx';
import { PolicyCard } from './policy-card.tsx';

/** For owners. */
export function PolicyPage() {
  const { t } = useLingui();
  return (
    <Page
      title={t`Policy`}
      icon={<ShieldCheck size={28} />}
      intro={t`Decide how long people stay signed in. Everyone gets a warning before their session ends.`}
    >
      <PolicyCard />
    </Page>
  );
}
