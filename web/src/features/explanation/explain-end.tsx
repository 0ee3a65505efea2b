import { useLingui } from '@lingui/react/macro';
import type { AuditEntryFragment } from '../../generated/audit-operations.ts';
import { exactTime } from '../trail/exact-time.ts';
import { ExplainButton } from './explain-button.tsx';

/** Opens the explanation of the session whose end an entry of the trail is (`isSessionEnd`). */
export function ExplainEnd({ entry }: { entry: AuditEntryFragment }) {
  const { i18n } = useLingui();
  const { resourceId, subjectName, createdAt } = entry;
  const time = exactTime(new Date(createdAt), i18n.locales ?? i18n.locale);
  const what = subjectName == null ? time : `${subjectName}, ${time}`;
  return <ExplainButton sessionId={resourceId} isEnded what={what} />;
}
