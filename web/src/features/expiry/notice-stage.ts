import type { SessionState } from '@curfew/client';

/**
 * The form in which a warning is shown: `idle` and `absolute` are bars, `last-minute` is the idle bar with a dialog over
 * it, and `chip` stands in the header once the absolute bar was dismissed.
 */
export type NoticeStage = 'quiet' | 'idle' | 'last-minute' | 'absolute' | 'chip';

export function stageOf({
  status,
  warning,
  reason,
  isDismissed,
}: Pick<SessionState, 'status' | 'warning' | 'reason' | 'isDismissed'>): NoticeStage {
  // After the deadline, or while the server cannot be asked, a warning makes no sense.
  if (status !== 'active' || warning === 'none' || reason === null) return 'quiet';
  if (reason === 'IDLE') return warning === 'now' ? 'last-minute' : 'idle';
  return isDismissed ? 'chip' : 'absolute';
}
