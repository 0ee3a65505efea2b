import { t } from '@lingui/core/macro';
import { i18n } from '@lingui/core';
import { type Problem, problemMessage } from '../../lib/problem.ts';

export type SetPasswordRefusal =
  /** The link was used or replaced, or has expired. The user needs a new one. */
  | { kind: 'link-invalid' }
  /** The server rejected the password; its message gives the reason. */
  | { kind: 'password-refused'; message: string }
  /** The result is unknown; the same link can be tried again. */
  | { kind: 'no-response' }
  | { kind: 'failed'; problem: Problem };

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
    }
  }
  return { kind: 'failed', problem };
}

/** What the form says about a refusal. */
export function refusalText(refusal: SetPasswordRefusal): string {
  switch (refusal.kind) {
    case 'link-invalid':
      return t`This link no longer works`;
    case 'password-refused':
      // The server's own words are English.
      return i18n.locale === 'en'
        ? refusal.message
        : t`This password is too easy to guess. Choose another one, such as a few unrelated words.`;
    case 'no-response':
      return t`Couldn’t reach Curfew. Check your connection and try again.`;
    case 'failed': {
      const { problem } = refusal;
      const message = problemMessage(problem);
      return problem.kind === 'refused' && problem.code === 'RATE_LIMITED'
        ? t`${message} Your link stays valid.`
        : message;
    }
  }
}
