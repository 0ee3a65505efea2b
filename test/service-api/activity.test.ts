import { sql } from 'kysely';
import { createTestDatabase, onEachDatabase, onPostgres } from '../databases.ts';
import { startApp, type TestApp } from '../harness.ts';
import { backEnd, VALIDATE, VALIDATE_MANY, type BackEnd } from './service-calls.ts';
import { waitUntil } from '../wait-until.ts';

const MINUTES = 60_000;
const POLICY = `mutation ($idle: Int!, $absolute: Int!, $apply: PolicyApplication!) {
  updateSessionPolicy(input: { idleMinutes: $idle, absoluteMinutes: $absolute, apply: $apply }) { sessionPolicy { version } } }`;

async function activityOf(
  app: TestApp,
  sessionId: string,
): Promise<{ last: string; idle: string; ended: string | null }> {
  const { rows } = await sql<{ last: string; idle: string; ended: string | null }>`
    select last_activity_at as last, idle_expires_at as idle, end_reason as ended from sessions where id = ${sessionId}`.execute(
    app.database.em().getKysely(),
  );
  const { last, idle, ended } = rows[0]!;
  return { last: new Date(last).toISOString(), idle: new Date(idle).toISOString(), ended };
}

async function open(app: TestApp, idle = 20, absolute = 60) {
  const account = await app.seed.account();
  const shop = backEnd(app, (await app.seed.serviceKey(account.id)).key);
  const setPolicy = async (idle: number, absolute: number, apply = 'NEXT_LOGIN') => {
    const { errors } = await (await account.owner.login()).gql(POLICY, { idle, absolute, apply });
    if (errors) throw new Error(JSON.stringify(errors));
  };
  await setPolicy(idle, absolute);
  return { account, shop, setPolicy };
}

