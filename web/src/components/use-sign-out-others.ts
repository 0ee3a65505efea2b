import { useApolloClient, useMutation } from '@apollo/client/react';
import { plural, t } from '@lingui/core/macro';
import { useState } from 'react';
import { OtherSessionsRevokeDocument } from '../generated/operations.ts';
import { listOtherSessions } from '../lib/list-other-sessions.ts';
import { problemMessage, problemOf } from '../lib/problem.ts';
import { revokeOthers } from '../lib/revoke-others.ts';

export interface SignOutOthers {
  /** What is being done. Null: nothing. */
  progress: string | null;
  failure: string | null;
  /** Ends every other session of the user, the latest first. Resolves to their number; null: see `failure`. */
  signOutOthers(): Promise<number | null>;
  /** Forgets the failure. */
  reset(): void;
}

export function useSignOutOthers(userId: string): SignOutOthers {
  const client = useApolloClient();
  const [revokeSession] = useMutation(OtherSessionsRevokeDocument);
  const [progress, setProgress] = useState<string | null>(null);
  const [failure, setFailure] = useState<string | null>(null);

  async function revoke(sessionId: string): Promise<number> {
    const { data } = await revokeSession({ variables: { sessionId } });
    return data?.revokeSession.revokedCount ?? 0;
  }

  async function signOutOthers(): Promise<number | null> {
    setFailure(null);
    setProgress(t`Signing out…`);
    try {
      const { revoked, failed, error } = await revokeOthers({
        list: () => listOtherSessions(client, userId),
        revoke,
        onProgress: (done, all) => setProgress(t`Signing out… ${done} of ${all}`),
      });
      if (failed === 0) return revoked;
      const done = plural(revoked, { one: '# session', other: '# sessions' });
      const problem = problemMessage(problemOf(error));
      setFailure(t`Signed out ${done}, but not ${failed}. ${problem}`);
      return null;
    } catch (error) {
      setFailure(problemMessage(problemOf(error)));
      return null;
    } finally {
      setProgress(null);
    }
  }

  return { progress, failure, signOutOthers, reset: () => setFailure(null) };
}
