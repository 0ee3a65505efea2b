import { sql } from 'kysely';
import { reauthenticated } from '../accounts/reauthenticate-calls.ts';
import { onUsualDatabase } from '../databases.ts';
import { createCanReauthenticate } from '../../server/sessions/can-reauthenticate.ts';
import type { TestApp } from '../harness.ts';
import type { SignedIn } from '../seed.ts';
import { backEnd } from '../service-api/service-calls.ts';
import { advanceTo, MINUTE, SET_POLICY, startShort, TOUCH, WARNING_MS } from './session-subscriptions.ts';

const EVENTS = `subscription { sessionExpiry {
  kind reason expiresAt secondsRemaining canExtend canReauthenticate idleExpiresAt absoluteExpiresAt } }`;
const REAUTHENTICATE_SESSION = `mutation ($sessionToken: String!) {
  reauthenticateSession(sessionToken: $sessionToken) { sessionToken session { idleExpiresAt } } }`;

onUsualDatabase((database) => {
  let app: TestApp;
  beforeAll(async () => {
    app = await startShort(database);
  });
  afterAll(() => app.close());

  const follow = (accessToken: string) => app.subscribe(EVENTS, { accessToken });
  const later = (minutes: number) => new Date(app.clock.now().getTime() + minutes * MINUTE).toISOString();

  /** Two subscriptions that were warned, and told of activity since: no warning is open. */
  async function followQuietly(who: SignedIn) {
    advanceTo(app, who.payload.idleExpiresAt, WARNING_MS);
    const both = [follow(who.accessToken), follow(who.accessToken)];
    for (const expiry of both)
      expect(await expiry.next()).toMatchObject({
        kind: 'WARNING',
        canExtend: true,
        canReauthenticate: true,
      });
    await who.gql(TOUCH);
    for (const expiry of both) expect(await expiry.next()).toMatchObject({ kind: 'EXTENDED' });
    return both;
  }

  test('every subscription is told, warned or not, and is warned again', async () => {
    const who = await (await app.seed.account()).owner.login();
    const both = await followQuietly(who);
    app.clock.advance(4 * MINUTE);
    await reauthenticated(who);
    const times = { idleExpiresAt: later(60), absoluteExpiresAt: later(600) };
    for (const expiry of both)
      expect(await expiry.next()).toEqual({
        kind: 'EXTENDED',
        reason: 'IDLE',
        expiresAt: times.idleExpiresAt,
        secondsRemaining: 3600,
        canExtend: true,
        canReauthenticate: true,
        ...times,
      });
    // A little past it: deadlines are looked at in steps.
    advanceTo(app, times.idleExpiresAt, WARNING_MS - 1_000);
    for (const expiry of both) {
      expect(await expiry.next()).toMatchObject({ kind: 'WARNING', expiresAt: times.idleExpiresAt });
      await expiry.stop();
    }
  });

  test('a deadline that moves nearer by a policy since is told as EXTENDED too', async () => {
    const account = await app.seed.account();
    const who = await account.owner.login();
    await who.gql(SET_POLICY, { input: { idleMinutes: 20, absoluteMinutes: 40 } });
    const both = await followQuietly(who);
    await reauthenticated(who);
    for (const expiry of both) {
      expect(await expiry.next()).toMatchObject({
        kind: 'EXTENDED',
        idleExpiresAt: later(20),
        absoluteExpiresAt: later(40),
      });
      await expiry.stop();
    }
  });

  test('authenticating again is possible where activity does not help, and not after the end', async () => {
    const who = await (await app.seed.account()).owner.login();
    await sql`update sessions set absolute_expires_at = idle_expires_at where id = ${who.sessionId}`.execute(
      app.database.em().getKysely(),
    );
    advanceTo(app, who.payload.idleExpiresAt, WARNING_MS);
    const expiry = follow(who.accessToken);
    expect(await expiry.next()).toMatchObject({ kind: 'WARNING', canExtend: false, canReauthenticate: true });
    await who.gql('mutation { logout { ended } }');
    expect(await expiry.next()).toMatchObject({ kind: 'REVOKED', canReauthenticate: false });
  });

  test('a user who has neither a password nor a provider cannot', async () => {
    const who = await (await app.seed.account()).owner.login();
    await sql`update users set password_hash = null where id = ${who.payload.user.id}`.execute(
      app.database.em().getKysely(),
    );
    advanceTo(app, who.payload.idleExpiresAt, WARNING_MS);
    const expiry = follow(who.accessToken);
    expect(await expiry.next()).toMatchObject({ kind: 'WARNING', canReauthenticate: false });
    await expiry.stop();
  });

  test('of a service session: its application does it, and its browser is told', async () => {
    const account = await app.seed.account();
    const shop = backEnd(app, (await app.seed.serviceKey(account.id)).key);
    const { sessionToken, session } = await shop.create();
    const accessToken = await shop.issue(sessionToken);
    advanceTo(app, session.idleExpiresAt, WARNING_MS);
    const expiry = follow(accessToken);
    expect(await expiry.next()).toMatchObject({ kind: 'WARNING', canReauthenticate: false });
    expect((await shop.gql(REAUTHENTICATE_SESSION, { sessionToken })).errors).toBeUndefined();
    expect(await expiry.next()).toMatchObject({
      kind: 'EXTENDED',
      idleExpiresAt: later(60),
      canReauthenticate: false,
    });
    await expiry.stop();
  });
});

test('ten thousand that ask at once share a statement', async () => {
  const app = await startShort('embedded');
  const { owner } = await app.seed.account();
  const ids = [(await owner.login()).sessionId, (await owner.login()).sessionId];
  let statements = 0;
  const counted = {
    ...app.database,
    withTimeout<T>(read: Promise<T>) {
      statements += 1;
      return app.database.withTimeout(read);
    },
  };
  const canReauthenticate = createCanReauthenticate({ database: counted, providers: [] });
  const asked = Array.from({ length: 10_000 }, (_, index) => ids[index] ?? `unknown-${index}`);
  const answers = await Promise.all(asked.map(canReauthenticate));
  expect(answers.filter(Boolean)).toHaveLength(2);
  expect(statements).toBe(1);
  await app.close();
});
