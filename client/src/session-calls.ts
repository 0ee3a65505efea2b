import { type Grant, type SessionFacts } from './session-state.ts';
import { type Answer, type Transport } from './transport.ts';

/** Where access tokens come from: Curfew's cookie on its own site. */
export interface GrantSource {
  /** @throws UnreachableError, or RefusedError when the session is over */
  renew(request: RenewalRequest): Promise<Answer<Grant>>;
  /** Ends the session of the token, or else the source's own. */
  signOut(accessToken: string | undefined): Promise<void>;
}

export interface RenewalRequest {
  /** False: in the background, which leaves the idle deadline where it is. */
  userActive: boolean;
  /** The same until its answer is in: a repeat gets the same answer, also after a restart. */
  requestId: string;
}

const SESSION = `id authenticatedAt lastActivityAt idleExpiresAt absoluteExpiresAt
  idleMinutes absoluteMinutes idleWarningSeconds absoluteWarningSeconds`;

const RENEW = `mutation CurfewRenew($input: RefreshSessionInput!) {
  refreshSession(input: $input) {
    accessToken accessTokenExpiresAt serverTime
    session { ${SESSION} }
    user { id name email role account { id name } }
  }
}`;
const SIGN_OUT = `mutation CurfewSignOut { logout { ended } }`;
const READ = `query CurfewSession { currentSession { ${SESSION} } serverTime }`;
const TOUCH = `mutation CurfewActivity { touchSession { ${SESSION} } }`;

export const createCookieSource = (transport: Transport): GrantSource => ({
  async renew(input) {
    const answer = await transport.request<{ refreshSession: Grant }>(RENEW, { input });
    return { ...answer, data: answer.data.refreshSession };
  },
  async signOut(accessToken) {
    await transport.request(SIGN_OUT, undefined, accessToken);
  },
});

export const readSession = (
  transport: Transport,
  accessToken: string,
): Promise<Answer<{ currentSession: SessionFacts; serverTime: string }>> =>
  transport.request(READ, undefined, accessToken);

/** Records activity. */
export async function touchSession(transport: Transport, accessToken: string): Promise<SessionFacts> {
  const { data } = await transport.request<{ touchSession: SessionFacts }>(TOUCH, undefined, accessToken);
  return data.touchSession;
}
