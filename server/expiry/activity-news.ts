import type { Session } from '../sessions/session.ts';
import { isInsideIdleWarning, type WarningSettings } from './lead.ts';
import type { SessionBus } from './session-bus.ts';

/** Activity inside the warning window is news to whoever was warned; elsewhere nobody needs to hear of it. */
export interface ActivityNews {
  /** Whether activity at `now` is news, of a session as it was before. */
  isNews(before: Session, now: Date): boolean;
  /** Tells of activity that has been written, if it is news. */
  publish(before: Session, now: Date): void;
}

export function createActivityNews({
  bus,
  warnings,
}: {
  bus: SessionBus;
  warnings: WarningSettings;
}): ActivityNews {
  const isNews = (before: Session, now: Date): boolean => isInsideIdleWarning(before, warnings, now);
  return {
    isNews,
    publish(before, now) {
      if (!isNews(before, now)) return;
      bus.publish({ accountId: before.accountId, kind: 'EXTENDED', sessionIds: [before.id] });
    },
  };
}
