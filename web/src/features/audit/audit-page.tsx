import { Trans, useLingui } from '@lingui/react/macro';
import { Anchor } from '@mantine/core';
import { ScrollText } from 'lucide-react';
import { lazy, Suspense } from 'react';
import { Page } from '../../components/page.tsx';
import { loadTexts } from '../../lib/language.ts';
import { AuditCard } from './audit-card.tsx';
import { useFilters } from './filters.ts';
import { POLICY_DATE, PolicyOnDate } from './policy-on-date.tsx';

const EndedSessions = lazy(async () => {
  const [{ EndedSessions }] = await Promise.all([import('./ended-sessions.tsx'), loadTexts(['explanation'])]);
  return { default: EndedSessions };
});

/** For owners. */
export function AuditPage() {
  const { t } = useLingui();
  const filtering = useFilters();
  return (
    <Page
      title={t`Audit`}
      icon={<ScrollText size={28} />}
      intro={
        <span>
          <Trans>Who changed what, who signed in and who was signed out.</Trans>{' '}
          {/* Below the trail: a screen further down, and many stops for a keyboard. */}
          <Anchor href={`#${POLICY_DATE}`} underline="always">
            <Trans>Policy on a date</Trans>
          </Anchor>
        </span>
      }
    >
      <AuditCard filtering={filtering} />
      {filtering.filters.person && (
        <Suspense>
          <EndedSessions filters={filtering.filters} userId={filtering.filters.person} />
        </Suspense>
      )}
      <PolicyOnDate />
    </Page>
  );
}
