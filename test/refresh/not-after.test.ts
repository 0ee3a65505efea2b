import jwt from 'jsonwebtoken';
import { sql } from 'kysely';
import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { onUsualDatabase, onPostgres } from '../databases.ts';
import { startApp, type TestApp } from '../harness.ts';
import { createManualClock } from '../manual-clock.ts';
import { holdLock, waitForBlockedStatement, waitForNoBlockedStatement, type HeldLock } from '../row-locks.ts';
import { REFRESH, type SignedIn } from '../seed.ts';
import { waitUntil } from '../wait-until.ts';
import { importSession, LIMITS, MINUTE, rowOf, SECOND } from './session-rows.ts';

const REQUEST = 'request-0123456789abcdef';
/** In the statement that waits for a lock of the table. */
const BLOCKED_AT = { sessions: 'from sessions where id = $1 for no key update', accounts: 'from "accounts"' };
const INLINE = (notAfter: string) =>
  `mutation { refreshSession(input: { notAfter: ${notAfter} }) { accessToken } }`;

async function connectTo(app: TestApp): Promise<Socket> {
  const socket = connect(Number(new URL(app.url).port), '127.0.0.1');
  socket.on('error', () => {});
  socket.resume();
  await once(socket, 'connect');
  return socket;
}

/** A raw refresh request, for a client that does not wait for its answer. */
function refreshOver(app: TestApp, refreshToken: string): string {
  const body = JSON.stringify({ query: REFRESH, variables: { input: { refreshToken } } });
  return (
    `POST /graphql HTTP/1.1\r\nhost: ${new URL(app.url).host}\r\ncontent-type: application/json\r\n` +
    `content-length: ${Buffer.byteLength(body)}\r\n\r\n${body}`
  );
}

