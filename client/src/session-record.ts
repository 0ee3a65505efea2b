import { type AccessToken } from './access-token.ts';
import { type Deadline, QUIET, standingWarning, stands, viewOf } from './expiry-state.ts';
import {
  INITIAL_STATE,
  type SessionEnding,
  type SessionFacts,
  type SessionState,
  type WatchedSession,
  type WatchedUser,
} from './session-state.ts';

/** What is known of the session; the snapshots that the application sees follow from it and the time. */
export interface Facts {
  status: SessionState['status'];
  session: WatchedSession | null;
  user: WatchedUser | null;
  token: AccessToken | null;
  ending: SessionEnding | null;
  /** When the server's clock read this session, so that an older answer does not undo a newer one. */
  knownAt: number;
  /** The warning that is up. */
  raised: Deadline | null;
  /** The absolute deadline whose warning was put away. */
  dismissed: number | null;
  extending: SessionState['extending'];
  connection: SessionState['connection'];
  /** The server is being asked after a sleep: what was shown stays until it has answered. */
  isHeld: boolean;
}

export interface SessionRecord {
  readonly facts: Readonly<Facts>;
  getState(): SessionState;
  subscribe(listener: () => void): () => void;
  change(changes: Partial<Facts>): void;
  /** Looks at the time again. */
  review(): void;
}

/** How long the server is given to raise a warning itself while the socket is up. */
export const SERVER_FIRST_MS = 3_000;

/** `onChange` runs after every change, before the application hears of it. */
export function createSessionRecord(now: () => number, onChange: () => void): SessionRecord {
  const facts: Facts = {
    status: 'starting',
    session: null,
    user: null,
    token: null,
    ending: null,
    knownAt: 0,
    raised: null,
    dismissed: null,
    extending: 'no',
    connection: INITIAL_STATE.connection,
    isHeld: false,
  };
  const listeners = new Set<() => void>();
  let state = INITIAL_STATE;

  function warned(): Deadline | null {
    const { session, status, connection, isHeld } = facts;
    if (!session || status !== 'active') return null;
    if (isHeld) return stands(facts.raised, session) ? facts.raised : null;
    return standingWarning(session, facts.raised, now(), connection === 'live' ? SERVER_FIRST_MS : 0);
  }

  function snapshot(): SessionState {
    const { status, session, user, connection, ending, dismissed, isHeld } = facts;
    facts.raised = warned();
    // What failed was an answer to a warning that is gone.
    if (!facts.raised && facts.extending === 'failed' && status === 'active') facts.extending = 'no';
    // A snapshot that is held keeps its words too: no notice turns into its last minute while the answer is awaited.
    const isKept = isHeld && facts.raised?.expiresAt === state.expiresAt;
    const view = facts.raised ? (isKept ? pick(state) : viewOf(facts.raised, now())) : QUIET;
    return {
      status,
      session,
      user,
      ...view,
      isDismissed: view.reason === 'ABSOLUTE' && view.expiresAt === dismissed,
      extending: facts.extending,
      connection,
      ending,
    };
  }

  function publish(): void {
    const next = snapshot();
    onChange();
    if (isSame(state, next)) return;
    state = Object.freeze(next);
    for (const listener of [...listeners]) {
      try {
        listener();
      } catch (error) {
        // The application's mistake is the application's to see, and no reason to stop watching.
        queueMicrotask(() => {
          throw error;
        });
      }
    }
  }

  return {
    facts,
    getState: () => state,
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    change(changes) {
      const { session } = changes;
      if (session && facts.session && isSame(session, facts.session)) changes.session = facts.session;
      Object.assign(facts, changes);
      publish();
    },
    review: publish,
  };
}

export function watched(facts: SessionFacts): WatchedSession {
  return Object.freeze({
    ...facts,
    authenticatedAt: Date.parse(facts.authenticatedAt),
    lastActivityAt: Date.parse(facts.lastActivityAt),
    idleExpiresAt: Date.parse(facts.idleExpiresAt),
    absoluteExpiresAt: Date.parse(facts.absoluteExpiresAt),
  });
}

/** For another tab. */
export const factsOf = (session: WatchedSession): SessionFacts => ({
  ...session,
  authenticatedAt: timestamp(session.authenticatedAt),
  lastActivityAt: timestamp(session.lastActivityAt),
  idleExpiresAt: timestamp(session.idleExpiresAt),
  absoluteExpiresAt: timestamp(session.absoluteExpiresAt),
});

export const timestamp = (milliseconds: number): string => new Date(milliseconds).toISOString();

const pick = ({ warning, reason, expiresAt, canExtend }: SessionState) => ({
  warning,
  reason,
  expiresAt,
  canExtend,
});

function isSame<T extends object>(one: T, other: T): boolean {
  return (Object.keys(one) as (keyof T)[]).every((key) => Object.is(one[key], other[key]));
}
