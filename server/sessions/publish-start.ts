import { publishEnds, type SessionBus } from '../events/session-bus.ts';
import type { StartMethod } from '../metrics/metrics.ts';
import type { CreatedSession } from './create-session.ts';

/** Publishes the start of a session, and the ends that came with it, after the commit. */
export function publishStart(
  bus: SessionBus,
  { session, isNewDevice, ended }: CreatedSession,
  method: StartMethod,
): void {
  const { id, accountId, userId, appType } = session;
  const sessionIds = [id];
  publishEnds(bus, ended);
  bus.publish({ accountId, kind: 'STARTED', appType, method, sessionIds });
  if (isNewDevice) bus.publish({ accountId, kind: 'NEW_DEVICE', userId, sessionIds });
}