onUsualDatabase((database) => {
  describe('a client that sends notAfter', () => {
    let app: TestApp;
    let session: SignedIn;
    beforeAll(async () => {
      app = await startApp({ database, env: LIMITS });
    });
    beforeEach(async () => {
      session = await (await app.seed.account()).owner.login();
    });
    afterAll(() => app.close());

    const inMilliseconds = (from: number) => new Date(app.clock.now().getTime() + from).toISOString();

    test('is answered until then', async () => {
      for (const ahead of [0, 1, 15 * SECOND, MINUTE]) {
        const answer = await session.refresh({ notAfter: inMilliseconds(ahead), requestId: REQUEST });
        expect(answer.code).toBeUndefined();
      }
      expect((await session.refresh({ notAfter: null })).code).toBeUndefined();
    });

    test('may use any offset', async () => {
      const notAfter = inMilliseconds(15 * SECOND).replace('Z', '+00:00');
      expect((await session.refresh({ notAfter })).code).toBeUndefined();
    });

    test.each([
      ['the live token', 0, 0],
      ['the parent within its grace', 1, 0],
      ['the parent after it', 1, 10 * SECOND],
      ['an older token after its grace', 3, 10 * SECOND],
    ])('is refused afterwards, and nothing else happens: %s', async (_, rotations, wait) => {
      let token = session.refreshToken;
      for (let turn = 0; turn < rotations; turn += 1)
        token = (await app.gql(REFRESH, { input: { refreshToken: token } })).data.refreshSession.refreshToken;
      app.clock.advance(wait);
      const before = await rowOf(app, session.sessionId);
      for (const late of [1, 5 * MINUTE]) {
        const answer = await session.refresh({ notAfter: inMilliseconds(-late) });
        expect(answer).toMatchObject({ code: 'INVALID_REFRESH_TOKEN', extensions: { reason: 'TOO_LATE' } });
        expect(answer.extensions).not.toHaveProperty('endReason');
      }
      expect(await rowOf(app, session.sessionId)).toEqual(before);
      const good = await app.gql(REFRESH, { input: { refreshToken: token, notAfter: inMilliseconds(1) } });
      expect(good.code).toBeUndefined();
    });

    test('consumes nothing when it is late past a deadline', async () => {
      app.clock.advance(61 * MINUTE);
      const late = await session.refresh({ notAfter: inMilliseconds(-1) });
      expect(late.extensions.reason).toBe('TOO_LATE');
      expect((await session.refresh({ notAfter: inMilliseconds(1) })).code).toBe('SESSION_EXPIRED_ABSOLUTE');
    });

    test('waits a minute at most', async () => {
      for (const ahead of [MINUTE + 1, 60 * MINUTE]) {
        const answer = await session.refresh({ notAfter: inMilliseconds(ahead) });
        expect(answer).toMatchObject({
          code: 'BAD_USER_INPUT',
          extensions: { field: 'notAfter', reason: 'OUT_OF_BOUNDS' },
        });
      }
      const far = await session.refresh({ notAfter: '9999-12-31T23:59:59.999Z' });
      expect(far.extensions).toMatchObject({ field: 'notAfter', reason: 'OUT_OF_BOUNDS' });
      expect((await rowOf(app, session.sessionId)).generation).toBe(0);
    });

    test.each([
      '',
      'soon',
      '2026-11-28',
      '2026-11-28T10:00:00',
      '2026-11-28 10:00:00Z',
      '2026-02-29T10:00:00Z',
      '2026-13-01T10:00:00Z',
      '2026-11-28T24:00:00Z',
      '2026-11-28T10:00:60Z',
      '2026-11-28T10:00Z',
      '2026-11-28T10:00:00+24:00',
      '+012026-11-28T10:00:00Z',
      '12026-11-28T10:00:00Z',
      '9999-12-31T23:59:59-00:01',
      `2026-11-28T10:00:00.${'0'.repeat(100)}Z`,
      1_764_324_000_000,
      true,
      { at: '2026-11-28T10:00:00Z' },
      ['2026-11-28T10:00:00Z', '2026-11-28T10:00:00Z'],
    ])('must send RFC 3339, not %j', async (notAfter) => {
      const answer = await session.refresh({ notAfter });
      expect(answer).toMatchObject({ code: 'BAD_USER_INPUT', extensions: { field: 'notAfter' } });
      expect(JSON.stringify(answer.errors)).not.toContain(JSON.stringify(notAfter));
      expect((await rowOf(app, session.sessionId)).generation).toBe(0);
    });

    test.each(['end', 'resetAndDestroy'] as const)(
      'ends nothing when it closes the connection right after the request (%s)',
      async (close) => {
        expect((await session.refresh()).code).toBeUndefined();
        app.clock.advance(11 * SECOND);
        const socket = await connectTo(app);
        socket.write(refreshOver(app, session.refreshToken));
        socket[close]();
        await once(socket, 'close');
        // Answered after it: its effects are complete.
        for (let turn = 0; turn < 5; turn += 1) await app.gql('{ authProviders { id } }');
        expect((await rowOf(app, session.sessionId)).end_reason).toBeNull();
        // The control: a client that stays connected.
        expect((await session.refresh()).extensions.endReason).toBe('REFRESH_TOKEN_REUSED');
      },
    );

    test('must send a valid time in the document itself, too', async () => {
      for (const literal of ['"soon"', '5', '"2026-02-30T10:00:00Z"', 'true', '{ a: 1 }'])
        expect((await app.gql(INLINE(literal))).code).toBe('GRAPHQL_VALIDATION_FAILED');
      expect((await app.gql(INLINE('"2999-01-01T00:00:00Z"'))).extensions.field).toBe('notAfter');
    });
  });
});

