import type { SessionState } from '@curfew/client';

/**
 * What is shown of a warning: the bar that activity would have spared, in its last minute with the dialog over it; the
 * bar of the limit that nothing moves; or, once that was put away, the chip in the header.
 */
export type NoticeStage = 'quiet' | 'idle' | 'last-minute' | 'absolute' | 'chip';

export function stageOf({
  status,
  warning,
  reason,
  isDismissed,
}: Pick<SessionState, 'status' | 'warning' | 'reason' | 'isDismissed'>): NoticeStage {
  // Past the deadline, and while nobody can be asked, there is nothing left to warn of.
  if (status !== 'active' || warning === 'none' || reason === null) return 'quiet';
  if (reason === 'IDLE') return warning === 'now' ? 'last-minute' : 'idle';
  return isDismissed ? 'chip' : 'absolute';
}
