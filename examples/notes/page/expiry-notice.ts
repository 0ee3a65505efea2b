import { createSessionWatcher, type SessionAccessToken, type SessionWatcher } from '@curfew/client';
import { call, SignedOutError } from './api.ts';
import { element } from './element.ts';
import { WHY, whyItEnded } from './why.ts';

/** Follows the session at Curfew, warns before it ends, and opens the sign-in page when it has ended. */
export function followSession(curfewUrl: string): SessionWatcher {
  const watcher = createSessionWatcher({
    url: `${curfewUrl}/graphql`,
    // The back end knows the session by the application's cookie. Null: it has ended.
    getSessionAccessToken: ({ signal }) =>
      call<SessionAccessToken>('POST', '/api/session-access-token', { isBackground: true, signal }).catch(
        (error: unknown) => {
          if (error instanceof SignedOutError) return null;
          throw error;
        },
      ),
  });

  watcher.subscribe(() => {
    const { status, warning, expiresAt, canExtend, extending, ending } = watcher.getState();
    if (status === 'none' || status === 'over') return leave(whyItEnded(ending));
    const isShown = warning !== 'none' && expiresAt !== null;
    element('notice').hidden = !isShown;
    if (!isShown) return;
    const time = watcher.toLocal(expiresAt).toLocaleTimeString([], { hour: '2-digit', minute: '2-digit' });
    const text = canExtend
      ? `You will be signed out at ${time} because you have been inactive.`
      : `Your session reaches its time limit at ${time}. It cannot be extended.`;
    // A screen reader speaks every change, so an unchanged text is not written again.
    if (element('notice-text').textContent !== text) element('notice-text').textContent = text;
    element('stay').hidden = !canExtend;
    element('sign-in-now').hidden = canExtend;
    element<HTMLButtonElement>('stay').disabled = extending === 'yes';
  });
  element('stay').addEventListener('click', () => void watcher.stay());
  watcher.start();
  return watcher;
}

let isLeaving = false;

/** Opens the sign-in page, once. The first reason wins, because it is the most specific. */
export function leave(reason: string): void {
  if (isLeaving) return;
  isLeaving = true;
  location.replace(Object.hasOwn(WHY, reason) ? `/sign-in?reason=${reason}` : '/sign-in');
}