onPostgres(() => {
  describe('a request that is blocked past its notAfter', () => {
    let app: TestApp;
    beforeAll(async () => {
      app = await startApp({
        database: 'postgresql',
        clock: 'real',
        env: { ...LIMITS, REFRESH_REUSE_GRACE_SECONDS: '0' },
      });
    });
    afterAll(() => app.close());

    const query = <Row = unknown>(statement: ReturnType<typeof sql<Row>>) =>
      statement.execute(app.database.em().getKysely());
    const databaseTime = async (): Promise<number> =>
      new Date((await query<{ now: string }>(sql`select clock_timestamp() as now`)).rows[0]!.now).getTime();

    const url = (): string => app.testDatabase.url!;
    const lockAccount = (id: string): Promise<HeldLock> =>
      holdLock(url(), 'select from accounts where id = $1 for update', [id]);

    test.each(['sessions', 'accounts'] as const)(
      'neither rotates nor ends anything after it waited for a lock on %s',
      async (table) => {
        const account = await app.seed.account();
        const live = await account.owner.login();
        const reused = await account.owner.login();
        const child = await reused.refresh();
        expect(child.code).toBeUndefined();
        const before = [await rowOf(app, live.sessionId), await rowOf(app, reused.sessionId)];
        const column = table === 'sessions' ? 'account_id' : 'id';
        const lock = await holdLock(url(), `select from ${table} where ${column} = $1 for update`, [
          account.id,
        ]);
        const notAfter = new Date((await databaseTime()) + 1_000);
        // A rotation does not need the account.
        const waiting = (table === 'sessions' ? [live, reused] : [reused]).map((session) =>
          session.refresh({ notAfter: notAfter.toISOString() }),
        );
        await waitForBlockedStatement(url(), BLOCKED_AT[table]);
        await waitUntil(async () => (await databaseTime()) > notAfter.getTime());
        await lock.release();
        for (const answer of await Promise.all(waiting))
          expect(answer).toMatchObject({ code: 'INVALID_REFRESH_TOKEN', extensions: { reason: 'TOO_LATE' } });
        expect([await rowOf(app, live.sessionId), await rowOf(app, reused.sessionId)]).toEqual(before);
      },
    );

    test('neither upgrades an imported session nor consumes an expired one', async () => {
      const { owner } = await app.seed.account();
      const exp = new Date(Math.floor(Date.now() / SECOND) * SECOND + 5 * MINUTE);
      const jti = `imported-${Date.now()}`;
      await importSession({ database: app.database, clock: createManualClock() }, owner, jti, exp);
      const imported = jwt.sign(
        { sub: owner.id, jti, type: 'refresh', exp: exp.getTime() / SECOND },
        app.config.tokens.refreshSecrets![0]!,
        { noTimestamp: true },
      );
      const expired = await owner.login();
      await query(sql`update sessions set idle_expires_at = clock_timestamp(), absolute_expires_at = clock_timestamp()
        where id = ${expired.sessionId}`);
      const before = [await rowOf(app, jti), (await rowOf(app, expired.sessionId)).generation];
      const lock = await lockAccount(owner.accountId);
      const notAfter = new Date((await databaseTime()) + 1_000);
      const waiting = [imported, expired.refreshToken].map((refreshToken) =>
        app.gql(REFRESH, { input: { refreshToken, notAfter: notAfter.toISOString() } }),
      );
      await waitForBlockedStatement(url(), BLOCKED_AT.accounts);
      await waitUntil(async () => (await databaseTime()) > notAfter.getTime());
      await lock.release();
      for (const answer of await Promise.all(waiting)) expect(answer.extensions.reason).toBe('TOO_LATE');
      expect([await rowOf(app, jti), (await rowOf(app, expired.sessionId)).generation]).toEqual(before);
    });

    test('ends nothing when its client has closed the connection', async () => {
      const { owner } = await app.seed.account();
      const session = await owner.login();
      expect((await session.refresh()).code).toBeUndefined();
      const lock = await lockAccount(owner.accountId);

      const socket = await connectTo(app);
      socket.write(refreshOver(app, session.refreshToken));
      await waitForBlockedStatement(url(), BLOCKED_AT.accounts);
      socket.destroy();
      // A later answer: by now the server knows that the other connection is closed.
      for (let turn = 0; turn < 3; turn += 1) await app.gql('{ __typename }');
      await lock.release();
      await waitForNoBlockedStatement(url());
      // A later lock of the account shows that it is done.
      await (await lockAccount(owner.accountId)).release();
      expect((await rowOf(app, session.sessionId)).end_reason).toBeNull();
      // The control: a client that stays connected.
      expect((await session.refresh()).extensions.endReason).toBe('REFRESH_TOKEN_REUSED');
    });
  });
});
