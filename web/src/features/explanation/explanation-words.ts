import { i18n } from '@lingui/core';
import { t } from '@lingui/core/macro';
import type { SessionExplanationQuery } from '../../generated/evidence-operations.ts';
import { inWords } from '../../lib/duration.ts';
import { endReasonInWords } from '../../lib/end-reason.ts';
import { kindInWords } from '../policy-words/kind-in-words.ts';

export type Explanation = SessionExplanationQuery['explainSession'];
export type LimitSource = Explanation['idleLimitSource'];
export type TimelineEntry = Explanation['timeline'][number];

const MINUTE = 60_000;

/** Why the session ends, or has ended: in English as the server says it, which names more than this page can know. */
export function becauseInWords(explanation: Explanation): string {
  const { endsBecause, session } = explanation;
  if (i18n.locale === 'en') return endsBecause;
  switch (session.endReason) {
    case null:
      return session.expiryReason === 'IDLE' ? idleInWords(explanation) : absoluteInWords(explanation);
    case 'IDLE_TIMEOUT':
      return idleInWords(explanation);
    case 'ABSOLUTE_TIMEOUT':
      return absoluteInWords(explanation);
    default: {
      const owner = session.endedBy?.name;
      const reason = owner ? t`Signed out by ${owner}, an owner` : endReasonInWords(session.endReason);
      return t`${reason}.`;
    }
  }
}

function idleInWords(explanation: Explanation): string {
  const { idleMinutes, endedAt } = explanation.session;
  const [limit, source] = [inWords(idleMinutes), sourceInWords(explanation.idleLimitSource)];
  return endedAt === null
    ? t`It ends after ${limit} without activity: the idle limit of ${source}.`
    : t`It ended after ${limit} without activity: the idle limit of ${source}.`;
}

function absoluteInWords(explanation: Explanation): string {
  const { absoluteMinutes, authenticatedAt, absoluteExpiresAt, endedAt } = explanation.session;
  const [limit, source] = [inWords(absoluteMinutes), sourceInWords(explanation.absoluteLimitSource)];
  const isCapped = Date.parse(absoluteExpiresAt) < Date.parse(authenticatedAt) + absoluteMinutes * MINUTE;
  if (isCapped)
    return endedAt === null
      ? t`It ends at the moment that was set for it, before the absolute limit of ${limit} (${source}).`
      : t`It ended at the moment that was set for it, before the absolute limit of ${limit} (${source}).`;
  return endedAt === null
    ? t`It ends ${limit} after the latest authentication, also with activity: the absolute limit of ${source}.`
    : t`It ended ${limit} after the latest authentication, also with activity: the absolute limit of ${source}.`;
}

/** Where a limit comes from: `version 3 of the policy, rule for owners in the control panel`. */
function sourceInWords({ policyVersion, rule }: LimitSource): string {
  if (policyVersion === 0) return t`the server, or of an imported token`;
  if (!rule) return t`version ${policyVersion} of the policy`;
  const kind = kindInWords(rule);
  return t`version ${policyVersion} of the policy (rule: ${kind})`;
}

/** What an entry of the time line is. Null: only a newer server knows, whose sentence says it. */
export function kindOfEntry({ kind }: TimelineEntry): string | null {
  switch (kind) {
    case 'SIGNED_IN':
      return t`Signed in`;
    case 'REAUTHENTICATED':
      return t`Identity confirmed`;
    case 'POLICY_APPLIED':
      return t`Policy applied`;
    case 'POLICY_SAVED':
      return t`Policy saved`;
    case 'ROLE_CHANGED':
      return t`Role changed`;
    case 'LAST_ACTIVITY':
      return t`Last active`;
    case 'WARNING':
      return t`Warning`;
    case 'ENDS':
      return t`Ends`;
    case 'ENDED':
      return t`Ended`;
    default:
      return null;
  }
}

/** An entry as a sentence: in English as the server says it. Null: what it is says enough. */
export function entryInWords(entry: TimelineEntry, explanation: Explanation): string | null {
  if (i18n.locale === 'en') return entry.text;
  const version = entry.policyVersion ?? 0;
  switch (entry.kind) {
    case 'SIGNED_IN':
      return null;
    case 'REAUTHENTICATED':
      return t`Both limits count from here.`;
    case 'POLICY_APPLIED':
      return t`Version ${version} was applied to live sessions.`;
    case 'POLICY_SAVED':
      return t`Version ${version} was saved for new sessions. This one kept its limits.`;
    case 'ROLE_CHANGED':
      return t`The limits of the new role apply from here (version ${version} of the policy).`;
    case 'LAST_ACTIVITY':
      return t`The idle limit counts from here.`;
    case 'WARNING':
      return t`The warning is due.`;
    case 'ENDS':
    case 'ENDED':
      return becauseInWords(explanation);
    default:
      return entry.text;
  }
}
