import { t } from '@lingui/core/macro';
import type { SessionLimitAction } from '../../generated/policy-operations.ts';
import type { Problem } from '../../lib/problem.ts';

/** How many sessions a person may have at once, in the form. */
export interface MaximumDraft {
  /** As it was typed. Null: no limit. */
  amount: string | null;
  action: SessionLimitAction;
}

export interface Maximum {
  maxSessionsPerUser: number | null;
  sessionLimitAction: SessionLimitAction;
}

/** What the server takes. */
const MIN_SESSIONS = 1;
const MAX_SESSIONS = 100;
/** What is offered first. */
const USUAL_SESSIONS = 5;

export const maximumDraftOf = ({ maxSessionsPerUser, sessionLimitAction }: Maximum): MaximumDraft => ({
  amount: maxSessionsPerUser === null ? null : String(maxSessionsPerUser),
  action: sessionLimitAction,
});

export const withMaximum = (draft: MaximumDraft): MaximumDraft => ({
  ...draft,
  amount: String(USUAL_SESSIONS),
});

export type MaximumCheck = { maximum: Maximum; error: null } | { maximum: null; error: string };

export function checkMaximum({ amount, action }: MaximumDraft): MaximumCheck {
  const text = amount?.trim() ?? null;
  if (text === null)
    return { maximum: { maxSessionsPerUser: null, sessionLimitAction: action }, error: null };
  if (!/^\d+$/.test(text)) return { maximum: null, error: notBetween(MIN_SESSIONS, MAX_SESSIONS) };
  const number = Number(text);
  return number >= MIN_SESSIONS && number <= MAX_SESSIONS
    ? { maximum: { maxSessionsPerUser: number, sessionLimitAction: action }, error: null }
    : { maximum: null, error: notBetween(MIN_SESSIONS, MAX_SESSIONS) };
}

const notBetween = (min: number, max: number): string => t`Enter a whole number from ${min} to ${max}.`;

/** The server's rejection as the error of the field. Null when it is not about it. */
export function maximumErrorFromServer(problem: Problem): string | null {
  if (problem.kind !== 'refused' || problem.code !== 'BAD_USER_INPUT') return null;
  const { field, min, max } = problem.extensions;
  if (field !== 'maxSessionsPerUser') return null;
  return typeof min === 'number' && typeof max === 'number' ? notBetween(min, max) : problem.message;
}
