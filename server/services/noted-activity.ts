import type { Session } from '../sessions/session.ts';
import { verdict } from '../sessions/session.ts';

/** Activity on one session that is known of and not written yet. */
export interface Noted {
  accountId: string;
  firstAt: Date;
  lastAt: Date;
  /** Whether somebody may have been warned of the deadline that it moves. */
  isNews: boolean;
}

/** Two notes of the same session as one. */
export const together = (one: Noted, other: Noted | undefined): Noted =>
  other === undefined
    ? one
    : {
        accountId: one.accountId,
        firstAt: one.firstAt < other.firstAt ? one.firstAt : other.firstAt,
        lastAt: one.lastAt > other.lastAt ? one.lastAt : other.lastAt,
        isNews: one.isNews || other.isNews,
      };

/** The session as its row will be once the activity is written. One that was over by then stays as it is. */
export function withActivity<Row extends Session>(
  session: Row,
  { firstAt, lastAt }: Pick<Noted, 'firstAt' | 'lastAt'>,
): Row {
  if (session.idleSeconds === null || verdict(session, firstAt).state !== 'live') return session;
  const idleAt = Math.min(lastAt.getTime() + session.idleSeconds * 1000, session.absoluteExpiresAt.getTime());
  return {
    ...session,
    lastActivityAt: new Date(Math.max(session.lastActivityAt.getTime(), lastAt.getTime())),
    idleExpiresAt: new Date(Math.max(session.idleExpiresAt.getTime(), idleAt)),
  };
}
