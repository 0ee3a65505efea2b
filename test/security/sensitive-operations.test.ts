import { sql } from 'kysely';
import { reauthenticated } from '../accounts/reauthenticate-calls.ts';
import {
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
  SET_ROLE,
  CHANGE_PASSWORD,
} from '../accounts/account-calls.ts';
import { DELETE_ACCOUNT, DELETE_USER } from '../deletion/deletion-calls.ts';
import { onUsualDatabase } from '../databases.ts';
import { CREATE_SOURCE } from '../event-sources/source-calls.ts';
import {
  createStream,
  CREATE_STREAM,
  DELETE_STREAM,
  ROTATE_SECRET,
  updateStream,
  UPDATE_STREAM,
} from '../event-streams/stream-calls.ts';
import type { Answer } from '../graphql-client.ts';
import { startApp, type TestApp } from '../harness.ts';
import { RESTORE_POLICY } from '../policy/version-calls.ts';
import { CREATE_KEY, REVOKE_KEY } from '../service-api/owner-key-calls.ts';
import { PASSWORD, type Person, type SeededAccount, type SignedIn } from '../seed.ts';

const SECOND = 1_000;
const MAX_AGE = 900;
const SAVE_POLICY = `mutation ($input: UpdateSessionPolicyInput!) {
  updateSessionPolicy(input: $input) { sessionPolicy { version } } }`;

interface Scene {
  app: TestApp;
  account: SeededAccount;
  owner: SignedIn;
  member: Person;
  /** Of the member. */
  session: SignedIn;
  keyId: string;
  streamId: string;
}

type Operation = [name: string, run: (scene: Scene) => Promise<Answer>];

const SENSITIVE: Operation[] = [
  ['updateSessionPolicy', ({ owner }) => owner.gql(SAVE_POLICY, { input: { idleMinutes: 30 } })],
  [
    'updateSessionPolicy for active sessions',
    ({ owner }) => owner.gql(SAVE_POLICY, { input: { idleMinutes: 30, apply: 'ACTIVE_SESSIONS' } }),
  ],
  ['restoreSessionPolicy', ({ owner }) => owner.gql(RESTORE_POLICY, { version: 1 })],
  ['revokeSessions', ({ owner }) => owner.gql(REVOKE_ALL, { scope: 'OTHERS' })],
  [
    'inviteUser',
    ({ owner, member }) => owner.gql(INVITE, { input: { email: `new-${member.email}`, name: 'New' } }),
  ],
  [
    'inviteUsers',
    ({ owner, member }) => owner.gql(INVITE_MANY, { input: [{ email: `new-${member.email}`, name: 'New' }] }),
  ],
  ['resetUserPassword', ({ owner, member }) => owner.gql(RESET_PASSWORD, { userId: member.id })],
  ['setUserRole', ({ owner, member }) => owner.gql(SET_ROLE, { userId: member.id, role: 'OWNER' })],
  ['setUserActive', ({ owner, member }) => owner.gql(SET_ACTIVE, { userId: member.id, isActive: false })],
  ['deleteUser', ({ owner, member }) => owner.gql(DELETE_USER, { userId: member.id })],
  ['deleteAccount', ({ owner, account }) => owner.gql(DELETE_ACCOUNT, { confirmName: account.name })],
  ['createServiceKey', ({ owner }) => owner.gql(CREATE_KEY, { input: { name: 'Shop' } })],
  ['revokeServiceKey', ({ owner, keyId }) => owner.gql(REVOKE_KEY, { keyId })],
  [
    'createEventStream',
    ({ owner }) =>
      owner.gql(CREATE_STREAM, { input: { kind: 'WEBHOOK', url: 'https://hooks.example.com/' } }),
  ],
  [
    'updateEventStream',
    ({ owner, streamId }) => owner.gql(UPDATE_STREAM, { input: { streamId, status: 'DISABLED' } }),
  ],
  ['rotateEventStreamSecret', ({ owner, streamId }) => owner.gql(ROTATE_SECRET, { streamId })],
  ['deleteEventStream', ({ owner, streamId }) => owner.gql(DELETE_STREAM, { streamId })],
  [
    'createEventSource',
    ({ owner }) =>
      owner.gql(CREATE_SOURCE, { input: { issuer: 'https://idp.example.com', audience: 'curfew' } }),
  ],
];

