import { onUsualDatabase } from '../databases.ts';
import type { TestApp } from '../harness.ts';
import {
  followExtended,
  followWarned,
  loginWarned,
  MINUTE,
  SET_POLICY,
  startShort,
} from './session-subscriptions.ts';

onUsualDatabase((database) => {
  let app: TestApp;
  beforeAll(async () => {
    app = await startShort(database);
  });
  afterAll(() => app.close());

  const kinds = (collector: { events: any[] }) => collector.events.map(({ kind }) => kind);

  test('an applied stricter policy is sent to every subscription, with a warning inside the new lead', async () => {
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

  test('a subscription without a warning gets the event too, and its warning at the new time only', async () => {
    const account = await app.seed.account();
    const { expiry, idleExpiresAt } = await followExtended(app, account.owner);
    const { gql } = await account.owner.login();
    await gql(SET_POLICY, { input: { idleMinutes: 30, apply: 'ACTIVE_SESSIONS' } });
    const nearer = new Date(new Date(idleExpiresAt).getTime() - 30 * MINUTE).toISOString();
    expect(await expiry.next()).toMatchObject({ kind: 'SHORTENED', reason: 'IDLE', expiresAt: nearer });
    app.clock.advance(25 * MINUTE + 1_000);
    expect(await expiry.next()).toMatchObject({ kind: 'WARNING', expiresAt: nearer });
    expect(kinds(expiry)).toEqual(['WARNING', 'EXTENDED', 'SHORTENED', 'WARNING']);
    await expiry.stop();
  });

  test('a policy for the next sign-in, or a looser one, changes nothing for current sessions', async () => {
    const account = await app.seed.account();
    const { expiry, idleExpiresAt } = await followExtended(app, account.owner);
    const { gql } = await account.owner.login();
    await gql(SET_POLICY, { input: { idleMinutes: 10, apply: 'NEXT_LOGIN' } });
    await gql(SET_POLICY, { input: { idleMinutes: 120, apply: 'ACTIVE_SESSIONS' } });
    app.clock.advance(55 * MINUTE + 1_000);
    expect(await expiry.next()).toMatchObject({ kind: 'WARNING', expiresAt: idleExpiresAt });
    expect(kinds(expiry)).toEqual(['WARNING', 'EXTENDED', 'WARNING']);
    await expiry.stop();
  });

  /** A subscription with one sent deadline, and later activity that is not sent. */
  async function followBehind(minutes: number) {
    const account = await app.seed.account();
    const { who, expiry, idleExpiresAt } = await followExtended(app, account.owner);
    app.clock.advance(minutes * MINUTE);
    // The periodic check finds nothing new; the activity comes after it.
    await app.gql('{ viewer { id } }');
    expect((await who.refresh()).code).toBeUndefined();
    return { account, expiry, idleExpiresAt };
  }

  test('a deadline that moves back to its last sent value is sent too', async () => {
    const { account, expiry, idleExpiresAt } = await followBehind(20);
    const { gql } = await account.owner.login();
    await gql(SET_POLICY, { input: { idleMinutes: 40, absoluteMinutes: 600, apply: 'ACTIVE_SESSIONS' } });
    expect(await expiry.next()).toMatchObject({
      kind: 'SHORTENED',
      reason: 'IDLE',
      expiresAt: idleExpiresAt,
    });
    await expiry.stop();
  });

  test('a smaller limit that brings no deadline closer is not sent, even after activity', async () => {
    const account = await app.seed.account();
    const boss = await account.owner.login();
    await boss.gql(SET_POLICY, { input: { idleMinutes: 60, absoluteMinutes: 120 } });
    const { who, expiry } = await followExtended(app, await account.addUser());
    // At minute 85 activity moves the idle deadline from 115 to the absolute one, 120; 40 minutes lead there too.
    app.clock.advance(30 * MINUTE);
    await app.gql('{ viewer { id } }');
    expect((await who.refresh()).code).toBeUndefined();
    const { gql } = await account.owner.login();
    await gql(SET_POLICY, { input: { idleMinutes: 40, absoluteMinutes: 120, apply: 'ACTIVE_SESSIONS' } });
    app.clock.advance(30 * MINUTE);
    expect(await expiry.next()).toMatchObject({ kind: 'WARNING', reason: 'ABSOLUTE' });
    expect(kinds(expiry)).toEqual(['WARNING', 'EXTENDED', 'WARNING']);
    await expiry.stop();
  });

  test('a session already past the new limit ends without SHORTENED', async () => {
    const account = await app.seed.account();
    const who = await loginWarned(app, await account.addUser());
    const expiry = await followWarned(app, who);
    const { gql } = await account.owner.login();
    await gql(SET_POLICY, { input: { idleMinutes: 20, apply: 'ACTIVE_SESSIONS' } });
    expect(await expiry.next()).toMatchObject({ kind: 'REVOKED', endReason: 'POLICY_CHANGED' });
    expect(kinds(expiry)).toEqual(['WARNING', 'REVOKED']);
  });
});
