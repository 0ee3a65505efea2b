import { t } from '@lingui/core/macro';
import type { PolicyApplication } from '../../generated/evidence-operations.ts';
import { sessions } from '../../lib/count.ts';
import { type Problem, problemMessage } from '../../lib/problem.ts';
import type { Restored } from './use-restore.ts';

/** What a restore did. */
export function restoredInWords(from: number, apply: PolicyApplication, restored: Restored): string {
  const { version, endedSessions, shortenedSessions } = restored;
  if (apply === 'NEXT_LOGIN')
    return t`Version ${from} is restored as version ${version}. It applies from the next sign-in.`;
  const ended = sessions(endedSessions);
  return t`Version ${from} is restored as version ${version} and applied: ${ended} ended, ${shortenedSessions} shortened.`;
}

/** Why a version could not be restored. Null: there is nothing to say, or a notice says it. */
export function refusedInWords(problem: Problem | null, version: number): string | null {
  if (problem === null || problem.kind === 'session-over' || problem.kind === 'not-confirmed') return null;
  if (problem.kind === 'refused') {
    if (problem.code === 'CONFLICT') return null;
    if (problem.code === 'BAD_USER_INPUT')
      return t`This server no longer allows the limits of version ${version}. Nothing was changed.`;
  }
  return problemMessage(problem);
}

export const isConflict = (problem: Problem | null): boolean =>
  problem?.kind === 'refused' && problem.code === 'CONFLICT';
