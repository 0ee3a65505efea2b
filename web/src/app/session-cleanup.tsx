import { useEffect, useRef } from 'react';
import { useSession } from '@curfew/client/react';
import type { Apollo } from '../lib/apollo.ts';
import { discardDraftsOfOthers } from '../lib/draft.ts';
import { rememberSignIn } from '../lib/last-sign-in.ts';

/** Clears the data of a session in this tab when it ends, and remembers its limits for the next sign-in. */
export function SessionCleanup({ apollo }: { apollo: Apollo }) {
  const { status, session, user } = useSession();
  const sessionId = useRef<string | null>(null);

  useEffect(() => {
    if (status === 'active' && session && user) {
      // A new session while the old pages are still mounted: their data is outdated or of another user.
      if (sessionId.current !== null && sessionId.current !== session.id) void apollo.reset();
      sessionId.current = session.id;
      discardDraftsOfOthers(user.id);
      rememberSignIn(session.id, {
        email: user.email,
        idleMinutes: session.idleMinutes,
        absoluteMinutes: session.absoluteMinutes,
        idleWarningSeconds: session.idleWarningSeconds,
        absoluteWarningSeconds: session.absoluteWarningSeconds,
      });
    } else if (status === 'over' || status === 'none') {
      sessionId.current = null;
      void apollo.reset();
    }
  }, [status, session, user, apollo]);

  return null;
}
