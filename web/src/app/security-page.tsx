import { ShieldCheck } from 'lucide-react';
import { Page } from '../components/page.tsx';
import { AuditCard } from '../features/audit/audit-card.tsx';
import { PolicyCard } from '../features/policy/policy-card.tsx';
import { SessionsCard } from '../features/sessions/sessions-card.tsx';

/** The session policy, the current sessions and the audit trail. For owners. */
export function SecurityPage() {
  return (
    <Page
      title="Session security"
      icon={<ShieldCheck size={28} />}
      intro="Decide how long people stay signed in, see who is signed in, and sign them out. Everyone gets a warning before their session ends."
    >
      <PolicyCard />
      <SessionsCard />
      <AuditCard />
    </Page>
  );
}
