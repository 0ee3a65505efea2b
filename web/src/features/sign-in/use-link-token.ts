import { useEffect, useState } from 'react';
import { useLocation, useNavigate } from 'react-router';

/** The token of the one-time link. Removed from the address to keep it out of the history, bookmarks and screenshots. */
export function useLinkToken(): string | null {
  const { pathname, hash } = useLocation();
  const navigate = useNavigate();
  const [token, setToken] = useState(() => tokenIn(hash));

  // A second link pasted into the same tab changes only the fragment.
  useEffect(() => {
    if (hash === '') return;
    const given = tokenIn(hash);
    if (given !== null) setToken(given);
    void navigate(pathname, { replace: true });
  }, [pathname, hash, navigate]);

  return token;
}

const tokenIn = (hash: string): string | null => new URLSearchParams(hash.slice(1)).get('token') || null;
