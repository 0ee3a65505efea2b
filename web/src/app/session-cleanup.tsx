import { useEffect, useRef } from 'react';
import { useSession } from '@curfew/client/react';
import type { Apollo } from '../lib/apollo.ts';
import { forgetDraftsOfOthers } from '../lib/draft.ts';
import { rememberSignIn } from '../lib/last-sign-in.ts';

/** What a session leaves behind in this tab goes with it; what the next sign-in needs is kept. */
export function SessionCleanup({ apollo }: { apollo: Apollo }) {
  const { status, session, user } = useSession();
  const sessionId = useRef<string | null>(null);

  useEffect(() => {
    if (status === 'active' && session && user) {
      // Signed in again while the old pages were still there: their answers are somebody else's now, or outdated.
      if (sessionId.current !== null && sessionId.current !== session.id) void apollo.reset();
      sessionId.current = session.id;
      forgetDraftsOfOthers(user.id);
      rememberSignIn({
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
