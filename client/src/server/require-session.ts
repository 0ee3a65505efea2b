import { assertMaxAge } from './authentication-age.ts';
import { authorize, errorResponse, type AuthorizationOptions } from './authorization.ts';
import type { LiveSession, Refused } from './check-result.ts';
import type {
  DefaultRequest,
  DefaultResponse,
  MiddlewareRequest,
  MiddlewareResponse,
} from './express-types.ts';
import type { SessionCheck } from './session-check.ts';

export interface RequireSessionOptions<
  Request = DefaultRequest,
  Response = DefaultResponse,
> extends AuthorizationOptions<Request> {
  /** Answers a refused request, such as with a redirect to the sign-in page. Default: 401 or 403 with JSON. */
  onRefused?: ((request: Request, response: Response, refusal: Refused) => unknown) | undefined;
}

/**
 * Creates middleware for Express 4 and 5, which sets `request.curfew` to the live session. Refused: 401, or 403 if the
 * session has no access to the route, with `{ error, reason, endReason }` · Curfew cannot be reached: 503. Callbacks get
 * Express's types, or those that the place expects that the middleware is passed to.
 * @throws TypeError for an invalid `maxAuthAgeSeconds`
 */
export function requireSession<
  Request extends MiddlewareRequest & { curfew?: LiveSession } = DefaultRequest,
  Response extends MiddlewareResponse = DefaultResponse,
>(
  curfew: SessionCheck,
  options: RequireSessionOptions<Request, Response> = {},
): (request: Request, response: Response, next: (error?: unknown) => void) => void {
  assertMaxAge(options.maxAuthAgeSeconds);

  async function authorizeOrAnswer(request: Request, response: Response): Promise<boolean> {
    const result = await authorize(curfew, request, options);
    if (result.state === 'live') {
      request.curfew = result.session;
      return true;
    }
    if (result.state === 'refused' && options.onRefused) {
      await options.onRefused(request, response, result);
      return false;
    }
    const { status, headers, body } = errorResponse(result);
    response.statusCode = status;
    for (const [name, value] of Object.entries(headers)) response.setHeader(name, value);
    response.setHeader('content-type', 'application/json; charset=utf-8');
    response.end(JSON.stringify(body));
    return false;
  }

  return (request, response, next) => {
    // Express 4 does not wait for promises. An error that `next` throws is not passed to `next` again.
    authorizeOrAnswer(request, response).then(
      (isAuthorized) => {
        if (isAuthorized) next();
      },
      (error: unknown) => next(error),
    );
  };
}
