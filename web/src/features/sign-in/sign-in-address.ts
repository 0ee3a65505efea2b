import type { SessionEnding } from '@curfew/client';

const HOME = '/account';

/** The address of the sign-in page, with the end reason and the page to return to. */
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

/** State of the router: the session ended while the user was typing their password to confirm that it is them. */
export const WHILE_CONFIRMING = { whileConfirming: true };

/** Pages without a session. They are no target after the sign-in. */
const SIGN_IN_PAGES = /^\/(login|set-password)(\/|$)/;

/**
 * The path to open after the sign-in: any path of this origin, because a gateway may route some to an application.
 * Everything else, above all another site, becomes the home page.
 */
export function safeNext(next: string | null, origin: string): string {
  if (!next?.startsWith('/')) return HOME;
  // Parsed like the browser does: `//host`, `/\host` and embedded tabs lead to other hosts, and dot segments may leave a leading `//`.
  const url = URL.parse(next, origin);
  if (!url || url.origin !== origin || url.pathname.startsWith('//') || SIGN_IN_PAGES.test(url.pathname))
    return HOME;
  return url.pathname + url.search + url.hash;
}

/** Whether the path is a page of the dashboard. */
export const isOwnPage = (path: string): boolean => /^\/account([/?#]|$)/.test(path);
