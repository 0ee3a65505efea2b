import { ApolloLink } from '@apollo/client';
import { useApolloClient } from '@apollo/client/react';
import { useEffect, useState } from 'react';
import { AuthProvidersDocument, type AuthProvidersQuery } from '../../generated/sign-in-operations.ts';
import { WITHOUT_TOKEN } from '../../lib/apollo.ts';
import type { AuthProvider } from './journey.ts';

/** Whom one can sign in with; nobody until the answer is there, and nobody where there is none: the form does without. */
export function useAuthProviders(): AuthProvider[] {
  const client = useApolloClient();
  const [providers, setProviders] = useState<AuthProvider[]>([]);

  useEffect(() => {
    // Past Apollo's store: once it is known that nobody is signed in it is emptied, and gives up what is under way.
    const asked = ApolloLink.execute(
      client.link,
      { query: AuthProvidersDocument, context: WITHOUT_TOKEN },
      { client },
    ).subscribe({
      next: ({ data }) => setProviders((data as AuthProvidersQuery | null | undefined)?.authProviders ?? []),
      error: () => {},
    });
    return () => asked.unsubscribe();
  }, [client]);

  return providers;
}
