import { type GrantSource } from './grant-source.ts';
import { logOut, SESSION_FIELDS, USER_FIELDS } from './session-calls.ts';
import { type Grant } from './session-state.ts';
import { type Transport } from './transport.ts';

const RENEW = `mutation CurfewRenew($input: RefreshSessionInput!) {
  refreshSession(input: $input) {
    accessToken accessTokenExpiresAt serverTime
    session { ${SESSION_FIELDS} }
    user { ${USER_FIELDS} }
  }
}`;

/** On Curfew's own site: its cookie is traded for access tokens. */
export const createCookieSource = (transport: Transport): GrantSource => ({
  isRotating: true,
  async renew(input) {
    const answer = await transport.request<{ refreshSession: Grant }>(RENEW, { input });
    return { ...answer, data: answer.data.refreshSession };
  },
  async signOut(accessToken) {
    await logOut(transport, accessToken);
  },
});
