import { CombinedGraphQLErrors } from '@apollo/client';
import { t } from '@lingui/core/macro';
import { type Problem, problemOf, problemMessage } from '../../lib/problem.ts';
import { type SessionLimit, sessionLimitOf } from './session-limit.ts';

/** Why a sign-in at an identity provider failed. */
export type ProviderRefusal =
  /** Started in another browser or too long ago, completed already, or never started. */
  | { kind: 'flow-invalid' }
  /** Cancelled by the user or denied by the administrator at the provider. */
  | { kind: 'cancelled' }
  /** The provider returned another error. `isTemporary`: it marked the error as temporary. */
  | { kind: 'provider-refused'; isTemporary: boolean }
  | { kind: 'response-invalid' }
  | { kind: 'not-invited' }
  /** The sign-in at the provider is too old; the user can sign in there again. */
  | { kind: 'sign-in-again'; authorizationUrl: string }
  /** The sign-in at the provider is too old, although a fresh one was requested. */
  | { kind: 'sign-in-too-old' }
  /** The user has as many sessions as the account allows. */
  | { kind: 'session-limit'; limit: SessionLimit }
  /** Curfew or the provider is temporarily unavailable. */
  | { kind: 'unavailable' }
  /** No response from Curfew. */
  | { kind: 'no-response' }
  | { kind: 'failed'; problem: Problem };

/** Classifies an error of `completeOAuthLogin`. */
export function providerRefusalOf(error: unknown): ProviderRefusal {
  const problem = problemOf(error);
  if (problem.kind === 'cookies-needed') return { kind: 'failed', problem };
  if (problem.kind !== 'refused') return { kind: hasResponse(error) ? 'unavailable' : 'no-response' };
  const { reason, providerError, authorizationUrl } = problem.extensions;
  switch (problem.code) {
    case 'BAD_USER_INPUT':
      // People do not type this address, so it was damaged on the way.
      return { kind: 'flow-invalid' };
    case 'INVALID_CREDENTIALS':
      switch (reason) {
        case 'OAUTH_FLOW_INVALID':
          return { kind: 'flow-invalid' };
        case 'PROVIDER_REFUSED':
          if (providerError === 'access_denied') return { kind: 'cancelled' };
          return { kind: 'provider-refused', isTemporary: TEMPORARY_ERRORS.includes(providerError) };
        case 'NOT_INVITED':
          return { kind: 'not-invited' };
        case 'REAUTHENTICATION_REQUIRED':
          return typeof authorizationUrl === 'string'
            ? { kind: 'sign-in-again', authorizationUrl }
            : { kind: 'sign-in-too-old' };
        default:
          return { kind: 'response-invalid' };
      }
    default: {
      const limit = sessionLimitOf(problem);
      return limit ? { kind: 'session-limit', limit } : { kind: 'failed', problem };
    }
  }
}

/** Error codes of RFC 6749, section 4.1.2.1. */
const TEMPORARY_ERRORS: unknown[] = ['server_error', 'temporarily_unavailable'];

/** The message when the sign-in at the provider cannot be started. */
export function startErrorMessage(error: unknown, name: string): string {
  const problem = problemOf(error);
  if (problem.kind !== 'refused') {
    return hasResponse(error)
      ? t`Couldn’t reach ${name}. Try again, or sign in with your password.`
      : t`Couldn’t reach Curfew. Check your connection and try again.`;
  }
  switch (problem.code) {
    case 'NOT_FOUND':
      return t`You can no longer sign in with ${name}. Sign in with your password.`;
    case 'BAD_USER_INPUT':
      return t`${name} doesn’t accept this address of Curfew. Open Curfew at its usual address, or sign in with your password.`;
    default:
      return problemMessage(problem);
  }
}

const hasResponse = (error: unknown): boolean => CombinedGraphQLErrors.is(error);
