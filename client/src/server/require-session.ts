import { assertMaxAge } from './authentication-age.ts';
import { authorize, errorResponse, type AuthorizationOptions } from './authorization.ts';
import type { LiveSession, Refused } from './check-result.ts';
import type { RequestHeaders } from './request-token.ts';
import type { SessionCheck } from './session-check.ts';

declare global {
  // Where Express expects the properties that middleware adds; unused without Express.
  // eslint-disable-next-line @typescript-eslint/no-namespace
  namespace Express {
    interface Request {
      /** The session of the request, set by `requireSession`. */
      curfew?: LiveSession;
    }
  }
}

/** The part of Express's request and response that is used, so that any version of Express fits, and connect. */
export interface MiddlewareRequest {
  headers: RequestHeaders;
}
export interface MiddlewareResponse {
  statusCode: number;
  setHeader(name: string, value: string): unknown;
  end(text: string): unknown;
}

export interface RequireSessionOptions<Request, Response> extends AuthorizationOptions<Request> {
  /** Answers a refused request, such as with a redirect to the sign-in page. Default: 401 or 403 with JSON. */
  onRefused?(request: Request, response: Response, refusal: Refused): unknown;
}

/**
 * Creates middleware for Express 4 and 5, which sets `request.curfew` to the live session. Refused: 401, or 403 if the
 * session has no access to the route, with `{ error, reason, endReason }` · Curfew cannot be reached: 503.
 * @throws TypeError for an invalid `maxAuthAgeSeconds`
 */
export function requireSession<
  Request extends MiddlewareRequest & { curfew?: LiveSession },
  Response extends MiddlewareResponse,
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
