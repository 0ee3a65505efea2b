import type { SessionEnding } from '@curfew/client';

const HOME = '/account';

/** Where to send somebody whose session is over: the reason in the address, and the way back. */
export function signInAddress(ending: SessionEnding | null, from: string): string {
  const query = new URLSearchParams();
  if (ending?.kind === 'expired') {
    query.set('reason', 'session_expired');
    query.set('limit', ending.limit);
  } else if (ending?.kind === 'ended') {
    query.set('reason', 'signed_out');
    query.set('cause', ending.endReason.toLowerCase());
  }
  if (from !== '/' && from !== HOME) query.set('next', from);
  return query.size === 0 ? '/login' : `/login?${query}`;
}

/** The pages for whoever has no session: no place to go on to. */
const GATES = /^\/(login|set-password)(\/|$)/;

/**
 * Where to go after signing in: a path of this very origin, where a gateway may serve an application beside Curfew.
 * Anything else, another site above all, is the home page.
 */
export function safeNext(next: string | null, origin: string): string {
  if (!next?.startsWith('/')) return HOME;
  // Parsed as the browser would: `//host`, `/\host` and tabs inside lead elsewhere, and dots may leave a `//` in front.
  const url = URL.parse(next, origin);
  if (!url || url.origin !== origin || url.pathname.startsWith('//') || GATES.test(url.pathname)) return HOME;
  return url.pathname + url.search + url.hash;
}

/** Whether the dashboard itself has that page. */
export const isOwnPage = (path: string): boolean => /^\/account([/?#]|$)/.test(path);
