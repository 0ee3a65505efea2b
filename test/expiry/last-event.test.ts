import { reauthenticated } from '../accounts/reauthenticate-calls.ts';
import { onUsualDatabase } from '../databases.ts';
import type { TestApp } from '../harness.ts';
import type { SignedIn } from '../seed.ts';
import { advanceTo, MINUTE, startShort, WARNING_MS } from './session-subscriptions.ts';
import { openGreetedSocket, subscribeMessage, type RawSocket } from './raw-socket.ts';

/** More than one turn of the event loop handles, so that sockets could close before all events are sent. */
const SESSIONS = 150;

const CREATE = `mutation Create($input: CreateSessionInput!) { createSession(input: $input) { sessionToken } }`;
const ISSUE = `mutation Issue($sessionToken: String!) { issueSessionAccessToken(sessionToken: $sessionToken) { accessToken } }`;

onUsualDatabase((database) => {
  let app: TestApp;
  beforeAll(async () => {
    app = await startShort(database);
  });
  afterAll(() => app.close());

  /** Sessions of one account that expire at the same moment and have had their warning, and their owner. */
  async function followMany(): Promise<{ owner: SignedIn; sockets: RawSocket[]; expiresAt: string }> {
    const account = await app.seed.account();
    const { key } = await app.seed.serviceKey(account.id);
    const call = async (query: string, variables: object) =>
      (await app.gql(query, { ...variables }, { token: key })).data;
    const input = { userId: account.owner.id };
    const tokens = await Promise.all(
      Array.from({ length: SESSIONS }, async () => {
        const { sessionToken } = (await call(CREATE, { input })).createSession;
        return (await call(ISSUE, { sessionToken })).issueSessionAccessToken.accessToken as string;
      }),
    );
    app.clock.advance(MINUTE);
    const owner = await account.owner.login();
    advanceTo(app, owner.payload.idleExpiresAt, WARNING_MS);
    const sockets = await Promise.all(tokens.map((token) => openGreetedSocket(app, token)));
    for (const socket of sockets) socket.send(subscribeMessage('1'));
    let expiresAt = '';
    for (const socket of sockets) {
      const { kind, expiresAt: at } = (await socket.next()).payload.data.sessionExpiry;
      expect(kind).toBe('WARNING');
      expiresAt = at;
    }
    return { owner, sockets, expiresAt };
  }

  const lastWordsOf = async ({ messages, closed }: RawSocket) => {
    const end = await closed;
    return [
      ...messages.slice(1).map(({ type, payload }) => payload?.data.sessionExpiry.kind ?? type),
      end.code,
      end.reason,
    ];
  };

  test('many revoked sessions all get their event, then the end of the subscription, then the close', async () => {
    const { owner, sockets } = await followMany();
    await reauthenticated(owner);
    const { data } = await owner.gql('mutation { revokeSessions(scope: ALL) { revokedCount } }');
    expect(data.revokeSessions.revokedCount).toBe(SESSIONS + 1);
    const words = ['WARNING', 'REVOKED', 'complete', 4401, 'REVOKED_BY_OWNER'];
    for (const socket of sockets) expect(await lastWordsOf(socket)).toEqual(words);
  });

  test('many expired sessions all get their event, then the end of the subscription, then the close', async () => {
    const { sockets, expiresAt } = await followMany();
    advanceTo(app, expiresAt, -MINUTE);
    const words = ['WARNING', 'EXPIRED', 'complete', 4401, 'IDLE_TIMEOUT'];
    for (const socket of sockets) expect(await lastWordsOf(socket)).toEqual(words);
  });
});
