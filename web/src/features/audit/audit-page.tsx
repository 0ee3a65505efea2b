import { ScrollText } from 'lucide-react';
import { Page } from '../../components/page.tsx';
import { AuditCard } from './audit-card.tsx';

/** For owners. */
export function AuditPage() {
  return (
    <Page
      title="Audit"
      icon={<ScrollText size={28} />}
      intro="Who changed what, who signed in and who was signed out."
    >
      <AuditCard />
    </Page>
  );
}
