import { type Credentials } from './credentials.ts';
import { type GrantSource } from './grant-source.ts';
import { type SessionRecord } from './session-record.ts';
import { type Transport } from './transport.ts';

/** Somebody signs out: at Curfew first, whose word counts, then at the application. */
export interface SignOut {
  /** Twice at once is once, and without a session nothing. Rejects as `SessionWatcher.signOut` says. */
  run(): Promise<void>;
  /**
   * Keeps what is heard of the end while somebody signs out, until that is done: a page that leaves at the first word
   * would cut the application's own sign-out short. False: nobody signs out.
   */
  holds(tellEnd: () => void): boolean;
}

export function createSignOut(dependencies: {
  record: SessionRecord;
  hasSession(): boolean;
  source: GrantSource;
  credentials: Credentials;
  transport: Transport;
  /** The application's; see `WatcherOptions`. */
  onApplication: (() => void | Promise<void>) | undefined;
  /** The session is over by the user's own doing. */
  onLeft(): void;
}): SignOut {
  const { record, hasSession, source, credentials, transport, onApplication, onLeft } = dependencies;
  const { facts } = record;
  let underWay: Promise<void> | null = null;
  let tellHeld: (() => void) | null = null;

  async function signOut(): Promise<void> {
    const sessionId = facts.session?.id;
    let isOver = false;
    try {
      await source.signOut(credentials.token ?? undefined);
      isOver = true;
      if (onApplication) await transport.call(onApplication);
    } finally {
      underWay = null;
      const tell = tellHeld;
      tellHeld = null;
      // Somebody may have signed in meanwhile, in another tab.
      if (isOver && facts.session?.id === sessionId) onLeft();
      else tell?.();
    }
  }

  return {
    async run() {
      if (hasSession()) await (underWay ??= signOut());
    },
    holds(tellEnd) {
      if (underWay) tellHeld = tellEnd;
      return underWay !== null;
    },
  };
}
