import { tokenOfCookie, type RequestHeaders } from '@curfew/client/server';
import type { CookieOptions, Response } from 'express';

/** The application's own cookie. With https make it `secure` and name it `__Host-notes_session`, against sibling hosts. */
const NAME = 'notes_session';
const OPTIONS: CookieOptions = { httpOnly: true, sameSite: 'lax', path: '/' };

/** Returns the token that `createSession` returned, if the browser still has it. */
export function readSessionCookie(request: { headers: RequestHeaders }): string | undefined {
  return tokenOfCookie(request.headers, NAME);
}

/** Sets no lifetime: the cookie lasts until the browser closes. Curfew decides how long the session lasts. */
export function setSessionCookie(response: Response, sessionToken: string): void {
  response.cookie(NAME, sessionToken, OPTIONS);
}

export function clearSessionCookie(response: Response): void {
  response.clearCookie(NAME, OPTIONS);
}
