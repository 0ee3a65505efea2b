import { useApolloClient } from '@apollo/client/react';
import { useEffect, useState } from 'react';
import { BeginAtProviderDocument } from '../../generated/sign-in-operations.ts';
import { WITHOUT_TOKEN } from '../../lib/apollo.ts';
import { type AuthProvider, type PendingSignIn, rememberPendingSignIn } from '../../lib/pending-sign-in.ts';
import { startErrorMessage } from './provider-refusal.ts';

/** The path to which providers redirect. */
const CALLBACK_PATH = '/login/callback';

/** After this time without a response of the provider, the buttons work again. */
const PROVIDER_TIMEOUT_MS = 10_000;

export interface ProviderSignIn {
  /** The provider that is being opened. */
  goingTo: AuthProvider | null;
  failure: string | null;
  go(provider: AuthProvider, options?: ProviderOptions): void;
}

interface ProviderOptions {
  /** Lets the user choose another account there. */
  asOtherAccount?: boolean;
  /** Sessions to end, because the account allows no more. */
  endSessionIds?: string[];
}

/** Starts a sign-in at an identity provider. `next` is the path to open afterwards. */
export function useProviderSignIn({
  next,
  isShared,
}: Pick<PendingSignIn, 'next' | 'isShared'>): ProviderSignIn {
  const client = useApolloClient();
  const [goingTo, setGoingTo] = useState<AuthProvider | null>(null);
  const [failure, setFailure] = useState<{ error: unknown; name: string } | null>(null);

  // Enables the buttons again after a return to this page, or after the timeout.
  useEffect(() => {
    if (!goingTo) return;
    const reset = () => setGoingTo(null);
    const timer = setTimeout(reset, PROVIDER_TIMEOUT_MS);
    addEventListener('pageshow', reset);
    return () => {
      clearTimeout(timer);
      removeEventListener('pageshow', reset);
    };
  }, [goingTo]);

  async function begin(
    provider: AuthProvider,
    { asOtherAccount = false, endSessionIds }: ProviderOptions,
  ): Promise<void> {
    setFailure(null);
    setGoingTo(provider);
    try {
      const redirectUri = location.origin + CALLBACK_PATH;
      const { data } = await client.mutate({
        mutation: BeginAtProviderDocument,
        variables: {
          input: {
            providerId: provider.id,
            redirectUri,
            transport: 'COOKIE',
            persistent: !isShared,
            endSessionIds,
          },
        },
        context: WITHOUT_TOKEN,
      });
      rememberPendingSignIn({ provider, next, isShared, hasChosen: endSessionIds !== undefined });
      const { authorizationUrl } = data!.startOAuthLogin;
      location.assign(asOtherAccount ? withAccountChoice(authorizationUrl, provider) : authorizationUrl);
    } catch (error) {
      setGoingTo(null);
      setFailure({ error, name: provider.name });
    }
  }

  return {
    goingTo,
    failure: failure && startErrorMessage(failure.error, failure.name),
    go(provider, options = {}) {
      if (!goingTo) void begin(provider, options);
    },
  };
}

/**
 * Without a prompt, the provider would return the account that is signed in there. All providers support `login`
 * (OpenID Connect Core 1.0, section 15.1). Google and Microsoft, whose ids are reserved, offer an account choice instead,
 * and one of them rejects `login`.
 */
function withAccountChoice(authorizationUrl: string, { id }: AuthProvider): string {
  const url = new URL(authorizationUrl);
  url.searchParams.set('prompt', ['google', 'microsoft'].includes(id) ? 'select_account' : 'login');
  return url.href;
}
