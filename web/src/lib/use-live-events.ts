import type { TypedDocumentNode } from '@apollo/client';
import { useApolloClient } from '@apollo/client/react';
import { useEffect, useEffectEvent, useState } from 'react';
import { useSession } from '@curfew/client/react';

const RETRY_DELAY_MS = 5_000;

/** Calls back with each event of a subscription while the user is signed in. */
export function useLiveEvents<Data>(
  query: TypedDocumentNode<Data, Record<string, never>>,
  onEvent: (data: Data) => void,
): void {
  const client = useApolloClient();
  const { status } = useSession();
  const [attempt, setAttempt] = useState(0);
  const isActive = status === 'active';
  const receive = useEffectEvent(onEvent);

  useEffect(() => {
    if (!isActive) return;
    let timer: ReturnType<typeof setTimeout> | undefined;
    // The socket reconnects on its own; a subscription that ends here was refused or had no token.
    const retry = () => (timer = setTimeout(() => setAttempt((count) => count + 1), RETRY_DELAY_MS));
    const subscription = client
      .subscribe({ query, fetchPolicy: 'no-cache' })
      .subscribe({ next: ({ data }) => (data ? receive(data as Data) : retry()), error: retry });
    return () => {
      clearTimeout(timer);
      subscription.unsubscribe();
    };
  }, [client, query, isActive, attempt]);
}
