import { useApolloClient } from '@apollo/client/react';
import { useEffect, useEffectEvent, useRef, useState } from 'react';
import { useLocation, useNavigate } from 'react-router';
import { useSession } from '@curfew/client/react';
import { CompleteAtProviderDocument } from '../../generated/sign-in-operations.ts';
import { WITHOUT_TOKEN } from '../../lib/apollo.ts';
import { beginSession } from '../../lib/cookies.ts';
import { keepUnremembered } from '../../lib/last-sign-in.ts';
import { clearPendingSignIn, pendingSignIn } from '../../lib/pending-sign-in.ts';

export type Completion =
  /** Opened by hand or reloaded: the address contains no response of a provider. */
  { kind: 'none' } | { kind: 'pending' } | { kind: 'done' } | { kind: 'refused'; error: unknown };

/** Completes the sign-in, or the confirmation of who is signed in, once with the provider's response in the address, and removes it from the address. */
export function useCompleteSignIn(): Completion {
  const client = useApolloClient();
  const { watcher, status, connection } = useSession();
  const { pathname, search } = useLocation();
  const navigate = useNavigate();
  const [callbackUrl] = useState(() => (hasResponse(search) ? location.origin + pathname + search : null));
  const [completion, setCompletion] = useState<Completion>({
    kind: callbackUrl === null ? 'none' : 'pending',
  });
  // A code is valid once, and an effect may run twice.
  const hasBegun = useRef(false);

  // Keeps the code out of the history, bookmarks and screenshots.
  useEffect(() => {
    if (search !== '') void navigate(pathname, { replace: true });
  }, [pathname, search, navigate]);

  const complete = useEffectEvent(async (url: string) => {
    try {
      const { data } = await client.mutate({
        mutation: CompleteAtProviderDocument,
        variables: { input: { callbackUrl: url, transport: 'COOKIE' } },
        context: WITHOUT_TOKEN,
      });
      if (pendingSignIn()?.isShared) keepUnremembered(data!.completeOAuthLogin.session.id);
      clearPendingSignIn();
      await beginSession(watcher, data!.completeOAuthLogin);
      setCompletion({ kind: 'done' });
    } catch (error) {
      setCompletion({ kind: 'refused', error });
    }
  });

  // Waits until the session of the cookie is known: a refresh that finishes later would restore the old cookie.
  const isSettled = status !== 'starting' || connection === 'offline';
  useEffect(() => {
    if (callbackUrl === null || !isSettled || hasBegun.current) return;
    hasBegun.current = true;
    void complete(callbackUrl);
  }, [callbackUrl, isSettled]);

  return completion;
}

/** Whether the address contains a response of a provider. The server checks it. */
function hasResponse(search: string): boolean {
  const query = new URLSearchParams(search);
  return query.has('code') || query.has('error') || query.has('state');
}
