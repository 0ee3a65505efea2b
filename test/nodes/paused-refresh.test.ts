import { sql } from 'kysely';
import { randomBytes } from 'node:crypto';
import { REFRESH, type SignedIn } from '../seed.ts';
import { tryAgainInCi } from '../real-time.ts';
import { createNodes, onNodes, NODES_TIMEOUT_MS, type Node, type Nodes } from './nodes.ts';
import { waitUntil } from '../wait-until.ts';

tryAgainInCi();

const CLIENTS = 20;
const GRACE_SECONDS = 1;
const TIMEOUT_MS = 500;

onNodes(() => {
  let nodes: Nodes;
  let paused: Node;
  let other: Node;
  beforeAll(async () => {
    nodes = await createNodes({ REFRESH_REUSE_GRACE_SECONDS: String(GRACE_SECONDS) });
    [paused, other] = [await nodes.start(), await nodes.start()];
    await Promise.all([paused.ready(), other.ready()]);
  }, NODES_TIMEOUT_MS);
  afterAll(() => nodes.stop());

  const databaseTime = async (): Promise<number> => {
    const { rows } = await sql<{ now: string }>`select clock_timestamp() as now`.execute(
      nodes.database.em().getKysely(),
    );
    return new Date(rows[0]!.now).getTime();
  };
  const untilDatabase = (moment: number): Promise<void> =>
    waitUntil(async () => (await databaseTime()) > moment);

  async function post(node: Node, input: object, signal?: AbortSignal): Promise<any> {
    const response = await fetch(`${node.url}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ query: REFRESH, variables: { input } }),
      signal: signal ?? null,
    });
    return response.json();
  }
  const tokenOf = (body: any): string => {
    expect(body.errors).toBeUndefined();
    return body.data.refreshSession.refreshToken;
  };

  /** Requests of each client on the other node, after it has given up on the paused one. */
  async function goOnElsewhere(refreshToken: string, requestId: string): Promise<string> {
    const child = tokenOf(await post(other, { refreshToken, requestId }));
    return tokenOf(await post(other, { refreshToken: child }));
  }

  async function signIn(): Promise<SignedIn[]> {
    const { owner } = await nodes.seed.account();
    const signedIn: SignedIn[] = [];
    for (let turn = 0; turn < CLIENTS; turn += 1) signedIn.push(await owner.login());
    return signedIn;
  }

  async function expectAlive(clients: readonly SignedIn[], tokens: readonly string[]): Promise<void> {
    const ids = clients.map(({ sessionId }) => sessionId);
    const { rows } = await sql<{ ended: number }>`
      select count(*)::int as ended from sessions where id = any(${ids}::text[]) and ended_at is not null`.execute(
      nodes.database.em().getKysely(),
    );
    expect(rows).toEqual([{ ended: 0 }]);
    for (const refreshToken of tokens) tokenOf(await post(paused, { refreshToken }));
  }

  test(
    'a refresh that a paused node decides after `notAfter` is too late, and signs none of its clients out',
    async () => {
      const clients = await signIn();
      const notAfter = (await databaseTime()) + TIMEOUT_MS;
      paused.server.child.kill('SIGSTOP');
      const requests = clients.map(({ refreshToken }) => {
        const requestId = randomBytes(16).toString('hex');
        const input = { refreshToken, requestId, notAfter: new Date(notAfter).toISOString() };
        return { requestId, refreshToken, late: post(paused, input) };
      });
      await untilDatabase(notAfter);
      const tokens = await Promise.all(
        requests.map(({ refreshToken, requestId }) => goOnElsewhere(refreshToken, requestId)),
      );
      await untilDatabase((await databaseTime()) + GRACE_SECONDS * 1_000);
      paused.server.child.kill('SIGCONT');
      for (const { late } of requests) {
        const { errors } = await late;
        expect(errors[0].extensions).toMatchObject({ code: 'INVALID_REFRESH_TOKEN', reason: 'TOO_LATE' });
      }
      await expectAlive(clients, tokens);
    },
    NODES_TIMEOUT_MS,
  );

  test(
    'neither does one whose client closed the connection without sending `notAfter`',
    async () => {
      const clients = await signIn();
      paused.server.child.kill('SIGSTOP');
      const requests = clients.map(({ refreshToken }) => {
        const requestId = randomBytes(16).toString('hex');
        const givenUp = post(paused, { refreshToken, requestId }, AbortSignal.timeout(TIMEOUT_MS));
        return { requestId, refreshToken, givenUp };
      });
      for (const { givenUp } of requests) await expect(givenUp).rejects.toThrow();
      const tokens = await Promise.all(
        requests.map(({ refreshToken, requestId }) => goOnElsewhere(refreshToken, requestId)),
      );
      await untilDatabase((await databaseTime()) + GRACE_SECONDS * 1_000);
      paused.server.child.kill('SIGCONT');
      // After the blocked requests: they have been decided when these are answered.
      for (let turn = 0; turn < 20; turn += 1) await paused.readyz();
      await expectAlive(clients, tokens);
    },
    NODES_TIMEOUT_MS,
  );
});
