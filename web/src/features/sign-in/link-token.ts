import { useEffect, useState } from 'react';
import { useLocation, useNavigate } from 'react-router';

/** The token of the one-time link, taken out of the address so that it stays in no history, bookmark or screenshot. */
export function useLinkToken(): string | null {
  const { pathname, hash } = useLocation();
  const navigate = useNavigate();
  const [token, setToken] = useState(() => tokenIn(hash));

  // Also for a second link that is pasted into the same tab: that changes the fragment only.
  useEffect(() => {
    if (hash === '') return;
    const given = tokenIn(hash);
    if (given !== null) setToken(given);
    void navigate(pathname, { replace: true });
  }, [pathname, hash, navigate]);

  return token;
}

const tokenIn = (hash: string): string | null => new URLSearchParams(hash.slice(1)).get('token') || null;
