import type { ProviderOutcome, ProviderRefusalReason } from '../../lib/provider-confirmation.ts';
import { problemOf } from '../../lib/problem.ts';
import { type ProviderRefusal, providerRefusalOf } from './provider-refusal.ts';
import type { Completion } from './use-complete-sign-in.ts';

/** How a confirmation at a provider went. Null: not known yet, or there is none. */
export function confirmationOutcome(completion: Completion): ProviderOutcome | null {
  switch (completion.kind) {
    case 'none':
    case 'pending':
      return null;
    case 'done':
      return { kind: 'confirmed' };
    case 'refused':
      return outcomeOf(completion.error);
  }
}

/** Codes of a session that has ended, as `refreshSession` gives them. */
const SESSION_OVER = ['SESSION_EXPIRED_IDLE', 'SESSION_EXPIRED_ABSOLUTE', 'INVALID_REFRESH_TOKEN'];

function outcomeOf(error: unknown): ProviderOutcome {
  const problem = problemOf(error);
  if (problem.kind === 'session-over') return refused('session-over');
  if (problem.kind === 'refused') {
    const { code, extensions } = problem;
    if (code === 'RATE_LIMITED')
      return { kind: 'rate-limited', retryAfterSeconds: secondsOf(extensions.retryAfterSeconds) };
    if (SESSION_OVER.includes(code)) return refused('session-over');
    if (extensions.reason === 'ANOTHER_PERSON') return refused('another-person');
  }
  return refused(REASONS[providerRefusalOf(error).kind]);
}

const refused = (why: ProviderRefusalReason): ProviderOutcome => ({ kind: 'refused', why });

const REASONS: Record<ProviderRefusal['kind'], ProviderRefusalReason> = {
  'flow-invalid': 'flow-invalid',
  cancelled: 'cancelled',
  'provider-refused': 'provider-error',
  'response-invalid': 'response-invalid',
  // The provider may not vouch for this user any more.
  'not-invited': 'another-person',
  'sign-in-again': 'not-asked',
  'sign-in-too-old': 'not-asked',
  // A confirmation creates no session.
  'session-limit': 'unavailable',
  unavailable: 'unavailable',
  'no-response': 'no-response',
  failed: 'unavailable',
};

const secondsOf = (value: unknown): number | null => (typeof value === 'number' ? value : null);
