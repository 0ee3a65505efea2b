import type { AccountSessionFragment } from '../../generated/account-operations.ts';

export interface ArrangedSession {
  session: AccountSessionFragment;
  /** `new`: it started while the list was shown. `ended`: it ended while the list was shown. */
  state: 'current' | 'new' | 'ended';
}

/**
 * Merges the server's list into the shown rows so that no row moves: known sessions keep their place, even after their
 * end, and new ones are appended. The first time, this session comes first and the others in the server's order.
 * `isComplete`: the server has no further pages.
 */
export function arrangeRows(
  rows: readonly ArrangedSession[] | null,
  sessions: readonly AccountSessionFragment[],
  isComplete = true,
): ArrangedSession[] {
  if (rows === null) {
    const current = sessions.filter(({ isCurrent }) => isCurrent);
    const others = sessions.filter(({ isCurrent }) => !isCurrent);
    return [...current, ...others].map((session) => ({ session, state: 'current' }));
  }
  const fresh = new Map(sessions.map((session) => [session.id, session]));
  const kept = rows.map((row): ArrangedSession => {
    const session = fresh.get(row.session.id);
    if (session) return { session, state: row.state === 'ended' ? 'current' : row.state };
    // If there are more pages, the session may have moved to the next one.
    return isComplete ? { session: row.session, state: 'ended' } : row;
  });
  const known = new Set(rows.map(({ session }) => session.id));
  const added = sessions.filter(({ id }) => !known.has(id));
  return [...kept, ...added.map((session): ArrangedSession => ({ session, state: 'new' }))];
}
