import { useEffect } from 'react';
import { Navigate } from 'react-router';
import { isOwnPage } from './sign-in-address.ts';

const LAST = 'curfew:onward';
/** Who is back at the sign-in within this time was not let in there. */
const TOO_SOON_MS = 10_000;

/**
 * Goes on to where somebody wanted to be: a page of the dashboard, or one of an application that a gateway serves on this
 * host. Should the gateway send them straight back, they end on the home page and not in a circle.
 */
export function Onward({ to }: { to: string }) {
  const isOwn = isOwnPage(to);
  useEffect(() => {
    if (!isOwn) location.replace(wasJustThere(to) ? '/account' : to);
  }, [isOwn, to]);
  return isOwn ? <Navigate to={to} replace /> : null;
}

function wasJustThere(to: string): boolean {
  const [time = '', path] = (sessionStorage.getItem(LAST) ?? '').split(' ');
  sessionStorage.setItem(LAST, `${Date.now()} ${to}`);
  return path === to && Math.abs(Date.now() - Number(time)) < TOO_SOON_MS;
}
