import { tokenOfCookie, type RequestHeaders } from '@curfew/client/server';
import type { CookieOptions, Response } from 'express';

/** Ours, not Curfew's. With https it is also `secure`, and then `__Host-notes_session` keeps it from sister sites. */
const NAME = 'notes_session';
const OPTIONS: CookieOptions = { httpOnly: true, sameSite: 'lax', path: '/' };

/** The token that `createSession` returned, where the browser still has it. */
export function readSessionCookie(request: { headers: RequestHeaders }): string | undefined {
  return tokenOfCookie(request.headers, NAME);
}

/** Without a lifetime: it lasts as long as the browser runs, and its session as long as Curfew says. */
export function setSessionCookie(response: Response, sessionToken: string): void {
  response.cookie(NAME, sessionToken, OPTIONS);
}

export function clearSessionCookie(response: Response): void {
  response.clearCookie(NAME, OPTIONS);
}
