import type { AccountSessionFragment } from '../../generated/operations.ts';

export interface Row {
  session: AccountSessionFragment;
  /** `new`: it came while the list was looked at · `gone`: it ended meanwhile, elsewhere. */
  state: 'there' | 'new' | 'gone';
}

/**
 * The list as it is now, so that nothing moves under the pointer: who was there keeps the place, also when gone, and
 * who comes goes to the end. A list that is new has the current session first and then the latest sign-in.
 */
export function arrange(
  rows: readonly Row[] | null,
  sessions: readonly AccountSessionFragment[],
  isComplete = true,
): Row[] {
  if (rows === null) {
    const current = sessions.filter(({ isCurrent }) => isCurrent);
    const others = sessions.filter(({ isCurrent }) => !isCurrent);
    return [...current, ...others].map((session) => ({ session, state: 'there' }));
  }
  const fresh = new Map(sessions.map((session) => [session.id, session]));
  const kept = rows.map((row): Row => {
    const session = fresh.get(row.session.id);
    if (session) return { session, state: row.state === 'gone' ? 'there' : row.state };
    // Of a list that goes on, it may have been pushed onto the next page.
    return isComplete ? { session: row.session, state: 'gone' } : row;
  });
  const known = new Set(rows.map(({ session }) => session.id));
  const added = sessions.filter(({ id }) => !known.has(id));
  return [...kept, ...added.map((session): Row => ({ session, state: 'new' }))];
}
