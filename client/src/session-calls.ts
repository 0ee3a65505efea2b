import { type SessionFacts, type WatchedUser } from './session-state.ts';
import { type Answer, type Transport } from './transport.ts';

/** The fields of a session that the watcher lives by. */
export const SESSION_FIELDS = `id authenticatedAt lastActivityAt idleExpiresAt absoluteExpiresAt
  idleMinutes absoluteMinutes idleWarningSeconds absoluteWarningSeconds`;
export const USER_FIELDS = `id name email role account { id name }`;

const READ = `query CurfewSession { currentSession { ${SESSION_FIELDS} } serverTime }`;
const FIND = `query CurfewFind { currentSession { ${SESSION_FIELDS} user { ${USER_FIELDS} } } serverTime }`;
const TOUCH = `mutation CurfewActivity { touchSession { ${SESSION_FIELDS} } }`;
const SIGN_OUT = `mutation CurfewSignOut { logout { ended } }`;

export const readSession = (
  transport: Transport,
  accessToken: string,
): Promise<Answer<{ currentSession: SessionFacts; serverTime: string }>> =>
  transport.request(READ, undefined, accessToken);

/** The same with the user: for whoever knows nothing but a token. */
export const findSession = (
  transport: Transport,
  accessToken: string,
): Promise<Answer<{ currentSession: SessionFacts & { user: WatchedUser }; serverTime: string }>> =>
  transport.request(FIND, undefined, accessToken);

/** Records activity. */
export async function touchSession(transport: Transport, accessToken: string): Promise<SessionFacts> {
  const { data } = await transport.request<{ touchSession: SessionFacts }>(TOUCH, undefined, accessToken);
  return data.touchSession;
}

/** Whether this call ended a session; false where it was over already, or the token is good for none. */
export async function logOut(transport: Transport, accessToken: string | undefined): Promise<boolean> {
  const { data } = await transport.request<{ logout: { ended: boolean } }>(SIGN_OUT, undefined, accessToken);
  return data.logout.ended;
}
