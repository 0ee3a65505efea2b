import type { Problem } from '../../lib/problem.ts';
import { problemMessage } from '../../lib/problem.ts';

export type SetPasswordRefusal =
  /** The link was used or replaced, or has expired. The user needs a new one. */
  | { kind: 'link-invalid' }
  /** The server rejected the password; its message gives the reason. */
  | { kind: 'password-refused'; message: string }
  /** The result is unknown; the same link can be tried again. */
  | { kind: 'no-response' }
  | { kind: 'failed'; message: string };

export function setPasswordRefusalOf(problem: Problem): SetPasswordRefusal {
  if (problem.kind === 'unreachable') return { kind: 'no-response' };
  if (problem.kind === 'refused') {
    switch (problem.code) {
      case 'INVALID_CREDENTIALS':
        return { kind: 'link-invalid' };
      case 'BAD_USER_INPUT':
        // A damaged link is bad input too; another password would not help.
        return problem.extensions.field === 'token'
          ? { kind: 'link-invalid' }
          : { kind: 'password-refused', message: problem.message };
      case 'RATE_LIMITED':
        return { kind: 'failed', message: `${problemMessage(problem)} Your link stays valid.` };
    }
  }
  return { kind: 'failed', message: problemMessage(problem) };
}
