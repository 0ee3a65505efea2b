import { useApolloClient } from '@apollo/client/react';
import { useEffect, useState } from 'react';
import { BeginAtProviderDocument } from '../../generated/sign-in-operations.ts';
import { WITHOUT_TOKEN } from '../../lib/apollo.ts';
import { type AuthProvider, rememberJourney } from './journey.ts';
import { sentenceForStart } from './provider-refusal.ts';

/** The address at which a browser comes back from a provider. */
const CALLBACK_PATH = '/login/callback';

/** A provider that does not answer leaves this page where it is. */
const PATIENCE_MS = 10_000;

export interface ProviderSignIn {
  /** The provider that the browser is on its way to. */
  goingTo: AuthProvider | null;
  failure: string | null;
  /** Goes to the provider; `asAnother`: who is signed in there is not whom they want to be here. */
  go(provider: AuthProvider, options?: { asAnother?: boolean }): void;
}

/** The way to an identity provider. `next`: the path of the dashboard to go to afterwards. */
export function useProviderSignIn(next: string): ProviderSignIn {
  const client = useApolloClient();
  const [goingTo, setGoingTo] = useState<AuthProvider | null>(null);
  const [failure, setFailure] = useState<string | null>(null);

  // Somebody who turned back, or stopped waiting, can choose again.
  useEffect(() => {
    if (!goingTo) return;
    const reset = () => setGoingTo(null);
    const timer = setTimeout(reset, PATIENCE_MS);
    addEventListener('pageshow', reset);
    return () => {
      clearTimeout(timer);
      removeEventListener('pageshow', reset);
    };
  }, [goingTo]);

  async function begin(provider: AuthProvider, asAnother: boolean): Promise<void> {
    setFailure(null);
    setGoingTo(provider);
    try {
      const redirectUri = location.origin + CALLBACK_PATH;
      const { data } = await client.mutate({
        mutation: BeginAtProviderDocument,
        variables: { input: { providerId: provider.id, redirectUri, transport: 'COOKIE' } },
        context: WITHOUT_TOKEN,
      });
      rememberJourney({ provider, next });
      const { authorizationUrl } = data!.startOAuthLogin;
      location.assign(asAnother ? withAccountChoice(authorizationUrl, provider) : authorizationUrl);
    } catch (error) {
      setGoingTo(null);
      setFailure(sentenceForStart(error, provider.name));
    }
  }

  return {
    goingTo,
    failure,
    go(provider, { asAnother = false } = {}) {
      if (!goingTo) void begin(provider, asAnother);
    },
  };
}

/**
 * Whoever is signed in at the provider would be sent back at once as the same person. Every provider has to know
 * `login` (OpenID Connect Core 1.0, section 15.1); these two, whose ids nobody else can have, offer the choice itself,
 * and one of them refuses `login`.
 */
function withAccountChoice(authorizationUrl: string, { id }: AuthProvider): string {
  const url = new URL(authorizationUrl);
  url.searchParams.set('prompt', ['google', 'microsoft'].includes(id) ? 'select_account' : 'login');
  return url.href;
}
