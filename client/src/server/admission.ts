import type { CheckOptions, SessionCheck } from './session-check.ts';
import { tokenOfCookie, tokenOfHeaders, type RequestHeaders } from './presented-token.ts';
import { refused, type LiveSession, type Refused, type Verdict } from './verdict.ts';

/** Who is let in. `Request` is the framework's. */
export interface AdmissionOptions<Request> {
  /** Only these roles, as they are today: such a route asks Curfew each time, unless `fresh` is false. */
  roles?: readonly LiveSession['role'][];
  /** Only these accounts, by their ids in Curfew. */
  accounts?: readonly string[];
  /** Where the token is; else `Authorization: Bearer`, then `X-Session-Token`. */
  token?: ((request: Request) => string | undefined) | { cookie: string };
  /** Whether the request is activity of the user; true unless said otherwise. See `CheckOptions`. */
  touch?: boolean | ((request: Request) => boolean);
  /** Ask Curfew whatever is known here; see `CheckOptions`. */
  fresh?: boolean;
}

/** An answer to a request that is not let in. */
export interface TurnedAway {
  status: 401 | 403 | 503;
  headers: Record<string, string>;
  body: {
    error: 'UNAUTHENTICATED' | 'FORBIDDEN' | 'UNAVAILABLE';
    reason?: Refused['reason'];
    endReason?: string;
  };
}

export async function admit<Request extends { headers: RequestHeaders }>(
  curfew: SessionCheck,
  request: Request,
  options: AdmissionOptions<Request>,
): Promise<Verdict> {
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
  };
  const verdict = await curfew.check(token, checkOptions);
  if (verdict.state !== 'live') return verdict;
  if (accounts && !accounts.includes(verdict.session.accountId)) return refused('WRONG_ACCOUNT');
  if (roles && !roles.includes(verdict.session.role)) return refused('WRONG_ROLE');
  return verdict;
}

export function turnAway(verdict: Exclude<Verdict, { state: 'live' }>): TurnedAway {
  if (verdict.state === 'unavailable')
    return {
      status: 503,
      headers: { 'cache-control': 'no-store', 'retry-after': '1' },
      body: { error: 'UNAVAILABLE' },
    };
  const { reason, endReason } = verdict;
  const isForbidden = reason === 'WRONG_ROLE' || reason === 'WRONG_ACCOUNT';
  return {
    status: isForbidden ? 403 : 401,
    headers: { 'cache-control': 'no-store', 'www-authenticate': challenge(reason) },
    body: {
      error: isForbidden ? 'FORBIDDEN' : 'UNAUTHENTICATED',
      reason,
      ...(endReason === undefined ? {} : { endReason }),
    },
  };
}

/** RFC 6750, section 3: without a token no error is named. */
function challenge(reason: Refused['reason']): string {
  switch (reason) {
    case 'NO_TOKEN':
      return 'Bearer';
    case 'WRONG_ROLE':
    case 'WRONG_ACCOUNT':
      return 'Bearer error="insufficient_scope"';
    default:
      return 'Bearer error="invalid_token"';
  }
}