/** What must never wait, and what gives no one more rights. */
const NEVER: Operation[] = [
  ['reading', ({ owner }) => owner.gql('{ sessionPolicy { version } auditEvents { totalCount } }')],
  [
    'the dry run of inviteUsers',
    ({ owner }) => owner.gql(INVITE_MANY, { input: [{ email: 'a@example.test', name: 'A' }], dryRun: true }),
  ],
  ['renameUser', ({ owner, member }) => owner.gql(RENAME, { userId: member.id, name: 'Nia' })],
  ['renameAccount', ({ owner }) => owner.gql(RENAME_ACCOUNT, { name: 'Renamed' })],
  ['revokeSession', ({ owner, session: { sessionId } }) => owner.gql(REVOKE_SESSION, { sessionId })],
  [
    'revokeSelectedSessions',
    ({ owner, session: { sessionId } }) => owner.gql(REVOKE_SELECTED, { sessionIds: [sessionId] }),
  ],
  ['revokeUserSessions', ({ owner, member }) => owner.gql(REVOKE_USER, { userId: member.id })],
  [
    'changePassword',
    ({ owner }) =>
      owner.gql(CHANGE_PASSWORD, {
        input: { currentPassword: PASSWORD, newPassword: 'a much better password' },
      }),
  ],
  ['logout', ({ owner }) => owner.gql(LOGOUT)],
];

