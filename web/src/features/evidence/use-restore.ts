import { useMutation } from '@apollo/client/react';
import { useState } from 'react';
import { useSession } from '@curfew/client/react';
import { EvidenceRestoreDocument, type PolicyApplication } from '../../generated/evidence-operations.ts';
import { type Problem, problemOf } from '../../lib/problem.ts';
import { POLICY_CHANGED } from '../policy-effect/policy-broadcast.ts';

export interface Restored {
  /** The new version. */
  version: number;
  endedSessions: number;
  shortenedSessions: number;
}

interface WantedRestore {
  version: number;
  apply: PolicyApplication;
  /** The version that the user compared it with. */
  expectedVersion: number;
}

export interface Restore {
  isBusy: boolean;
  problem: Problem | null;
  /** Null: see `problem`. */
  restore(wanted: WantedRestore): Promise<Restored | null>;
  clear(): void;
}

/** Saves an earlier version as a new one. Another owner's save since then is reloaded, and nothing is restored. */
export function useRestore(onReload: () => Promise<unknown>): Restore {
  const { watcher } = useSession();
  const [run] = useMutation(EvidenceRestoreDocument, { refetchQueries: ['EvidenceStandards'] });
  const [isBusy, setBusy] = useState(false);
  const [problem, setProblem] = useState<Problem | null>(null);
  return {
    isBusy,
    problem,
    async restore(wanted) {
      setBusy(true);
      setProblem(null);
      try {
        const { data } = await run({ variables: wanted });
        const { sessionPolicy, endedSessions, shortenedSessions } = data!.restoreSessionPolicy;
        watcher.announce({ kind: POLICY_CHANGED });
        await onReload().catch(() => {});
        return { version: sessionPolicy.version, endedSessions, shortenedSessions };
      } catch (error) {
        const refused = problemOf(error);
        if (refused.kind === 'refused' && refused.code === 'CONFLICT') await onReload().catch(() => {});
        setProblem(refused);
        return null;
      } finally {
        setBusy(false);
      }
    },
    clear: () => setProblem(null),
  };
}
