import { onEachDatabase } from '../databases.ts';
import type { TestApp } from '../harness.ts';
import { followQuietly, followWarned, loginWarned, MINUTE, SET_POLICY, startShort } from './following.ts';

onEachDatabase((database) => {
  let app: TestApp;
  beforeAll(async () => {
    app = await startShort(database);
  });
  afterAll(() => app.close());

  const kinds = (collector: { events: any[] }) => collector.events.map(({ kind }) => kind);

  test('a stricter policy that is applied is told to every subscription, and those inside the new warning time are warned', async () => {
    const account = await app.seed.account();
    const who = await loginWarned(app, await account.addUser());
    const all = [await followWarned(app, who), await followWarned(app, who)];
    const { gql } = await account.owner.login();
    const answer = await gql(SET_POLICY, {
      input: { idleMinutes: 58, absoluteMinutes: 300, apply: 'ACTIVE_SESSIONS' },
    });
    expect(answer.code).toBeUndefined();
    const authenticatedAt = new Date(who.payload.session.authenticatedAt).getTime();
    for (const expiry of all) {
      expect(await expiry.next()).toMatchObject({
        kind: 'SHORTENED',
        reason: 'IDLE',
        canExtend: true,
        secondsRemaining: 180,
        idleExpiresAt: new Date(authenticatedAt + 58 * MINUTE).toISOString(),
        absoluteExpiresAt: new Date(authenticatedAt + 300 * MINUTE).toISOString(),
      });
      expect(await expiry.next()).toMatchObject({ kind: 'WARNING', reason: 'IDLE', secondsRemaining: 180 });
      await expiry.stop();
    }
  });

  test('a subscription that was not warned is told too, and warned at the new time only', async () => {
    const account = await app.seed.account();
    const { expiry, idleExpiresAt } = await followQuietly(app, account.owner);
    const { gql } = await account.owner.login();
    await gql(SET_POLICY, { input: { idleMinutes: 30, apply: 'ACTIVE_SESSIONS' } });
    const nearer = new Date(new Date(idleExpiresAt).getTime() - 30 * MINUTE).toISOString();
    expect(await expiry.next()).toMatchObject({ kind: 'SHORTENED', reason: 'IDLE', expiresAt: nearer });
    app.clock.advance(25 * MINUTE + 1_000);
    expect(await expiry.next()).toMatchObject({ kind: 'WARNING', expiresAt: nearer });
    expect(kinds(expiry)).toEqual(['WARNING', 'EXTENDED', 'SHORTENED', 'WARNING']);
    await expiry.stop();
  });

  test('a policy for the next sign-in, and a looser one, change nothing for whoever is signed in', async () => {
    const account = await app.seed.account();
    const { expiry, idleExpiresAt } = await followQuietly(app, account.owner);
    const { gql } = await account.owner.login();
    await gql(SET_POLICY, { input: { idleMinutes: 10, apply: 'NEXT_LOGIN' } });
    await gql(SET_POLICY, { input: { idleMinutes: 120, apply: 'ACTIVE_SESSIONS' } });
    app.clock.advance(55 * MINUTE + 1_000);
    expect(await expiry.next()).toMatchObject({ kind: 'WARNING', expiresAt: idleExpiresAt });
    expect(kinds(expiry)).toEqual(['WARNING', 'EXTENDED', 'WARNING']);
    await expiry.stop();
  });

  test('a session that is past the new limit already ends, and no SHORTENED comes first', async () => {
    const account = await app.seed.account();
    const who = await loginWarned(app, await account.addUser());
    const expiry = await followWarned(app, who);
    const { gql } = await account.owner.login();
    await gql(SET_POLICY, { input: { idleMinutes: 20, apply: 'ACTIVE_SESSIONS' } });
    expect(await expiry.next()).toMatchObject({ kind: 'REVOKED', endReason: 'POLICY_CHANGED' });
    expect(kinds(expiry)).toEqual(['WARNING', 'REVOKED']);
  });
});
