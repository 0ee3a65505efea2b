import { sql } from 'kysely';
import type { TestApp } from '../harness.ts';

// Documents that the tests of accounts and sign-in share, and helpers that read rows.

export const VIEWER = `{ viewer { id email role } }`;
export const CURRENT_SESSION = `{ currentSession { id } }`;
export const LOGOUT = `mutation { logout { ended } }`;
export const SET_PASSWORD = `mutation ($input: SetPasswordInput!) { setPassword(input: $input) {
  accessToken refreshToken session { id appType } user { id email } } }`;
export const CHANGE_PASSWORD = `mutation ($input: ChangePasswordInput!) { changePassword(input: $input) { endedSessions } }`;
export const INVITE = `mutation ($input: InviteUserInput!) { inviteUser(input: $input) {
  user { id email name role isActive lastLoginAt account { id } } setPasswordUrl } }`;
export const INVITE_MANY = `mutation ($input: [InviteUsersEntry!]!, $dryRun: Boolean) {
  inviteUsers(input: $input, dryRun: $dryRun) {
    email status code reason field setPasswordUrl user { id email name role status account { id } } } }`;
export const RENAME = `mutation ($userId: ID!, $name: String!) { renameUser(userId: $userId, name: $name) { id name } }`;
export const USERS = `query ($first: Int, $after: String, $search: String, $status: UserStatus) {
  users(first: $first, after: $after, search: $search, status: $status) {
    totalCount pageInfo { hasNextPage endCursor }
    edges { cursor node { id name email role status sessionCount linkExpiresAt } } } }`;
export const RESET_PASSWORD = `mutation ($userId: ID!) { resetUserPassword(userId: $userId) { user { id } setPasswordUrl } }`;
export const RENAME_ACCOUNT = `mutation ($name: String!) { renameAccount(name: $name) { id name externalId } }`;
export const SET_ROLE = `mutation ($userId: ID!, $role: Role!) { setUserRole(userId: $userId, role: $role) { id role } }`;
export const SET_ACTIVE = `mutation ($userId: ID!, $isActive: Boolean!) {
  setUserActive(userId: $userId, isActive: $isActive) { id isActive } }`;
export const REVOKE_SESSION = `mutation ($sessionId: ID!) { revokeSession(sessionId: $sessionId) { revokedCount } }`;
export const REVOKE_SELECTED = `mutation ($sessionIds: [ID!]!) {
  revokeSelectedSessions(sessionIds: $sessionIds) { revokedCount } }`;
export const REVOKE_USER = `mutation ($userId: ID!) { revokeUserSessions(userId: $userId) { revokedCount } }`;
export const REVOKE_ALL = `mutation ($scope: RevokeScope!) { revokeSessions(scope: $scope) { revokedCount } }`;

export interface AuditRow {
  action: string;
  actor_id: string | null;
  actor_name: string;
  resource_type: string;
  resource_id: string;
  details: Record<string, unknown>;
  ip_address: string | null;
}

/** The account's trail, oldest first. */
export async function auditRows(app: TestApp, accountId: string): Promise<AuditRow[]> {
  const { rows } = await sql<AuditRow>`
    select action, actor_id, actor_name, resource_type, resource_id, details, ip_address from audit_events
    where account_id = ${accountId} order by created_at, id`.execute(app.database.em().getKysely());
  return rows;
}

export interface SessionEnd {
  ended_at: Date | null;
  end_reason: string | null;
}

export async function sessionEnd(app: TestApp, sessionId: string): Promise<SessionEnd> {
  const { rows } = await sql<{ ended_at: string | null; end_reason: string | null }>`
    select ended_at, end_reason from sessions where id = ${sessionId}`.execute(app.database.em().getKysely());
  const { ended_at, end_reason } = rows[0]!;
  return { ended_at: ended_at === null ? null : new Date(ended_at), end_reason };
}

/** The one-time token of a set-password link. */
export const tokenOf = (setPasswordUrl: string): string =>
  new URLSearchParams(new URL(setPasswordUrl).hash.slice(1)).get('token')!;

/** Headers of a client at another address; the app has to be started with `TRUST_PROXY=true`. */
export const from = (address: string) => ({ headers: { 'x-forwarded-for': address } });
