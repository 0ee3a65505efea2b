import { post } from './post.ts';
import { type AuthSelection, signIn } from './sign-in-store.ts';

const document = /* GraphQL */ `
  mutation Refresh($input: RefreshSessionInput) {
    refreshSession(input: $input) {
      accessToken
      refreshToken
    }
  }
`;

/** Kept until a response is stored: a retry with the same id gets the same successor and does not count as reuse. */
let pending: { refreshToken: string; requestId: string } | null = null;

const NO_RESPONSE = 'The tokens could not be refreshed.';
const RESPONSE_TIMEOUT_MS = 15_000;

/** Rotates the refresh token. Resolves to an error message, or to null on success. */
export async function refresh(): Promise<string | null> {
  const me = signIn.get();
  if (me.kind !== 'in' || me.refreshToken === null) return 'There is no refresh token.';
  if (pending?.refreshToken !== me.refreshToken) {
    pending = { refreshToken: me.refreshToken, requestId: randomId() };
  }
  const { requestId, refreshToken } = pending;
  // By the server's clock, because this computer's may be wrong.
  const time = await post({ query: '{ serverTime }' }, {});
  if (typeof time.data?.serverTime !== 'string') return time.errors?.[0]?.message ?? NO_RESPONSE;
  const notAfter = new Date(Date.parse(time.data.serverTime) + RESPONSE_TIMEOUT_MS).toISOString();
  const input = { requestId, notAfter, ...(refreshToken === 'cookie' ? {} : { refreshToken }) };
  const signal = AbortSignal.timeout(RESPONSE_TIMEOUT_MS);
  const result = await post({ query: document, variables: { input } }, {}, signal);
  const payload = result.data?.refreshSession as AuthSelection | null | undefined;
  if (payload) {
    pending = null;
    signIn.remember(payload);
    return null;
  }
  const error = result.errors?.[0];
  const code = error?.extensions?.code;
  // The session may still be active, so the user can try again.
  if (error?.extensions?.reason === 'TOO_LATE') return error.message;
  if (
    code === 'SESSION_EXPIRED_IDLE' ||
    code === 'SESSION_EXPIRED_ABSOLUTE' ||
    code === 'INVALID_REFRESH_TOKEN'
  ) {
    const reason = error?.extensions?.endReason;
    signIn.forget(`Your session has ended: ${typeof reason === 'string' ? reason : code}.`);
    return null;
  }
  return error?.message ?? NO_RESPONSE;
}

function randomId(): string {
  return Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) =>
    byte.toString(16).padStart(2, '0'),
  ).join('');
}
