import { useApolloClient } from '@apollo/client/react';
import { useEffect, useState } from 'react';
import { AuthOptionsDocument } from '../../generated/sign-in-operations.ts';
import { ask } from './ask.ts';
import type { AuthProvider } from '../../lib/pending-sign-in.ts';

export interface SignInOptions {
  providers: AuthProvider[];
  /** Null until it is known. */
  passwordResetByMail: boolean | null;
}

/** What the sign-in page offers beside its form. Nothing until it has loaded, and when loading fails. */
export function useSignInOptions(): SignInOptions {
  const client = useApolloClient();
  const [options, setOptions] = useState<SignInOptions>({ providers: [], passwordResetByMail: null });

  useEffect(() => {
    let isCurrent = true;
    ask(client, AuthOptionsDocument, {}).then(
      ({ authProviders: providers, signInOptions: { passwordResetByMail } }) => {
        if (isCurrent) setOptions({ providers, passwordResetByMail });
      },
      () => {},
    );
    return () => void (isCurrent = false);
  }, [client]);

  return options;
}