onEachDatabase((database) => {
  let app: TestApp;
  beforeAll(async () => {
    app = await startApp({ database, env: { SESSION_SWEEP_SECONDS: '86400' } });
  });
  afterAll(() => app.close());

  let shop: BackEnd;
  let setPolicy: (idle: number, absolute: number, apply?: string) => Promise<void>;
  beforeEach(async () => {
    ({ shop, setPolicy } = await open(app));
  });

  test('activity of a thousand checks is one write, a second later', async () => {
    const created = await Promise.all(Array.from({ length: 3 }, () => shop.create()));
    app.clock.advance(5 * MINUTES);
    for (const { sessionToken } of created) await shop.validate(sessionToken);
    for (const { session } of created)
      expect((await activityOf(app, session.id)).last).toBe(session.lastActivityAt);
    const touchedAt = app.clock.now().toISOString();
    app.clock.advance(1_000);
    for (const { session } of created)
      await waitUntil(async () => (await activityOf(app, session.id)).last === touchedAt);
  });

  test('no timer runs without buffered activity', async () => {
    const { sessionToken } = await shop.create();
    const before = app.clock.pendingTimers;
    await shop.validate(sessionToken, false);
    expect(app.clock.pendingTimers).toBe(before);
    await shop.validate(sessionToken);
    await shop.validate(sessionToken);
    expect(app.clock.pendingTimers).toBe(before + 1);
    app.clock.advance(1_000);
    // The flush is done once its timer is not set again.
    await waitUntil(async () => app.clock.pendingTimers === before);
  });

  test('within five seconds of the idle deadline it is written before the answer', async () => {
    const created = await Promise.all([shop.create(), shop.create()]);
    app.clock.advance(20 * MINUTES - 5_000);
    const input = created.map(({ sessionToken }) => ({ sessionToken }));
    const { data } = await shop.gql(VALIDATE_MANY, { input });
    for (const { valid, session, secondsRemaining } of data.validateSessions) {
      expect({ valid, secondsRemaining }).toEqual({ valid: true, secondsRemaining: 20 * 60 });
      expect(await activityOf(app, session.id)).toEqual({
        last: app.clock.now().toISOString(),
        idle: session.idleExpiresAt,
        ended: null,
      });
    }
  });

  test('acknowledged activity counts past the old deadline, however late it is written', async () => {
    const { sessionToken } = await shop.create();
    app.clock.advance(14 * MINUTES);
    await shop.validate(sessionToken);
    app.clock.advance(7 * MINUTES);
    expect(await shop.validate(sessionToken)).toMatchObject({ valid: true, secondsRemaining: 20 * 60 });
  });

  test('a session that ended before its activity was written stays ended', async () => {
    const { sessionToken, session } = await shop.create();
    app.clock.advance(6 * MINUTES);
    await shop.validate(sessionToken);
    expect(await shop.end(sessionToken)).toBe(true);
    const ended = await activityOf(app, session.id);
    app.clock.advance(1_000);
    const other = await shop.create();
    app.clock.advance(1_000);
    await shop.validate(other.sessionToken);
    app.clock.advance(1_000);
    await waitUntil(
      async () => (await activityOf(app, other.session.id)).last !== other.session.lastActivityAt,
    );
    expect(await activityOf(app, session.id)).toEqual(ended);
    expect(ended.ended).toBe('LOGOUT');
    expect((await shop.validate(sessionToken)).reason).toBe('REVOKED');
  });

  test('a policy applied before the activity was written stays applied', async () => {
    const { sessionToken, session } = await shop.create();
    app.clock.advance(6 * MINUTES);
    await shop.validate(sessionToken);
    const touchedAt = app.clock.now();
    await setPolicy(10, 30, 'ACTIVE_SESSIONS');
    app.clock.advance(1_000);
    const idle = new Date(touchedAt.getTime() + 10 * MINUTES).toISOString();
    await waitUntil(async () => (await activityOf(app, session.id)).last === touchedAt.toISOString());
    expect((await activityOf(app, session.id)).idle).toBe(idle);
    expect((await shop.validate(sessionToken, false)).session).toMatchObject({
      idleExpiresAt: idle,
      idleMinutes: 10,
    });
  });

  test('a warned subscriber gets the extension', async () => {
    const { sessionToken, session } = await shop.create();
    const accessToken = await shop.issue(sessionToken);
    const feed = app.subscribe(`subscription { sessionExpiry { kind reason idleExpiresAt sessionId } }`, {
      accessToken,
    });
    await feed.connected;
    await waitUntil(async () => {
      // The server may still be subscribing.
      return (await app.gql('{ currentSession { id } }', {}, { token: accessToken })).errors === undefined;
    });
    app.clock.advance(15 * MINUTES + 1_000);
    expect(await feed.next()).toMatchObject({ kind: 'WARNING', reason: 'IDLE', sessionId: session.id });
    const { session: touched } = await shop.validate(sessionToken);
    app.clock.advance(1_000);
    expect(await feed.next()).toMatchObject({ kind: 'EXTENDED', idleExpiresAt: touched.idleExpiresAt });
    await feed.stop();
  });

  test('when the database refuses to write, the next activity is written before its answer, and nothing is lost', async () => {
    const [one, other] = [await shop.create(), await shop.create()];
    app.clock.advance(6 * MINUTES);
    await shop.validate(one.sessionToken);
    const touchedAt = app.clock.now().toISOString();
    const statement = (text: string) => sql.raw(text).execute(app.database.em().getKysely());
    await statement(`create function refuse() returns trigger language plpgsql as $$
      begin raise exception 'not now' using errcode = 'cannot_connect_now'; end $$`);
    await statement(
      `create trigger refuse before update of last_activity_at on sessions for each row execute function refuse()`,
    );
    try {
      app.clock.advance(1_000);
      await waitUntil(async () => {
        const { code, data } = await shop.gql(VALIDATE, { input: { sessionToken: other.sessionToken } });
        if (code === undefined) expect(data.validateSession.valid).toBe(true);
        else expect(code).toBe('UNAVAILABLE');
        return code !== undefined;
      });
      // A check without touch needs no write.
      expect((await shop.validate(one.sessionToken, false)).session.lastActivityAt).toBe(touchedAt);
    } finally {
      await statement(`drop trigger refuse on sessions`);
      await statement(`drop function refuse()`);
    }
    await shop.validate(other.sessionToken);
    expect((await activityOf(app, other.session.id)).last).toBe(app.clock.now().toISOString());
    app.clock.advance(1_000);
    await waitUntil(async () => (await activityOf(app, one.session.id)).last === touchedAt);
  });

  test('a shutdown writes the buffered activity', async () => {
    const shared = await createTestDatabase(database);
    // The embedded database of a test lives in the memory of its node.
    if (shared.url === null) return;
    const node = await startApp({ sharedDatabase: shared, clock: app.clock });
    const reader = await startApp({ sharedDatabase: shared, clock: app.clock });
    const { shop } = await open(node);
    const { sessionToken, session } = await shop.create();
    app.clock.advance(6 * MINUTES);
    await shop.validate(sessionToken);
    await node.close();
    expect((await activityOf(reader, session.id)).last).toBe(app.clock.now().toISOString());
    await reader.close();
    await shared.drop();
  });
});

