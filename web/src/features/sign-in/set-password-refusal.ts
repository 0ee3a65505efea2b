import type { Problem } from '../../lib/problem.ts';
import { sentenceFor } from '../../lib/problem.ts';

export type SetPasswordRefusal =
  /** The link has been used, replaced or has expired: only a new one helps. */
  | { kind: 'link-over' }
  /** The server wants another password; its own sentence says why. */
  | { kind: 'password-refused'; message: string }
  /** Nothing changed, or nobody knows: the same link can be tried again. */
  | { kind: 'no-answer' }
  | { kind: 'failed'; message: string };

export function refusalOf(problem: Problem): SetPasswordRefusal {
  if (problem.kind === 'unreachable') return { kind: 'no-answer' };
  if (problem.kind === 'refused') {
    switch (problem.code) {
      case 'INVALID_CREDENTIALS':
        return { kind: 'link-over' };
      case 'BAD_USER_INPUT':
        // A mangled link is bad input too, and no password would help it.
        return problem.extensions.field === 'token'
          ? { kind: 'link-over' }
          : { kind: 'password-refused', message: problem.message };
      case 'RATE_LIMITED':
        return { kind: 'failed', message: `${sentenceFor(problem)} Your link stays good.` };
    }
  }
  return { kind: 'failed', message: sentenceFor(problem) };
}
