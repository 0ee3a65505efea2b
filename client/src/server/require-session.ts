import { admit, turnAway, type AdmissionOptions } from './admission.ts';
import type { RequestHeaders } from './presented-token.ts';
import type { SessionCheck } from './session-check.ts';
import type { LiveSession, Refused } from './verdict.ts';

declare global {
  // Express's own place for what middleware adds; without Express it is an empty name.
  // eslint-disable-next-line @typescript-eslint/no-namespace
  namespace Express {
    interface Request {
      /** Set by `requireSession`: whose session the request belongs to. */
      curfew?: LiveSession;
    }
  }
}

/** What is used of Express's request and response, so that any version of it fits, and connect too. */
export interface MiddlewareRequest {
  headers: RequestHeaders;
}
export interface MiddlewareResponse {
  statusCode: number;
  setHeader(name: string, value: string): unknown;
  end(text: string): unknown;
}

export interface RequireSessionOptions<Request, Response> extends AdmissionOptions<Request> {
  /** Answers a request that is refused, such as by a redirect to the sign-in page; else 401 or 403 with JSON. */
  onRefused?(request: Request, response: Response, refusal: Refused): unknown;
}

/**
 * Middleware for Express 4 and 5. A live session is put into `request.curfew`. Refused: 401, or 403 where the session
 * is live and not for this route, with `{ error, reason, endReason }` · Curfew cannot be asked: 503.
 */
export function requireSession<
  Request extends MiddlewareRequest & { curfew?: LiveSession },
  Response extends MiddlewareResponse,
>(
  curfew: SessionCheck,
  options: RequireSessionOptions<Request, Response> = {},
): (request: Request, response: Response, next: (error?: unknown) => void) => void {
  async function decide(request: Request, response: Response): Promise<boolean> {
    const verdict = await admit(curfew, request, options);
    if (verdict.state === 'live') {
      request.curfew = verdict.session;
      return true;
    }
    if (verdict.state === 'refused' && options.onRefused) {
      await options.onRefused(request, response, verdict);
      return false;
    }
    const { status, headers, body } = turnAway(verdict);
    response.statusCode = status;
    for (const [name, value] of Object.entries(headers)) response.setHeader(name, value);
    response.setHeader('content-type', 'application/json; charset=utf-8');
    response.end(JSON.stringify(body));
    return false;
  }

  return (request, response, next) => {
    // Express 4 does not wait for promises. What `next` throws is not this decision's fault.
    decide(request, response).then(
      (isAdmitted) => {
        if (isAdmitted) next();
      },
      (error: unknown) => next(error),
    );
  };
}
