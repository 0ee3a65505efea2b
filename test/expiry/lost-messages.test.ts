import { generateKeyPairSync } from 'node:crypto';
import { sql } from 'kysely';
import { findFreePort } from '../../server/http/free-port.ts';
import { reauthenticate } from '../accounts/reauthenticate-calls.ts';
import { createTestDatabase, onPostgres, type TestDatabase } from '../databases.ts';
import { createGraphQLClient, type GraphQLClient } from '../graphql-client.ts';
import { startApp, type TestApp } from '../harness.ts';
import { tryAgainInCi } from '../real-time.ts';
import { REFRESH, SESSION_EXPIRY, type SignedIn } from '../seed.ts';
import { sessionRow, SET_POLICY, SHORT_SESSIONS } from './session-subscriptions.ts';

tryAgainInCi();

// Two nodes on one database with separate buses: every message between them is lost. The clock is the database's, as
// in production, so the limits here are in real time.
const MAX_DELAY_MS = 5_000;

onPostgres(() => {
  let database: TestDatabase;
  let here: TestApp;
  let there: TestApp;
  let thereClient: GraphQLClient;

  beforeAll(async () => {
    database = await createTestDatabase('postgresql');
    const [portHere, portThere] = [await findFreePort(), await findFreePort()];
    // One service for its users: tokens of one node are valid at the other.
    const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
    const env = {
      ...SHORT_SESSIONS,
      PUBLIC_URL: `http://127.0.0.1:${portHere}`,
      ACCESS_TOKEN_PRIVATE_KEY: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
    };
    const options = { sharedDatabase: database, clock: 'real' as const };
    here = await startApp({ ...options, env: { ...env, PORT: String(portHere) } });
    there = await startApp({ ...options, env: { ...env, PORT: String(portThere) } });
    thereClient = createGraphQLClient(`http://127.0.0.1:${portThere}`);
  });
  afterAll(async () => {
    await there.close();
    await here.close();
    await database.drop();
  });

  const idleIn = (sessionId: string, seconds: number) =>
    sql`update sessions set last_activity_at = now() + ${seconds}::int * interval '1 second' - idle_seconds * interval '1 second',
      idle_expires_at = now() + ${seconds}::int * interval '1 second' where id = ${sessionId}`.execute(
      here.database.em().getKysely(),
    );

  /** Returns a session inside its warning time, followed on the other node, once the subscription has begun. */
  async function followedThere(who: SignedIn, seconds = 200) {
    await idleIn(who.sessionId, seconds);
    const expiry = thereClient.subscribe(SESSION_EXPIRY, { accessToken: who.accessToken });
    expect(await expiry.next()).toMatchObject({ kind: 'WARNING', reason: 'IDLE' });
    return expiry;
  }

  async function inTime<T>(event: Promise<T>): Promise<T> {
    const started = performance.now();
    const heard = await event;
    expect(performance.now() - started).toBeLessThan(MAX_DELAY_MS);
    return heard;
  }

  test('a revocation reaches a subscriber on the other node', async () => {
    const { owner } = await here.seed.account();
    const who = await owner.login();
    const expiry = await followedThere(who);
    await who.gql('mutation { revokeSessions(scope: ALL) { revokedCount } }');
    expect(await inTime(expiry.next())).toMatchObject({ kind: 'REVOKED', endReason: 'REVOKED_BY_OWNER' });
    expect(await expiry.closed).toEqual({ code: 4401, reason: 'REVOKED_BY_OWNER' });
  });

  test('an extension reaches a subscriber on the other node', async () => {
    const { owner } = await here.seed.account();
    const who = await owner.login();
    const expiry = await followedThere(who);
    const answer = await here.gql(REFRESH, { input: { refreshToken: who.refreshToken } });
    expect(await inTime(expiry.next())).toMatchObject({
      kind: 'EXTENDED',
      expiresAt: answer.data.refreshSession.idleExpiresAt,
    });
    await expiry.stop();
  });

  test('a shortening reaches a subscriber on the other node', async () => {
    const { owner } = await here.seed.account();
    const who = await owner.login();
    const expiry = await followedThere(who);
    await who.gql(SET_POLICY, { input: { idleMinutes: 59, apply: 'ACTIVE_SESSIONS' } });
    expect(await inTime(expiry.next())).toMatchObject({ kind: 'SHORTENED', reason: 'IDLE' });
    expect(await expiry.next()).toMatchObject({ kind: 'WARNING', reason: 'IDLE' });
    await expiry.stop();
  });

  test('a new authentication reaches a subscriber on the other node, also where no deadline moves', async () => {
    const who = await (await here.seed.account()).owner.login();
    const expiry = await followedThere(who);
    const answer = await reauthenticate(who);
    const { idleExpiresAt, session } = answer.data.reauthenticate;
    expect(await inTime(expiry.next())).toMatchObject({ kind: 'EXTENDED', expiresAt: idleExpiresAt });
    await sql`update sessions set authenticated_at = authenticated_at + interval '1 second' where id = ${session.id}`.execute(
      here.database.em().getKysely(),
    );
    expect(await inTime(expiry.next())).toMatchObject({ kind: 'EXTENDED', expiresAt: idleExpiresAt });
    await expiry.stop();
  });

  test('a deadline that moves closer without a message is noticed on both nodes, at most two seconds late', async () => {
    const { owner } = await here.seed.account();
    const who = await owner.login();
    const both = [await followedThere(who), who.expiry()];
    expect((await both[1]!.next()).kind).toBe('WARNING');
    await idleIn(who.sessionId, 5);
    for (const expiry of both) {
      let event = await expiry.next();
      // The closer deadline gets its own warning before it passes.
      while (event.kind !== 'EXPIRED') event = await expiry.next();
      expect(event).toMatchObject({ endReason: 'IDLE_TIMEOUT', secondsRemaining: 0 });
      const late = new Date(event.serverTime).getTime() - new Date(event.expiresAt).getTime();
      expect(late).toBeGreaterThanOrEqual(0);
      expect(late).toBeLessThan(2_000);
      expect((await expiry.closed).reason).toBe('IDLE_TIMEOUT');
    }
    expect((await sessionRow(here, who.sessionId)).end_reason).toBe('IDLE_TIMEOUT');
  });
});
