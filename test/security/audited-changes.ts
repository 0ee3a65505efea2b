import { DELETE_USER } from '../deletion/deletion-calls.ts';
import { CREATE_SOURCE, createSource, DELETE_SOURCE } from '../event-sources/source-calls.ts';
import {
  CREATE_STREAM,
  createStream,
  DELETE_STREAM,
  ROTATE_SECRET,
  UPDATE_STREAM,
} from '../event-streams/stream-calls.ts';
import type { Answer } from '../graphql-client.ts';
import type { TestApp } from '../harness.ts';
import { RESTORE_POLICY } from '../policy/version-calls.ts';
import { CREATE_KEY, REVOKE_KEY } from '../service-api/owner-key-calls.ts';
import { PASSWORD, type Person, type SeededAccount, type SignedIn } from '../seed.ts';
import {
  CHANGE_PASSWORD,
  INVITE,
  INVITE_MANY,
  LOGOUT,
  RENAME,
  RENAME_ACCOUNT,
  RESET_PASSWORD,
  REVOKE_ALL,
  REVOKE_SELECTED,
  REVOKE_SESSION,
  REVOKE_USER,
  SET_ACTIVE,
  SET_PASSWORD,
  SET_ROLE,
  tokenOf,
} from '../accounts/account-calls.ts';
import { reauthenticate } from '../accounts/reauthenticate-calls.ts';

// Every change that the audit trail records.

export interface Scene {
  app: TestApp;
  account: SeededAccount;
  owner: SignedIn;
  member: Person;
  /** The member's session. */
  session: SignedIn;
  /** Of a valid link for the member. */
  linkToken: string;
  /** Of the account. */
  serviceKey: string;
  serviceKeyId: string;
  /** Of a service session of the user with the external id KNOWN. */
  sessionToken: string;
  /** Of `addStream`. */
  streamId?: string;
  /** Of `addSource`. */
  sourceId?: string;
}

export interface Change {
  name: string;
  /** The expected new rows of the trail, each exactly once. */
  actions: string[];
  /** The actor; null: a trusted back end, or a caller without proof of identity. */
  actor: 'owner' | 'member' | null;
  ipAddress?: string;
  /** Prepares the change, before the trail is read. */
  prepare?: (scene: Scene) => Promise<unknown>;
  run: (scene: Scene) => Promise<Answer>;
  /** For a refusal that has its own row. */
  code?: string;
}

const POLICY = `mutation ($input: UpdateSessionPolicyInput!) { updateSessionPolicy(input: $input) { sessionPolicy { version } } }`;
const replaceTwice = async ({ app, session }: Scene) => {
  const { data } = await session.refresh();
  await app.gql(`mutation ($input: RefreshSessionInput) { refreshSession(input: $input) { serverTime } }`, {
    input: { refreshToken: data.refreshSession.refreshToken },
  });
  app.clock.advance(60_000);
};

const RECEIVER = 'https://hooks.example.com/';
const addStream = async (scene: Scene) => {
  scene.streamId = (await createStream(scene.owner, { url: RECEIVER })).stream.id;
};

const SOURCE = { issuer: 'https://idp.example.com', audience: 'https://curfew.example.com' };
const addSource = async (scene: Scene) => {
  scene.sourceId = (await createSource(scene.owner, SOURCE)).id;
};

const KNOWN = 'known-there';
const CREATE_SESSION = `mutation ($input: CreateSessionInput!) { createSession(input: $input) { sessionToken session { id } } }`;
const openServiceSession = (app: TestApp, key: string, externalId: string): Promise<Answer> =>
  app.gql(
    CREATE_SESSION,
    { input: { externalId, email: `${externalId}@example.test`, name: 'Kim Known', ipAddress: '127.0.0.1' } },
    { token: key },
  );

