import { post } from './post.ts';
import { type AuthAnswer, signIn } from './signed-in.ts';

const document = /* GraphQL */ `
  mutation Renew($input: RefreshSessionInput) {
    refreshSession(input: $input) {
      accessToken
      refreshToken
    }
  }
`;

/** Kept until an answer is stored: a repeat with the same id gets the same successor instead of looking like theft. */
let pending: { refreshToken: string; requestId: string } | null = null;

/** Trades the refresh token for fresh ones. Answers with what went wrong, in words, or null. */
export async function renew(): Promise<string | null> {
  const me = signIn.get();
  if (me.kind === 'out' || me.refreshToken === null) return 'There is no refresh token to renew with.';
  if (pending?.refreshToken !== me.refreshToken) {
    pending = { refreshToken: me.refreshToken, requestId: randomId() };
  }
  const { requestId, refreshToken } = pending;
  const input = refreshToken === 'cookie' ? { requestId } : { requestId, refreshToken };
  const result = await post({ query: document, variables: { input } }, {});
  const answer = result.data?.refreshSession as AuthAnswer | null | undefined;
  if (answer) {
    pending = null;
    signIn.remember(answer);
    return null;
  }
  const error = result.errors?.[0];
  const code = error?.extensions?.code;
  if (
    code === 'SESSION_EXPIRED_IDLE' ||
    code === 'SESSION_EXPIRED_ABSOLUTE' ||
    code === 'INVALID_REFRESH_TOKEN'
  ) {
    const reason = error?.extensions?.endReason;
    signIn.forget(`Your session could not be renewed: ${typeof reason === 'string' ? reason : code}.`);
    return null;
  }
  return error?.message ?? 'The session could not be renewed.';
}

function randomId(): string {
  return Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) =>
    byte.toString(16).padStart(2, '0'),
  ).join('');
}
