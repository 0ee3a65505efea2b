import { accessTokenOf, type AccessToken } from './access-token.ts';
import { type SessionExpiryEvent } from './follow-session-expiry.ts';
import { type ServerClock } from './server-clock.ts';
import { type SessionRecord, watched } from './session-record.ts';
import { type Grant, type SessionEnding, type SessionFacts } from './session-state.ts';
import { type StoredValue } from './stored-value.ts';

/** Who brings a grant: the application's own sign-in, this tab's renewal, or another tab. */
export type GrantOrigin = 'sign-in' | 'renewal' | 'tab';

/** How news changes what is known. Newer news wins, and a session that is over stays over. */
export interface Transitions {
  hasSession(): boolean;
  /** Somebody has signed in, and it is not known yet who: what was known is of the past. */
  forget(): void;
  accept(grant: Grant, origin: GrantOrigin): 'begun' | 'kept' | 'ignored' | 'other-user';
  /** A session as the server read it at `knownAt`, on its own clock. */
  learn(facts: SessionFacts, knownAt: number): void;
  /** A session's deadlines, as the socket told them. */
  hear(event: SessionExpiryEvent): void;
  /** False: that was known. */
  end(ending: SessionEnding): boolean;
  /** Puts the warning of this absolute deadline away. */
  dismiss(deadline: number): void;
}

export function createTransitions(dependencies: {
  record: SessionRecord;
  clock: ServerClock;
  /** Lives as long as the tab. */
  dismissal: StoredValue;
}): Transitions {
  const { record, clock, dismissal } = dependencies;
  const { facts } = record;

  const hasSession = (): boolean => facts.status === 'active' || facts.status === 'unconfirmed';

  function later(token: AccessToken): AccessToken {
    return facts.token && facts.token.expiresAt > token.expiresAt ? facts.token : token;
  }

  function dismissedOf(sessionId: string): number | null {
    const [id, deadline] = dismissal.read()?.split(' ') ?? [];
    return id === sessionId ? Number(deadline) : null;
  }

  return {
    hasSession,

    forget() {
      record.change({
        status: 'starting',
        session: null,
        user: null,
        token: null,
        ending: null,
        raised: null,
        dismissed: null,
        extending: 'no',
        isHeld: false,
      });
    },

    accept(grant, origin) {
      const token = accessTokenOf(grant);
      const knownAt = token.issuedAt;
      if (facts.user && facts.user.id !== grant.user.id && origin !== 'sign-in') return 'other-user';

      if (facts.session?.id === grant.session.id) {
        if (!hasSession()) return 'ignored';
        const isNewer = knownAt >= facts.knownAt;
        record.change({
          status: 'active',
          token: later(token),
          ...(isNewer ? { session: watched(grant.session), user: sameOr(grant.user), knownAt } : {}),
        });
        return 'kept';
      }

      const session = watched(grant.session);
      // A tab that has not heard yet of the newer sign-in.
      const isOlder = hasSession() && session.authenticatedAt <= (facts.session?.authenticatedAt ?? 0);
      if (origin === 'tab' && isOlder) return 'ignored';
      record.change({
        status: 'active',
        session,
        user: sameOr(grant.user),
        token,
        knownAt,
        ending: null,
        raised: null,
        dismissed: dismissedOf(session.id),
        extending: 'no',
        isHeld: false,
      });
      return 'begun';
    },

    learn(read, knownAt) {
      if (!hasSession() || read.id !== facts.session?.id || knownAt < facts.knownAt) return;
      record.change({ status: 'active', session: watched(read), knownAt });
    },

    hear(event) {
      const { session } = facts;
      if (!session || !hasSession() || event.sessionId !== session.id) return;
      const serverTime = Date.parse(event.serverTime);
      clock.hear(serverTime);
      if (serverTime < facts.knownAt) return;
      const isWarning = event.kind === 'WARNING' && event.reason !== null;
      record.change({
        status: 'active',
        knownAt: serverTime,
        session: Object.freeze({
          ...session,
          idleExpiresAt: Date.parse(event.idleExpiresAt),
          absoluteExpiresAt: Date.parse(event.absoluteExpiresAt),
        }),
        ...(isWarning && event.reason
          ? { raised: { reason: event.reason, expiresAt: Date.parse(event.expiresAt) } }
          : {}),
      });
    },

    end(ending) {
      const isBetterKnown =
        facts.status === 'over' && ending.kind === 'left' && facts.ending?.kind !== 'left';
      if (!hasSession() && facts.status !== 'starting' && !isBetterKnown) return false;
      const wasThere = facts.session !== null || ending.kind === 'expired' || ending.kind === 'ended';
      dismissal.clear();
      record.change({
        status: wasThere ? 'over' : 'none',
        ending: wasThere ? ending : null,
        token: null,
        raised: null,
        extending: 'no',
        isHeld: false,
      });
      return true;
    },

    dismiss(deadline) {
      if (!facts.session) return;
      dismissal.write(`${facts.session.id} ${deadline}`);
      record.change({ dismissed: deadline });
    },
  };

  /** The same object for the same user, so that nobody renders for nothing. */
  function sameOr(user: Grant['user']): Grant['user'] {
    return JSON.stringify(user) === JSON.stringify(facts.user) ? facts.user! : Object.freeze(user);
  }
}
