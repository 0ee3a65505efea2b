import { ApolloLink } from '@apollo/client';
import { useApolloClient } from '@apollo/client/react';
import { useEffect, useState } from 'react';
import { AuthProvidersDocument, type AuthProvidersQuery } from '../../generated/sign-in-operations.ts';
import { WITHOUT_TOKEN } from '../../lib/apollo.ts';
import type { AuthProvider } from './pending-sign-in.ts';

/** The identity providers for the sign-in page. Empty until they have loaded, and when loading fails. */
export function useAuthProviders(): AuthProvider[] {
  const client = useApolloClient();
  const [providers, setProviders] = useState<AuthProvider[]>([]);

  useEffect(() => {
    // Bypasses Apollo's store, which is cleared, with all pending queries, once there is no session.
    const subscription = ApolloLink.execute(
      client.link,
      { query: AuthProvidersDocument, context: WITHOUT_TOKEN },
      { client },
    ).subscribe({
      next: ({ data }) => setProviders((data as AuthProvidersQuery | null | undefined)?.authProviders ?? []),
      error: () => {},
    });
    return () => subscription.unsubscribe();
  }, [client]);

  return providers;
}