onUsualDatabase((database) => {
  let app: TestApp;
  beforeAll(async () => {
    app = await startApp({ database, env: { ACCESS_TOKEN_TTL_SECONDS: '100000' } });
  });
  afterAll(() => app.close());

  /** The owner authenticated as long ago as is just good enough. */
  async function atTheLimit(): Promise<Scene> {
    const account = await app.seed.account();
    const member = await account.addUser();
    const [owner, session] = [await account.owner.login(), await member.login()];
    const { id: keyId } = await app.seed.serviceKey(account.id);
    // Version 1, for the restoration.
    await owner.gql(SAVE_POLICY, { input: {} });
    const { stream } = await createStream(owner, { url: 'https://hooks.example.com/' });
    // So that no delivery changes its row.
    await updateStream(owner, { streamId: stream.id, status: 'PAUSED' });
    app.clock.advance(MAX_AGE * SECOND);
    return { app, account, owner, member, session, keyId, streamId: stream.id };
  }

  /** Every row of the account that one of these operations may change. */
  async function everythingOf({ id }: SeededAccount): Promise<unknown[]> {
    const { rows } = await sql`
      select 'account' as kind, to_jsonb(a) as row from accounts a where id = ${id}
      union all select 'user', to_jsonb(u) from users u where account_id = ${id}
      union all select 'link', to_jsonb(l) from password_links l join users u on u.id = l.user_id
        where u.account_id = ${id}
      union all select 'session', to_jsonb(s) from sessions s where account_id = ${id}
      union all select 'key', to_jsonb(k) from service_keys k where account_id = ${id}
      union all select 'stream', to_jsonb(s) from event_streams s where account_id = ${id}
      union all select 'event', to_jsonb(e) from audit_events e where account_id = ${id}
      order by 1, 2`.execute(app.database.em().getKysely());
    return rows;
  }

  const required = ({ owner }: Scene) => ({
    code: 'REAUTHENTICATION_REQUIRED',
    maxAgeSeconds: MAX_AGE,
    authenticatedAt: owner.payload.session.authenticatedAt,
  });

  test.each(SENSITIVE)('%s needs a recent authentication, and changes nothing without', async (_, run) => {
    const scene = await atTheLimit();
    app.clock.advance(1);
    const before = await everythingOf(scene.account);
    expect((await run(scene)).extensions).toEqual(required(scene));
    expect(await everythingOf(scene.account)).toEqual(before);
    await reauthenticated(scene.owner);
    expect((await run(scene)).errors).toBeUndefined();
  });

  test.each(SENSITIVE)('%s: an authentication exactly that old is recent', async (_, run) => {
    expect((await run(await atTheLimit())).errors).toBeUndefined();
  });

  test.each(SENSITIVE)('%s: the role is judged first', async (_, run) => {
    const scene = await atTheLimit();
    app.clock.advance(1);
    const asMember = await run({ ...scene, owner: scene.session });
    expect(asMember.code).toBe('FORBIDDEN');
  });

  test.each(NEVER)('%s never asks for it', async (_, run) => {
    const scene = await atTheLimit();
    app.clock.advance(1);
    expect((await run(scene)).errors).toBeUndefined();
  });

  test('the session decides, not when its tokens were made', async () => {
    const scene = await atTheLimit();
    app.clock.advance(1);
    const { data } = await scene.owner.refresh();
    const answer = await app.gql(
      CREATE_KEY,
      { input: { name: 'Shop' } },
      { token: data.refreshSession.accessToken },
    );
    expect(answer.extensions).toEqual(required(scene));
    await reauthenticated(scene.owner, { refreshToken: data.refreshSession.refreshToken });
    // With the access token of the sign-in.
    expect((await scene.owner.gql(CREATE_KEY, { input: { name: 'Shop' } })).errors).toBeUndefined();
  });

  test('a service key is not judged', async () => {
    const { account, member } = await atTheLimit();
    app.clock.advance(1);
    const { key } = await app.seed.serviceKey(account.id);
    expect((await app.gql(DELETE_USER, { userId: member.id }, { token: key })).errors).toBeUndefined();
  });

  describe.each(['audit', 'policy'])('an export, /export/%s,', (name) => {
    const download = ({ accessToken }: SignedIn) =>
      fetch(`${app.url}/export/${name}?format=csv`, { headers: { authorization: `Bearer ${accessToken}` } });

    test('answers with the challenge of RFC 9470, and leaves no row', async () => {
      const { account, owner } = await atTheLimit();
      app.clock.advance(1);
      const before = await everythingOf(account);
      const answer = await download(owner);
      expect([answer.status, answer.headers.get('www-authenticate')]).toEqual([
        401,
        'Bearer error="insufficient_user_authentication", max_age="900"',
      ]);
      expect((await answer.json()) as object).toMatchObject({
        errors: [{ extensions: { code: 'REAUTHENTICATION_REQUIRED' } }],
      });
      expect(await everythingOf(account)).toEqual(before);
      await reauthenticated(owner);
      expect((await download(owner)).status).toBe(200);
    });

    test('of a member is refused for the role', async () => {
      const { session } = await atTheLimit();
      app.clock.advance(1);
      expect((await download(session)).status).toBe(403);
    });
  });
});

test.each([
  ['0', 100_000, undefined],
  ['60', 60, undefined],
  ['60', 61, 'REAUTHENTICATION_REQUIRED'],
])('with SENSITIVE_ACTION_MAX_AGE_SECONDS=%s, %d seconds after: %s', async (setting, seconds, code) => {
  const env = { SENSITIVE_ACTION_MAX_AGE_SECONDS: setting, ACCESS_TOKEN_TTL_SECONDS: '1000000' };
  const app = await startApp({ env });
  const owner = await (await app.seed.account()).owner.login();
  app.clock.advance(seconds * SECOND);
  expect((await owner.gql(CREATE_KEY, { input: { name: 'Shop' } })).code).toBe(code);
  await app.close();
});
