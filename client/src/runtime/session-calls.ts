import { type SessionFacts, type WatchedUser } from '../core/session-state.ts';
import { type Answer, type Transport } from './transport.ts';

/** The fields of `SessionFacts`, but for `canReauthenticate`, which costs the server another read. */
export const SESSION_FIELDS = `id authenticatedAt lastActivityAt idleExpiresAt absoluteExpiresAt
  idleMinutes absoluteMinutes idleWarningSeconds absoluteWarningSeconds`;
export const USER_FIELDS = `id name email role account { id name }`;

const READ = `query CurfewSession { currentSession { ${SESSION_FIELDS} canReauthenticate } serverTime }`;
const FIND = `query CurfewFind { currentSession { ${SESSION_FIELDS} canReauthenticate user { ${USER_FIELDS} } } serverTime }`;
const TIME = `query CurfewTime { serverTime }`;
const TOUCH = `mutation CurfewActivity { touchSession { ${SESSION_FIELDS} } }`;
const SIGN_OUT = `mutation CurfewSignOut { logout { ended } }`;

export const readSession = (
  transport: Transport,
  accessToken: string,
): Promise<Answer<{ currentSession: SessionFacts; serverTime: string }>> =>
  transport.request(READ, undefined, accessToken);

/** Reads the session with its user. */
export const findSession = (
  transport: Transport,
  accessToken: string,
): Promise<Answer<{ currentSession: SessionFacts & { user: WatchedUser }; serverTime: string }>> =>
  transport.request(FIND, undefined, accessToken);

/** Reads the server's clock, which needs no token. */
export const readTime = (transport: Transport): Promise<Answer<{ serverTime: string }>> =>
  transport.request(TIME);

/** Records activity. */
export async function touchSession(transport: Transport, accessToken: string): Promise<SessionFacts> {
  const { data } = await transport.request<{ touchSession: SessionFacts }>(TOUCH, undefined, accessToken);
  return data.touchSession;
}

/** Returns whether this call ended a session. False: it was over already, or the token is not good for one. */
export async function logOut(transport: Transport, accessToken: string | undefined): Promise<boolean> {
  const { data } = await transport.request<{ logout: { ended: boolean } }>(SIGN_OUT, undefined, accessToken);
  return data.logout.ended;
}
