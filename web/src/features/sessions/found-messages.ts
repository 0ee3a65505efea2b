import { plural, t } from '@lingui/core/macro';
import type { SessionStatus } from '../../generated/sessions-operations.ts';
import { newSignIns } from '../../lib/count.ts';

/** The server counts no further. */
const MAX_COUNTED = 10_000;

/** `2 sessions match “iphone”` */
export const matches = (total: number, search: string): string =>
  total < MAX_COUNTED
    ? plural(total, { one: `# session matches “${search}”`, other: `# sessions match “${search}”` })
    : t`10,000 or more sessions match “${search}”`;

/** `3 new sign-ins.` */
export function startedSince(count: number): string {
  const signIns = newSignIns(count);
  return t`${signIns}.`;
}

/** `3 more have ended.` */
export const endedSince = (count: number): string =>
  plural(count, { one: '# more session has ended.', other: '# more sessions have ended.' });

export function noMatch(status: SessionStatus, search: string): string {
  if (search === '') return t`No sessions have ended yet.`;
  return status === 'ENDED'
    ? t`No ended session matches “${search}”.`
    : t`No current session matches “${search}”.`;
}
