import { useEffect } from 'react';
import { Navigate } from 'react-router';
import { tabStorage } from '../../lib/browser-storage.ts';
import { isOwnPage } from './sign-in-address.ts';

const KEY = 'curfew.last-redirect';
/** A return to the sign-in page within this time means that the target has no session. */
const REDIRECT_LOOP_MS = 10_000;

/**
 * Continues after the sign-in: to a page of the dashboard, or to a path that a gateway routes to an application. If the
 * gateway redirects straight back, the home page is opened instead, which breaks the loop.
 */
export function ContinueTo({ to }: { to: string }) {
  const isOwn = isOwnPage(to);
  useEffect(() => {
    if (!isOwn) location.replace(isRedirectLoop(to) ? '/account' : to);
  }, [isOwn, to]);
  return isOwn ? <Navigate to={to} replace /> : null;
}

function isRedirectLoop(to: string): boolean {
  const [time = '', path] = (tabStorage.get(KEY) ?? '').split(' ');
  tabStorage.set(KEY, `${Date.now()} ${to}`);
  return path === to && Math.abs(Date.now() - Number(time)) < REDIRECT_LOOP_MS;
}
