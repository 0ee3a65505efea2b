import { CombinedGraphQLErrors } from '@apollo/client';
import { problemOf, sentenceFor } from '../../lib/problem.ts';

/** Why a sign-in at an identity provider led to no session here. */
export type ProviderRefusal =
  /** Begun in another browser, too long ago, used already, or never. */
  | { kind: 'flow-invalid' }
  /** The person, or whoever manages their account at the provider, said no. */
  | { kind: 'cancelled' }
  /** The provider answered with another error; `isPassing`: it says itself that it will be well again. */
  | { kind: 'provider-refused'; isPassing: boolean }
  | { kind: 'answer-invalid' }
  | { kind: 'not-invited' }
  /** Signed in at the provider too long ago; there they can sign in anew. */
  | { kind: 'once-more'; authorizationUrl: string }
  /** The same, and the provider has been asked already. */
  | { kind: 'too-long-ago' }
  /** Curfew answered that it, or the provider, cannot serve right now. */
  | { kind: 'unavailable' }
  /** Curfew did not answer. */
  | { kind: 'no-answer' }
  | { kind: 'failed'; title: string; sentence: string };

/** What the answer to `completeOAuthLogin` means. */
export function refusalOf(error: unknown): ProviderRefusal {
  const problem = problemOf(error);
  if (problem.kind !== 'refused') return { kind: isAnswered(error) ? 'unavailable' : 'no-answer' };
  const { reason, providerError, authorizationUrl } = problem.extensions;
  switch (problem.code) {
    case 'BAD_USER_INPUT':
      // Nobody types this address: it is mangled.
      return { kind: 'flow-invalid' };
    case 'RATE_LIMITED':
      return { kind: 'failed', title: 'Too many attempts', sentence: sentenceFor(problem) };
    case 'INVALID_CREDENTIALS':
      switch (reason) {
        case 'OAUTH_FLOW_INVALID':
          return { kind: 'flow-invalid' };
        case 'PROVIDER_REFUSED':
          if (providerError === 'access_denied') return { kind: 'cancelled' };
          return { kind: 'provider-refused', isPassing: PASSING.includes(providerError) };
        case 'NOT_INVITED':
          return { kind: 'not-invited' };
        case 'REAUTHENTICATION_REQUIRED':
          return typeof authorizationUrl === 'string'
            ? { kind: 'once-more', authorizationUrl }
            : { kind: 'too-long-ago' };
        default:
          return { kind: 'answer-invalid' };
      }
    default:
      return { kind: 'failed', title: 'You are not signed in', sentence: sentenceFor(problem) };
  }
}

/** Of RFC 6749, section 4.1.2.1. */
const PASSING: unknown[] = ['server_error', 'temporarily_unavailable'];

/** What to say when the way to the provider cannot even be begun. */
export function sentenceForStart(error: unknown, name: string): string {
  const problem = problemOf(error);
  if (problem.kind !== 'refused') {
    return isAnswered(error)
      ? `${name} cannot be reached. Try again, or sign in with your password.`
      : 'Curfew could not be reached. Check your connection and try again.';
  }
  switch (problem.code) {
    case 'NOT_FOUND':
      return `Curfew no longer offers to sign in with ${name}. Sign in with your password.`;
    case 'BAD_USER_INPUT':
      return `${name} does not know this address of Curfew. Open Curfew at its usual address, or sign in with your password.`;
    default:
      return sentenceFor(problem);
  }
}

const isAnswered = (error: unknown): boolean => CombinedGraphQLErrors.is(error);