onPostgres(() => {
  let app: TestApp;
  beforeAll(async () => {
    app = await startApp({ database: 'postgresql', env: { SESSION_SWEEP_SECONDS: '86400' } });
  });
  afterAll(() => app.close());

  test('a locked row is left for the next second and blocks no other', async () => {
    const { shop } = await open(app);
    const [held, free] = [await shop.create(), await shop.create()];
    app.clock.advance(6 * MINUTES);
    const touchedAt = app.clock.now().toISOString();
    await app.database.transaction(async (em) => {
      await sql`select 1 from sessions where id = ${held.session.id} for update`.execute(em.getKysely());
      for (const { sessionToken } of [held, free]) await shop.validate(sessionToken);
      app.clock.advance(1_000);
      await waitUntil(async () => (await activityOf(app, free.session.id)).last === touchedAt);
      expect((await activityOf(app, held.session.id)).last).toBe(held.session.lastActivityAt);
      expect((await shop.validate(held.sessionToken, false)).session.lastActivityAt).toBe(touchedAt);
    });
    await waitUntil(async () => {
      app.clock.advance(1_000);
      return (await activityOf(app, held.session.id)).last === touchedAt;
    });
  });

  test('a batch of activity and an applied policy at the same moment: the policy holds', async () => {
    for (let round = 0; round < 5; round += 1) {
      const { shop, setPolicy } = await open(app);
      const created = await Promise.all(Array.from({ length: 20 }, () => shop.create()));
      app.clock.advance(6 * MINUTES);
      const input = created.map(({ sessionToken }) => ({ sessionToken }));
      await shop.gql(VALIDATE_MANY, { input });
      const applying = setPolicy(10, 30, 'ACTIVE_SESSIONS');
      app.clock.advance(1_000);
      await applying;
      const touchedAt = new Date(app.clock.now().getTime() - 1_000).toISOString();
      for (const { session } of created) {
        await waitUntil(async () => {
          app.clock.advance(1);
          return (await activityOf(app, session.id)).last === touchedAt;
        });
        const { idle } = await activityOf(app, session.id);
        expect(Date.parse(idle)).toBeLessThanOrEqual(Date.parse(touchedAt) + 10 * MINUTES);
      }
    }
  });

  test('activity and the end of the session at the same moment: nothing is valid afterwards', async () => {
    const { shop } = await open(app);
    for (let round = 0; round < 15; round += 1) {
      const { sessionToken, session } = await shop.create();
      // Near the deadline, so that every check writes.
      app.clock.advance(20 * MINUTES - 2_000);
      const checks = Array.from({ length: 10 }, () => shop.validate(sessionToken));
      const ending = shop.end(sessionToken);
      const afterwards = ending.then(() =>
        Promise.all([shop.validate(sessionToken), shop.validate(sessionToken, false)]),
      );
      expect(await ending).toBe(true);
      for (const { valid, reason } of await afterwards)
        expect({ valid, reason }).toEqual({ valid: false, reason: 'REVOKED' });
      for (const { valid, reason } of await Promise.all(checks))
        expect(valid ? null : 'REVOKED').toBe(reason);
      expect((await activityOf(app, session.id)).ended).toBe('LOGOUT');
    }
  });

  test('a check that starts after the commit of the end, on another node, is never valid', async () => {
    const shared = await createTestDatabase('postgresql');
    const nodes = [
      await startApp({ sharedDatabase: shared, clock: app.clock }),
      await startApp({ sharedDatabase: shared, clock: app.clock }),
    ] as const;
    const { shop } = await open(nodes[0]);
    const there = backEnd(nodes[1], shop.key);
    for (let round = 0; round < 15; round += 1) {
      const { sessionToken } = await shop.create();
      let isEnded = false;
      const checks: Promise<void>[] = [];
      const ending = shop.end(sessionToken).then(() => (isEnded = true));
      do {
        const wasEnded = isEnded;
        checks.push(
          ...[shop, there].map(async (node) => {
            const { valid } = await node.validate(sessionToken);
            if (wasEnded) expect(valid).toBe(false);
          }),
        );
        await new Promise(setImmediate);
      } while (!isEnded);
      await ending;
      for (const node of [shop, there]) expect((await node.validate(sessionToken)).valid).toBe(false);
      await Promise.all(checks);
    }
    for (const node of nodes) await node.close();
    await shared.drop();
  });
});
