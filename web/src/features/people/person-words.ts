import { t } from '@lingui/core/macro';
import type { Role, UserStatus } from '../../generated/people-operations.ts';
import { problemMessage, problemOf, type Problem } from '../../lib/problem.ts';

export const roleName = (role: Role): string => (role === 'OWNER' ? t`Owner` : t`Member`);

export function statusName(status: UserStatus): string {
  switch (status) {
    case 'ACTIVE':
      return t`Active`;
    case 'INVITED':
      return t`Invited`;
    case 'DEACTIVATED':
      return t`Deactivated`;
    case 'EXTERNAL':
      return t`From an application`;
  }
}

/** The message for a refused change of a person, and for each row of an import. */
export function refusalMessage(code: string, reason: unknown, field: unknown): string | null {
  switch (reason) {
    case 'LAST_OWNER':
      return t`This is the only active owner. Make someone else an owner first.`;
    case 'EMAIL_TAKEN':
      return t`Someone already signs in with this e-mail.`;
    case 'HAS_SIGN_IN':
      return t`This person can already sign in. Create a new link instead.`;
    case 'NOT_INVITED':
      return t`This person has no sign-in yet. Give them one first.`;
    case 'USER_INACTIVE':
      return t`This person is deactivated. Reactivate them first.`;
    case 'DUPLICATE':
      return t`An earlier line has the same e-mail.`;
    case 'MALFORMED':
      return t`This is not an e-mail address.`;
    case 'REQUIRED':
    case 'OUT_OF_BOUNDS':
      if (field === 'name') return t`Enter a name of 1 to 200 characters.`;
  }
  return code === 'NOT_FOUND' ? t`This person was deleted in the meantime.` : null;
}

export interface PersonFailure {
  text: string;
  /** The field of the form that it is about. */
  field: 'email' | 'name' | null;
}

export function toFailure(error: unknown): PersonFailure | null {
  const problem: Problem = problemOf(error);
  // The redirect to the sign-in page follows; or the dialog that was closed has said so.
  if (problem.kind === 'session-over' || problem.kind === 'not-confirmed') return null;
  if (problem.kind !== 'refused') return { text: problemMessage(problem), field: null };
  const { field, reason } = problem.extensions;
  return {
    text: refusalMessage(problem.code, reason, field) ?? problemMessage(problem),
    field: field === 'email' || field === 'name' ? field : null,
  };
}
