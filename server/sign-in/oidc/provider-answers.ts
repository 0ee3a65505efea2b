import { ResponseBodyError, WWWAuthenticateChallengeError } from 'openid-client';

/** RFC 6749, section 4.1.2.1, and OpenID Connect Core 1.0, section 3.1.2.6: everything else is not passed on. */
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

/** RFC 6749, section 5.2: these may stand in a log. */
const TOKEN_ERRORS = new Set([
  'invalid_request',
  'invalid_client',
  'invalid_grant',
  'unauthorized_client',
  'unsupported_grant_type',
  'invalid_scope',
]);

interface Link {
  code?: unknown;
  name?: unknown;
  message?: unknown;
  status?: unknown;
  claim?: unknown;
  cause?: unknown;
}

function* chain(error: unknown): Generator<Link> {
  for (let current = error; typeof current === 'object' && current !== null;) {
    yield current;
    current = (current as Link).cause;
  }
}

/** Whether the provider did not answer at all, or said that it cannot: the same question may be asked again. */
export function isOutOfReach(error: unknown): boolean {
  return chain(error).some(
    ({ code, name, message, status }) =>
      code === 'OAUTH_TIMEOUT' ||
      code === 'OAUTH_ABORT' ||
      // What `fetch` says of a connection that it did not get, or lost on the way.
      (name === 'TypeError' && (message === 'fetch failed' || message === 'terminated')) ||
      (typeof status === 'number' && (status >= 500 || status === 429)),
  );
}

/** Whether the provider wants the client to prove itself in another way. */
export function isOtherAuthenticationAsked(error: unknown): boolean {
  if (error instanceof WWWAuthenticateChallengeError) return error.status === 401;
  return error instanceof ResponseBodyError && error.error === 'invalid_client';
}

/** Whether the person signed in at the provider longer ago than the `max_age` that was asked for. */
export function isSignInTooOld(error: unknown): boolean {
  return chain(error).some(({ claim }) => claim === 'auth_time');
}

/**
 * The error with which the provider sent the browser back, null where it sent none; `providerError` only where a
 * standard defines it. An `iss` (RFC 9207) has to be the provider's, but may be missing, also where it was promised: an
 * error lets nobody in.
 */
export function refusalIn(
  callback: URLSearchParams,
  issuer: string,
): { providerError: string | undefined } | null {
  const [error, from] = [callback.get('error'), callback.get('iss')];
  if (error === null || (from !== null && from !== issuer)) return null;
  return { providerError: AUTHORIZATION_ERRORS.has(error) ? error : undefined };
}

/** A fault that openid-client leaves to its user to find, under the code that it would have. */
export const providerFault = (code: string): Error =>
  Object.assign(new Error('The provider answered with something else than it has to.'), { code });

/** What may be logged: the codes of openid-client and of the standard, and nothing that the provider wrote itself. */
export function describeFault(error: unknown): { code: string; tokenError?: string } {
  const codes = [...chain(error)].map(({ code }) => code).filter((code) => typeof code === 'string');
  const code = codes[0] ?? (error instanceof Error ? error.name : 'unknown');
  const isKnown = error instanceof ResponseBodyError && TOKEN_ERRORS.has(error.error);
  return { code, ...(isKnown ? { tokenError: error.error } : {}) };
}
