import { randomUUID } from 'node:crypto';
import type { Answer } from '../graphql-client.ts';
import { LOGIN, REFRESH } from '../seed.ts';
import { expectOnly } from './race-app.ts';
import type { Installation, ServerProcess } from './server-process.ts';

export interface Credentials {
  email: string;
  password: string;
}

interface Grant {
  accessToken: string;
  refreshToken: string;
}

/** A client that remembers acknowledged results and its one running refresh. */
interface RefreshingClient {
  acknowledged: Grant;
  parent: string | null;
  requestId: string | null;
}

const LOGOUT = 'mutation { logout { ended } }';

/** Null when the server ended before it answered. */
const ask = (request: Promise<Answer>): Promise<Answer | null> => request.catch(() => null);

/** Starts the server and kills it amid refreshes, sign-ins and sign-outs, then checks the next process. */
export async function crashOnce(
  installation: Installation,
  who: Credentials,
  afterAnswers: number,
): Promise<void> {
  const server = await installation.start();
  const clients: RefreshingClient[] = [];
  for (let count = 0; count < 4; count += 1)
    clients.push({ acknowledged: await signIn(server, who), parent: null, requestId: null });
  const signedOut: Grant[] = [];
  const signedIn: Grant[] = [];

  let answers = 0;
  let reachEnough!: () => void;
  const enough = new Promise<void>((done) => (reachEnough = done));
  const count = (): void => {
    answers += 1;
    if (answers >= afterAnswers && signedOut.length > 0) reachEnough();
  };

  const streams = [...clients.map((client) => keepRefreshing(server, client, count)), cycle(), cycle()];
  async function cycle(): Promise<void> {
    for (;;) {
      const login = await ask(server.gql(LOGIN, { input: who }));
      if (!login) return;
      expectOnly([login]);
      const grant: Grant = login.data.login;
      const logout = await ask(server.gql(LOGOUT, {}, { token: grant.accessToken }));
      // Unacknowledged: it may have happened or not.
      if (!logout) return;
      expect(logout.data.logout).toEqual({ ended: true });
      signedOut.push(grant);
      const stays = await ask(server.gql(LOGIN, { input: who }));
      if (!stays) return;
      signedIn.push(stays.data.login);
    }
  }
  await enough;
  await server.kill();
  await Promise.all(streams);

  const next = await installation.start();
  try {
    await Promise.all(clients.map((client) => expectRecovery(next, client)));
    const expectEnd = async ({ accessToken, refreshToken }: Grant): Promise<void> => {
      expect((await next.gql('{ viewer { id } }', {}, { token: accessToken })).code).toBe('UNAUTHENTICATED');
      const refused = await refresh(next, refreshToken);
      expect(refused).toMatchObject({
        code: 'INVALID_REFRESH_TOKEN',
        extensions: { endReason: 'LOGOUT' },
      });
    };
    await Promise.all(signedOut.map(expectEnd));
    const refreshed = await Promise.all(signedIn.map(({ refreshToken }) => refresh(next, refreshToken)));
    expectOnly(refreshed);
  } finally {
    await next.kill();
  }
}

async function keepRefreshing(
  server: ServerProcess,
  client: RefreshingClient,
  count: () => void,
): Promise<void> {
  for (;;) {
    client.parent = client.acknowledged.refreshToken;
    client.requestId = randomUUID();
    const answer = await ask(refresh(server, client.parent, client.requestId));
    if (!answer) return;
    expectOnly([answer]);
    client.acknowledged = answer.data.refreshSession;
    client.parent = null;
    count();
  }
}

/** Either the token or its successor is valid, and only one line of descent continues. */
async function expectRecovery(server: ServerProcess, client: RefreshingClient): Promise<void> {
  const token = client.parent ?? client.acknowledged.refreshToken;
  const requestId = client.requestId ?? randomUUID();
  const first = await refresh(server, token, requestId);
  expect(first.code).toBeUndefined();
  const again = await refresh(server, token, requestId);
  const child: string = first.data.refreshSession.refreshToken;
  expect(again.data.refreshSession.refreshToken).toBe(child);
  expect((await refresh(server, child)).code).toBeUndefined();
  expect((await refresh(server, token, requestId)).code).toBe('INVALID_REFRESH_TOKEN');
}

async function signIn(server: ServerProcess, who: Credentials): Promise<Grant> {
  const answer = await server.gql(LOGIN, { input: who });
  expectOnly([answer]);
  return answer.data.login;
}

const refresh = (server: ServerProcess, refreshToken: string, requestId?: string): Promise<Answer> =>
  server.gql(REFRESH, { input: { refreshToken, requestId } });
