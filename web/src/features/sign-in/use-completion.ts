import { useApolloClient } from '@apollo/client/react';
import { useEffect, useEffectEvent, useRef, useState } from 'react';
import { useLocation, useNavigate } from 'react-router';
import { useSession } from '@curfew/client/react';
import { CompleteAtProviderDocument } from '../../generated/sign-in-operations.ts';
import { WITHOUT_TOKEN } from '../../lib/apollo.ts';
import { forgetJourney } from './journey.ts';
import { type ProviderRefusal, refusalOf } from './provider-refusal.ts';

export type Completion =
  /** Opened by hand, or loaded anew: there is nothing to complete. */
  | { kind: 'nothing' }
  | { kind: 'under-way' }
  | { kind: 'done' }
  | { kind: 'refused'; refusal: ProviderRefusal };

/** Completes the sign-in with what the provider wrote into this page's address, once, and takes it out of there. */
export function useCompletion(): Completion {
  const client = useApolloClient();
  const { watcher, status, connection } = useSession();
  const { pathname, search } = useLocation();
  const navigate = useNavigate();
  const [callbackUrl] = useState(() => (hasAnswer(search) ? location.origin + pathname + search : null));
  const [completion, setCompletion] = useState<Completion>({
    kind: callbackUrl === null ? 'nothing' : 'under-way',
  });
  // A code is good once, and an effect may run twice.
  const hasBegun = useRef(false);

  // The code stays in no history, bookmark or screenshot.
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
      forgetJourney();
      watcher.begin(data!.completeOAuthLogin);
      setCompletion({ kind: 'done' });
    } catch (error) {
      setCompletion({ kind: 'refused', refusal: refusalOf(error) });
    }
  });

  // Not while the session of the cookie is being looked for: an answer that came later would put the old cookie back.
  const isSettled = status !== 'starting' || connection === 'offline';
  useEffect(() => {
    if (callbackUrl === null || !isSettled || hasBegun.current) return;
    hasBegun.current = true;
    void complete(callbackUrl);
  }, [callbackUrl, isSettled]);

  return completion;
}

/** Whether a provider has answered here; the server judges what. */
function hasAnswer(search: string): boolean {
  const query = new URLSearchParams(search);
  return query.has('code') || query.has('error') || query.has('state');
}
