import type { SessionLimitAction } from '../generated/schema.ts';

/** How many live sessions a user may have, and what happens to a sign-in beyond that. */
export interface SessionLimit {
  max: number;
  action: SessionLimitAction;
}

/** What becomes of a sign-in. */
export type LimitDecision<Live> =
  /** It goes on, and these sessions end. */
  { action: 'admit'; ended: readonly Live[] } | { action: 'refuse' };

/**
 * Decides whether a user may have one more session.
 * @param live their live sessions, the least recently active first, without one that the sign-in replaces
 * @param isChosen whether the user asked for that session to end. Only ASK heeds it, and only where one has to end; then
 * all chosen ones end, as many as they are. Null: no one can be asked, so ASK is DENY.
 */
export function decideLimit<Live>(
  { max, action }: SessionLimit,
  live: readonly Live[],
  isChosen: ((session: Live) => boolean) | null,
): LimitDecision<Live> {
  const excess = live.length + 1 - max;
  if (excess <= 0) return { action: 'admit', ended: [] };
  switch (action) {
    case 'DENY':
      return { action: 'refuse' };
    case 'END_OLDEST':
      return { action: 'admit', ended: live.slice(0, excess) };
    case 'ASK': {
      const chosen = isChosen === null ? [] : live.filter(isChosen);
      return chosen.length >= excess ? { action: 'admit', ended: chosen } : { action: 'refuse' };
    }
    default:
      return action satisfies never;
  }
}
