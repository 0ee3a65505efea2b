import { Trans, useLingui } from '@lingui/react/macro';
import type { AuditPolicyAtQuery } from '../../generated/audit-operations.ts';
import { inWords } from '../../lib/duration.ts';
import { FurtherSettings } from '../policy-words/further-settings.tsx';
import { exactTime } from '../trail/exact-time.ts';

type Policy = AuditPolicyAtQuery['sessionPolicyAt'];

/** The limits and rules that applied then, and who had set them. */
export const PolicyThen = (policy: Policy) => (
  <>
    <PolicySentence {...policy} />
    <FurtherSettings {...policy} />
  </>
);

function PolicySentence({ at, since, setByName, isCustomised, ...limits }: Policy) {
  const { i18n } = useLingui();
  const timeOf = (moment: string) => exactTime(new Date(moment), i18n.locales ?? i18n.locale);
  const then = timeOf(at);
  const idle = <strong>{inWords(limits.effectiveIdleMinutes)}</strong>;
  const absolute = <strong>{inWords(limits.effectiveAbsoluteMinutes)}</strong>;
  if (since == null)
    return isCustomised ? (
      <Trans>
        On {then}, people were signed out after {idle} without activity, {absolute} at most.
      </Trans>
    ) : (
      <Trans>
        On {then}, people were signed out after {idle} without activity, {absolute} at most: the default of
        this server.
      </Trans>
    );
  const start = timeOf(since);
  const who = <strong>{setByName === 'system' ? 'Curfew' : (setByName ?? '')}</strong>;
  return isCustomised ? (
    <Trans>
      On {then}, people were signed out after {idle} without activity, {absolute} at most: set by {who} on{' '}
      {start}.
    </Trans>
  ) : (
    <Trans>
      On {then}, people were signed out after {idle} without activity, {absolute} at most: the default of this
      server, which {who} had chosen on {start}.
    </Trans>
  );
}
