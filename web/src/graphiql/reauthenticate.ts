import { ReauthenticationError, SessionOverError } from '@curfew/client';
import { post } from './post.ts';
import { type AuthSelection, signIn } from './sign-in-store.ts';
import { staleSignIn } from './stale-sign-in.ts';

const document = /* GraphQL */ `
  mutation Reauthenticate($input: ReauthenticateInput!) {
    reauthenticate(input: $input) {
      accessToken
      refreshToken
    }
  }
`;

/** Authenticates the person again, in the session of this page's sign-in. Resolves to an error message, or to null. */
export async function reauthenticate(password: string): Promise<string | null> {
  const failure = await attempt(password);
  if (failure === null) staleSignIn.set(false);
  return failure;
}

async function attempt(password: string): Promise<string | null> {
  const me = signIn.get();
  switch (me.kind) {
    case 'out':
      return 'Sign in first.';
    case 'shared':
      try {
        await me.reauthenticate(password);
        return null;
      } catch (error) {
        // The page says how it ended.
        if (error instanceof SessionOverError) return null;
        if (error instanceof ReauthenticationError) return words(error.code, error.retryAfterSeconds);
        return 'Curfew could not be reached. Try again.';
      }
    case 'in': {
      const refreshToken = me.refreshToken === 'cookie' ? null : me.refreshToken;
      const result = await post(
        { query: document, variables: { input: { password, refreshToken } } },
        { authorization: `Bearer ${me.accessToken}` },
      );
      const payload = result.data?.reauthenticate as AuthSelection | null | undefined;
      if (payload) {
        signIn.remember(payload);
        return null;
      }
      const { message, extensions } = result.errors?.[0] ?? {};
      return words(String(extensions?.code), Number(extensions?.retryAfterSeconds), message);
    }
  }
}

function words(code: string, retryAfterSeconds: number | null, message = 'That did not work.'): string {
  if (code === 'INVALID_CREDENTIALS') return 'Wrong password. Try again.';
  if (code === 'RATE_LIMITED') return `Too many attempts. Try again in ${retryAfterSeconds} seconds.`;
  return message;
}
