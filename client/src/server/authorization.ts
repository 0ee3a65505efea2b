import { refused, type LiveSession, type Refused, type SessionCheckResult } from './check-result.ts';
import { tokenOfCookie, tokenOfHeaders, type RequestHeaders } from './request-token.ts';
import type { CheckOptions, SessionCheck } from './session-check.ts';

/** Who may use a route. `Request` is the framework's. */
export interface AuthorizationOptions<Request> {
  /** Only these roles, as of today: Curfew is asked for each request, unless `fresh` is false. */
  roles?: readonly LiveSession['role'][] | undefined;
  /** Only these accounts, by their ids in Curfew. */
  accounts?: readonly string[] | undefined;
  /** The place of the token. Default: `Authorization: Bearer`, then `X-Session-Token`. */
  token?: ((request: Request) => string | undefined) | { cookie: string } | undefined;
  /** Whether the request is activity of the user; default: true. See `CheckOptions`. */
  touch?: boolean | ((request: Request) => boolean) | undefined;
  /** Always ask Curfew; see `CheckOptions`. */
  fresh?: boolean | undefined;
  /**
   * How long ago the user may have authenticated, in whole seconds; an age equal to it passes. Older: 401 with
   * `error="insufficient_user_authentication"` and `max_age` (RFC 9470), until the user authenticates again.
   */
  maxAuthAgeSeconds?: number | undefined;
}

/** @deprecated Use `AuthorizationOptions`. */
export type AdmissionOptions<Request> = AuthorizationOptions<Request>;

export interface ErrorResponse {
  status: 401 | 403 | 503;
  headers: Record<string, string>;
  body: {
    error: 'UNAUTHENTICATED' | 'FORBIDDEN' | 'UNAVAILABLE';
    reason?: Refused['reason'];
    endReason?: string;
    maxAgeSeconds?: number;
    authenticatedAt?: string;
  };
}

/** Checks the request's session, and whether it may use the route. */
export async function authorize<Request extends { headers: RequestHeaders }>(
  curfew: SessionCheck,
  request: Request,
  options: AuthorizationOptions<Request>,
): Promise<SessionCheckResult> {
  const { roles, accounts, token: place, touch } = options;
  const token =
    typeof place === 'function'
      ? place(request)
      : place
        ? tokenOfCookie(request.headers, place.cookie)
        : tokenOfHeaders(request.headers);
  const checkOptions: CheckOptions = {
    touch: typeof touch === 'function' ? touch(request) : touch,
    fresh: options.fresh ?? roles !== undefined,
    maxAuthAgeSeconds: options.maxAuthAgeSeconds,
  };
  const result = await curfew.check(token, checkOptions);
  // Also of a session that needs a new authentication: that would not help a user without access.
  const session = result.state === 'unavailable' ? undefined : result.session;
  if (!session) return result;
  if (accounts && !accounts.includes(session.accountId)) return refused('WRONG_ACCOUNT');
  if (roles && !roles.includes(session.role)) return refused('WRONG_ROLE');
  return result;
}

export function errorResponse(result: Exclude<SessionCheckResult, { state: 'live' }>): ErrorResponse {
  if (result.state === 'unavailable')
    return {
      status: 503,
      headers: { 'cache-control': 'no-store', 'retry-after': '1' },
      body: { error: 'UNAVAILABLE' },
    };
  const { reason, endReason, maxAgeSeconds, session } = result;
  const isForbidden = reason === 'WRONG_ROLE' || reason === 'WRONG_ACCOUNT';
  return {
    status: isForbidden ? 403 : 401,
    headers: { 'cache-control': 'no-store', 'www-authenticate': challenge(result) },
    body: {
      error: isForbidden ? 'FORBIDDEN' : 'UNAUTHENTICATED',
      reason,
      ...(endReason === undefined ? {} : { endReason }),
      ...(session ? { maxAgeSeconds, authenticatedAt: session.authenticatedAt.toISOString() } : {}),
    },
  };
}

/** RFC 6750, section 3: a challenge to a request without a token names no error. RFC 9470, section 3: how to step up. */
function challenge({ reason, maxAgeSeconds }: Refused): string {
  switch (reason) {
    case 'NO_TOKEN':
      return 'Bearer';
    case 'REAUTHENTICATION_REQUIRED':
      return (
        'Bearer error="insufficient_user_authentication", ' +
        `error_description="A more recent authentication is required", max_age="${maxAgeSeconds}"`
      );
    case 'WRONG_ROLE':
    case 'WRONG_ACCOUNT':
      return 'Bearer error="insufficient_scope"';
    default:
      return 'Bearer error="invalid_token"';
  }
}
