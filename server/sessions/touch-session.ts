import type { Clock } from '../clock.ts';
import type { Database, EntityManager } from '../database/database.ts';
import { createActivityPublisher } from '../events/activity-publisher.ts';
import type { SessionBus } from '../events/session-bus.ts';
import { unauthenticated, type Viewer } from '../rules/caller.ts';
import { endOfSession, type Session } from '../rules/session.ts';
import type { WarningSettings } from '../rules/warning-lead.ts';
import { findSession } from './session-queries.ts';
import { lockSession, touchSession } from './touch.sql.ts';

export interface SessionTouch {
  /** Records activity on the viewer's session. @throws UNAUTHENTICATED when the session is over */
  touch(viewer: Viewer): Promise<Session>;
}

export function createSessionTouch(dependencies: {
  database: Database;
  bus: SessionBus;
  clock: Clock;
  warnings: WarningSettings;
}): SessionTouch {
  const { database, clock } = dependencies;
  const activityPublisher = createActivityPublisher(dependencies);

  return {
    async touch(viewer) {
      const { id, accountId } = viewer.session;
      const touchNow = async (em: EntityManager, options?: { skipLocked: boolean }) => {
        const now = clock.now();
        return { touched: await touchSession(em, id, now, options), now };
      };

      const atOnce = await database.statement((em) => touchNow(em, { skipLocked: true }));
      const { touched, now } = atOnce.touched
        ? atOnce
        : await database.accountTransaction(accountId, async (em) => {
            // The clock is read after the wait: a session whose deadline passed in the queue stays over.
            await lockSession(em, id);
            return touchNow(em);
          });
      if (!touched) {
        const current = await findSession(database.em(), id);
        throw unauthenticated((current && endOfSession(current, clock.now())) ?? {});
      }
      activityPublisher.publish(viewer.session, now);
      return touched;
    },
  };
}
