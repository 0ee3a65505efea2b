import type { Session } from '../rules/session.ts';
import { isInsideIdleWarning, type WarningSettings } from '../rules/warning-lead.ts';
import type { SessionBus } from './session-bus.ts';

/** Publishes activity inside the warning window: only subscribers that were warned need to know of it. */
export interface ActivityPublisher {
  /** Whether activity at `now` has to be published, given the session as it was before. */
  mustPublish(before: Session, now: Date): boolean;
  /** Publishes activity that has been written, if it has to be. */
  publish(before: Session, now: Date): void;
}

export function createActivityPublisher({
  bus,
  warnings,
}: {
  bus: SessionBus;
  warnings: WarningSettings;
}): ActivityPublisher {
  const mustPublish = (before: Session, now: Date): boolean => isInsideIdleWarning(before, warnings, now);
  return {
    mustPublish,
    publish(before, now) {
      if (!mustPublish(before, now)) return;
      bus.publish({ accountId: before.accountId, kind: 'EXTENDED', sessionIds: [before.id] });
    },
  };
}
