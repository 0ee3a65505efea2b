import { type SessionRecord } from './session-record.ts';
import { type SessionEnding } from './session-state.ts';

/** Which end is the user's own doing. */
export interface Leaving {
  /** The user is about to end the session that is watched. What is returned takes that back. */
  announce(): () => void;
  /** The session whose end, should it come now, is the user's own doing, in whichever tab. */
  expect(sessionId: string | null): void;
  /** The same end as this user sees it. */
  seen(ending: SessionEnding): SessionEnding;
}

export function createLeaving(dependencies: {
  record: SessionRecord;
  hasSession(): boolean;
  /** Tells the other tabs. */
  tell(sessionId: string, isLeaving: boolean): void;
}): Leaving {
  const { record, hasSession, tell } = dependencies;
  const { facts } = record;
  let expected: string | null = null;

  return {
    announce() {
      const sessionId = facts.session?.id;
      if (sessionId === undefined || !hasSession()) return () => {};
      const change = (isLeaving: boolean): void => {
        expected = isLeaving ? sessionId : null;
        tell(sessionId, isLeaving);
      };
      change(true);
      return () => change(false);
    },
    expect: (sessionId) => void (expected = sessionId),
    seen(ending) {
      const isOwnDoing = expected !== null && expected === facts.session?.id && ending.kind !== 'expired';
      return isOwnDoing ? { kind: 'left' } : ending;
    },
  };
}
