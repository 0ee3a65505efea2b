import type { Session } from '../rules/session.ts';
import { evaluateSession } from '../rules/session.ts';

/** Activity in one session that was acknowledged and is not written yet. */
export interface BufferedActivity {
  accountId: string;
  firstAt: Date;
  lastAt: Date;
  /** Whether the write has to be published: a subscriber may have been warned of the deadline that it moves. */
  mustPublish: boolean;
}

/** Merges activity in one session, in either order. */
export const mergeActivity = (
  one: BufferedActivity,
  other: BufferedActivity | undefined,
): BufferedActivity =>
  other === undefined
    ? one
    : {
        accountId: one.accountId,
        firstAt: one.firstAt < other.firstAt ? one.firstAt : other.firstAt,
        lastAt: one.lastAt > other.lastAt ? one.lastAt : other.lastAt,
        mustPublish: one.mustPublish || other.mustPublish,
      };

/** Returns the session as its row will be once the activity is written. Unchanged if it was not live at `firstAt`. */
export function applyBufferedActivity<Row extends Session>(
  session: Row,
  { firstAt, lastAt }: Pick<BufferedActivity, 'firstAt' | 'lastAt'>,
): Row {
  if (evaluateSession(session, firstAt).state !== 'live') return session;
  const lastActivityAt = new Date(Math.max(session.lastActivityAt.getTime(), lastAt.getTime()));
  // An imported session has no idle limit before its first rotation, so activity moves no deadline.
  if (session.idleSeconds === null) return { ...session, lastActivityAt };
  const idleAt = Math.min(lastAt.getTime() + session.idleSeconds * 1000, session.absoluteExpiresAt.getTime());
  return {
    ...session,
    lastActivityAt,
    idleExpiresAt: new Date(Math.max(session.idleExpiresAt.getTime(), idleAt)),
  };
}
