import { ShieldCheck } from 'lucide-react';
import { Page } from '../components/page.tsx';
import { AuditCard } from '../features/audit/audit-card.tsx';
import { PolicyCard } from '../features/policy/policy-card.tsx';
import { SessionsCard } from '../features/sessions/sessions-card.tsx';

/** For owners: how long sessions last, who is signed in, and what was changed. */
export function SecurityPage() {
  return (
    <Page
      title="Session security"
      icon={<ShieldCheck size={28} />}
      intro="Decide how long people stay signed in, see who is, and sign them out. Everybody is told five minutes before their session ends."
    >
      <PolicyCard />
      <SessionsCard />
      <AuditCard />
    </Page>
  );
}