export const CHANGES: readonly Change[] = [
  { name: 'login', actions: ['session.started'], actor: 'member', run: ({ member }) => member.tryLogin() },
  {
    name: 'login with a wrong password',
    actions: ['login.failed'],
    actor: null,
    code: 'INVALID_CREDENTIALS',
    run: ({ member }) => member.tryLogin({ password: 'wrong password' }),
  },
  {
    name: 'setPassword',
    actions: ['session.started', 'user.password_changed'],
    actor: 'member',
    run: ({ app, linkToken: token }) =>
      app.gql(SET_PASSWORD, { input: { token, newPassword: 'a much better password' } }),
  },
  {
    name: 'changePassword',
    actions: ['user.password_changed'],
    actor: 'member',
    run: ({ session }) =>
      session.gql(CHANGE_PASSWORD, {
        input: { currentPassword: PASSWORD, newPassword: 'a much better password' },
      }),
  },
  {
    name: 'refreshSession with a token exchanged long ago',
    actions: ['session.refresh_reuse_detected'],
    actor: 'member',
    code: 'INVALID_REFRESH_TOKEN',
    prepare: replaceTwice,
    run: ({ session }) => session.refresh(),
  },
  {
    name: 'reauthenticate',
    actions: ['session.reauthenticated'],
    actor: 'member',
    run: ({ session }) => reauthenticate(session),
  },
  {
    name: 'reauthenticate with a wrong password',
    actions: ['login.failed'],
    actor: null,
    code: 'INVALID_CREDENTIALS',
    run: ({ session }) => reauthenticate(session, { password: 'wrong password' }),
  },
  { name: 'logout', actions: ['session.ended'], actor: 'member', run: ({ session }) => session.gql(LOGOUT) },
  {
    name: 'inviteUser',
    actions: ['user.invited'],
    actor: 'owner',
    run: ({ owner, member }) =>
      owner.gql(INVITE, { input: { email: `guest-of-${member.email}`, name: 'Gus Guest', role: 'MEMBER' } }),
  },
  {
    name: 'inviteUsers',
    actions: ['user.invited', 'user.invited'],
    actor: 'owner',
    run: ({ owner, member }) =>
      owner.gql(INVITE_MANY, {
        input: [1, 2].map((number) => ({ email: `guest-${number}-of-${member.email}`, name: 'Gus Guest' })),
      }),
  },
  {
    name: 'renameUser',
    actions: ['user.renamed'],
    actor: 'owner',
    run: ({ owner, member }) => owner.gql(RENAME, { userId: member.id, name: 'Nia Newname' }),
  },
  {
    name: 'resetUserPassword',
    actions: ['user.password_reset_requested'],
    actor: 'owner',
    run: ({ owner, member }) => owner.gql(RESET_PASSWORD, { userId: member.id }),
  },
  {
    name: 'renameAccount',
    actions: ['account.renamed'],
    actor: 'owner',
    run: ({ owner }) => owner.gql(RENAME_ACCOUNT, { name: 'Renamed' }),
  },
  {
    name: 'createServiceKey',
    actions: ['service_key.created'],
    actor: 'owner',
    run: ({ owner }) => owner.gql(CREATE_KEY, { input: { name: 'Shop', expiresInDays: 30 } }),
  },
  {
    name: 'revokeServiceKey',
    actions: ['service_key.revoked'],
    actor: 'owner',
    run: ({ owner, serviceKeyId }) => owner.gql(REVOKE_KEY, { keyId: serviceKeyId }),
  },
  {
    name: 'createEventStream',
    actions: ['event_stream.created'],
    actor: 'owner',
    run: ({ owner }) => owner.gql(CREATE_STREAM, { input: { kind: 'WEBHOOK', url: RECEIVER } }),
  },
  {
    name: 'updateEventStream',
    actions: ['event_stream.updated'],
    actor: 'owner',
    prepare: addStream,
    run: (scene) => scene.owner.gql(UPDATE_STREAM, { input: { streamId: scene.streamId, status: 'PAUSED' } }),
  },
  {
    name: 'rotateEventStreamSecret',
    actions: ['event_stream.secret_rotated'],
    actor: 'owner',
    prepare: addStream,
    run: ({ owner, streamId }) => owner.gql(ROTATE_SECRET, { streamId }),
  },
  {
    name: 'deleteEventStream',
    actions: ['event_stream.deleted'],
    actor: 'owner',
    prepare: addStream,
    run: ({ owner, streamId }) => owner.gql(DELETE_STREAM, { streamId }),
  },
  {
    name: 'createEventSource',
    actions: ['event_source.created'],
    actor: 'owner',
    run: ({ owner }) => owner.gql(CREATE_SOURCE, { input: SOURCE }),
  },
  {
    name: 'deleteEventSource',
    actions: ['event_source.deleted'],
    actor: 'owner',
    prepare: addSource,
    run: ({ owner, sourceId }) => owner.gql(DELETE_SOURCE, { sourceId }),
  },
  {
    name: 'setUserRole',
    actions: ['user.role_changed'],
    actor: 'owner',
    run: ({ owner, member }) => owner.gql(SET_ROLE, { userId: member.id, role: 'OWNER' }),
  },
  {
    name: 'setUserActive false',
    actions: ['user.deactivated'],
    actor: 'owner',
    run: ({ owner, member }) => owner.gql(SET_ACTIVE, { userId: member.id, isActive: false }),
  },
  {
    name: 'setUserActive true',
    actions: ['user.reactivated'],
    actor: 'owner',
    prepare: ({ owner, member }) => owner.gql(SET_ACTIVE, { userId: member.id, isActive: false }),
    run: ({ owner, member }) => owner.gql(SET_ACTIVE, { userId: member.id, isActive: true }),
  },
  {
    name: 'deleteUser',
    actions: ['user.deleted'],
    actor: 'owner',
    run: ({ owner, member }) => owner.gql(DELETE_USER, { userId: member.id }),
  },
  {
    name: 'deleteUser by a service key',
    actions: ['user.deleted'],
    actor: null,
    run: ({ app, serviceKey }) => app.gql(DELETE_USER, { externalId: KNOWN }, { token: serviceKey }),
  },
  {
    name: 'updateSessionPolicy for the next login',
    actions: ['account.session_policy_update'],
    actor: 'owner',
    run: ({ owner }) => owner.gql(POLICY, { input: { idleMinutes: 20, absoluteMinutes: 40 } }),
  },
  {
    name: 'updateSessionPolicy that changes nothing',
    actions: ['account.session_policy_update'],
    actor: 'owner',
    run: ({ owner }) => owner.gql(POLICY, { input: {} }),
  },
  {
    name: 'updateSessionPolicy for active sessions',
    actions: ['account.session_policy_update'],
    actor: 'owner',
    run: ({ owner }) =>
      owner.gql(POLICY, { input: { idleMinutes: 20, absoluteMinutes: 40, apply: 'ACTIVE_SESSIONS' } }),
  },
  {
    name: 'restoreSessionPolicy',
    actions: ['account.session_policy_update'],
    actor: 'owner',
    prepare: ({ owner }) => owner.gql(POLICY, { input: { idleMinutes: 20, absoluteMinutes: 40 } }),
    run: ({ owner }) => owner.gql(RESTORE_POLICY, { version: 1 }),
  },
  {
    name: 'revokeSessions OTHERS',
    actions: ['account.sessions_revoked_bulk'],
    actor: 'owner',
    run: ({ owner }) => owner.gql(REVOKE_ALL, { scope: 'OTHERS' }),
  },
  {
    name: 'revokeSessions ALL',
    actions: ['account.sessions_revoked_bulk'],
    actor: 'owner',
    run: ({ owner }) => owner.gql(REVOKE_ALL, { scope: 'ALL' }),
  },
  {
    name: 'revokeSession of a colleague',
    actions: ['session.ended'],
    actor: 'owner',
    run: ({ owner, session: { sessionId } }) => owner.gql(REVOKE_SESSION, { sessionId }),
  },
  {
    name: 'revokeSession of the own',
    actions: ['session.ended'],
    actor: 'member',
    run: ({ session }) => session.gql(REVOKE_SESSION, { sessionId: session.sessionId }),
  },
  {
    name: 'revokeSelectedSessions',
    actions: ['session.ended'],
    actor: 'owner',
    run: ({ owner, session: { sessionId } }) => owner.gql(REVOKE_SELECTED, { sessionIds: [sessionId] }),
  },
  {
    name: 'revokeUserSessions of a colleague',
    actions: ['user.sessions_revoked'],
    actor: 'owner',
    run: ({ owner, member }) => owner.gql(REVOKE_USER, { userId: member.id }),
  },
  {
    name: 'revokeUserSessions of the own',
    actions: ['user.sessions_revoked'],
    actor: 'member',
    run: ({ session, member }) => session.gql(REVOKE_USER, { userId: member.id }),
  },
  {
    name: 'createSession for a user who is known',
    actions: ['session.started'],
    actor: null,
    run: ({ app, serviceKey }) => openServiceSession(app, serviceKey, KNOWN),
  },
  {
    name: 'createSession on first sight',
    actions: ['session.started', 'user.created'],
    actor: null,
    run: ({ app, serviceKey }) => openServiceSession(app, serviceKey, 'new-there'),
  },
  {
    name: 'reauthenticateSession',
    actions: ['session.reauthenticated'],
    actor: null,
    run: ({ app, serviceKey, sessionToken }) =>
      app.gql(
        `mutation ($sessionToken: String!) { reauthenticateSession(sessionToken: $sessionToken) { session { id } } }`,
        { sessionToken },
        { token: serviceKey },
      ),
  },
  {
    name: 'endSession',
    actions: ['session.ended'],
    actor: null,
    run: ({ app, serviceKey, sessionToken }) =>
      app.gql(
        `mutation ($input: EndSessionInput!) { endSession(input: $input) }`,
        { input: { sessionToken } },
        { token: serviceKey },
      ),
  },
  {
    name: 'endUserSessions',
    actions: ['user.sessions_revoked'],
    actor: null,
    run: ({ app, serviceKey }) =>
      app.gql(
        `mutation ($input: EndUserSessionsInput!) { endUserSessions(input: $input) { revokedCount } }`,
        { input: { externalId: KNOWN } },
        { token: serviceKey },
      ),
  },
];

