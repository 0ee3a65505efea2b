import { ResponseBodyError, WWWAuthenticateChallengeError } from 'openid-client';
import { errorChain } from '../../error-chain.ts';

/** RFC 6749, section 4.1.2.1, and OpenID Connect Core 1.0, section 3.1.2.6. Other codes are not passed on. */
const AUTHORIZATION_ERRORS = new Set([
  'invalid_request',
  'unauthorized_client',
  'access_denied',
  'unsupported_response_type',
  'invalid_scope',
  'server_error',
  'temporarily_unavailable',
  'interaction_required',
  'login_required',
  'account_selection_required',
  'consent_required',
  'invalid_request_uri',
  'invalid_request_object',
  'request_not_supported',
  'request_uri_not_supported',
  'registration_not_supported',
]);

/** RFC 6749, section 5.2: only these codes are logged. */
const TOKEN_ERRORS = new Set([
  'invalid_request',
  'invalid_client',
  'invalid_grant',
  'unauthorized_client',
  'unsupported_grant_type',
  'invalid_scope',
]);

/** Whether the provider did not answer, or answered that it cannot now. The request may be repeated. */
export function isProviderUnavailable(error: unknown): boolean {
  return errorChain(error).some(
    ({ code, name, message, status }) =>
      code === 'OAUTH_TIMEOUT' ||
      code === 'OAUTH_ABORT' ||
      // The errors of `fetch` for a connection that was not made, or lost.
      (name === 'TypeError' && (message === 'fetch failed' || message === 'terminated')) ||
      (typeof status === 'number' && (status >= 500 || status === 429)),
  );
}

/** Whether the provider refused the method of client authentication. */
export function isClientAuthenticationRefused(error: unknown): boolean {
  if (error instanceof WWWAuthenticateChallengeError) return error.status === 401;
  return error instanceof ResponseBodyError && error.error === 'invalid_client';
}

/** Whether the sign-in at the provider is older than the requested `max_age`. */
export function isSignInTooOld(error: unknown): boolean {
  return errorChain(error).some(({ claim }) => claim === 'auth_time');
}

/**
 * Reads the error of an authorization response. Null: it has none. `providerError` is set only for a standard's code.
 * An `iss` (RFC 9207) has to be the provider's, but may be missing even if the provider announces it: an error signs
 * no one in.
 */
export function readAuthorizationError(
  callback: URLSearchParams,
  issuer: string,
): { providerError: string | undefined } | null {
  const [error, from] = [callback.get('error'), callback.get('iss')];
  if (error === null || (from !== null && from !== issuer)) return null;
  return { providerError: AUTHORIZATION_ERRORS.has(error) ? error : undefined };
}

/** A protocol error that openid-client does not check for, with the code that it would have there. */
export const providerProtocolError = (code: string): Error =>
  Object.assign(new Error('The response of the provider breaks the protocol.'), { code });

/** The loggable part of an error: codes of openid-client and of the standard, and no text of the provider. */
export function describeProviderError(error: unknown): { code: string; tokenError?: string } {
  const codes = [...errorChain(error)].map(({ code }) => code).filter((code) => typeof code === 'string');
  const code = codes[0] ?? (error instanceof Error ? error.name : 'unknown');
  const isKnown = error instanceof ResponseBodyError && TOKEN_ERRORS.has(error.error);
  return { code, ...(isKnown ? { tokenError: error.error } : {}) };
}