/**
 * Mutations without a row, and three whose rows are tested elsewhere: `createAccount` writes into the trail of the new
 * account, `completeOAuthLogin` needs a provider, `deleteAccount` leaves no owner who reads the trail.
 */
export const UNRECORDED: ReadonlySet<string> = new Set([
  'touchSession',
  'validateSession',
  'validateSessions',
  'issueSessionAccessToken',
  'openPasswordLink',
  'requestPasswordReset',
  'startOAuthLogin',
  'completeOAuthLogin',
  'createAccount',
  'deleteAccount',
  // They repeat what was recorded.
  'sendTestEvent',
  'redeliver',
  'redeliverDead',
]);

export async function setScene(app: TestApp): Promise<Scene> {
  const account = await app.seed.account();
  const member = await account.addUser();
  const [owner, session] = [await account.owner.login(), await member.login()];
  const { data } = await owner.gql(RESET_PASSWORD, { userId: member.id });
  const { id: serviceKeyId, key: serviceKey } = await app.seed.serviceKey(account.id);
  const opened = await openServiceSession(app, serviceKey, KNOWN);
  return {
    app,
    account,
    owner,
    member,
    session,
    linkToken: tokenOf(data.resetUserPassword.setPasswordUrl),
    serviceKey,
    serviceKeyId,
    sessionToken: opened.data.createSession.sessionToken,
  };
}
