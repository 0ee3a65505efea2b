import fc from 'fast-check';
import { sql } from 'kysely';
import { randomBytes } from 'node:crypto';
import { addSeconds } from '../../server/clock.ts';
import { rowsOf } from '../../server/database/rows.ts';
import type { SessionWithRefreshState } from '../../server/rules/session.ts';
import { decideRefresh } from '../../server/sessions/refresh-decision.ts';
import { insertSession } from '../../server/sessions/insert-session.sql.ts';
import { rotateTokens, type PresentedToken } from '../../server/sessions/rotate.sql.ts';
import { findSessionsWithRefreshState } from '../../server/sessions/session-queries.ts';
import { createRefreshTokens, type RefreshTokenClaims } from '../../server/tokens/refresh-token.ts';
import { toRefreshKey } from '../../server/tokens/signing-keys.ts';
import { onEachDatabase } from '../databases.ts';
import { startApp, type TestApp } from '../harness.ts';
import { seedsOf, sized } from '../size.ts';
import { LIMITS } from './session-rows.ts';

// A refresh is judged in two places: the statement of the fast path rotates at once, and the decision after it judges
// the row. A row that one of them would rotate and the other would not must not exist.

const POLICY = { idleMinutes: 30, absoluteMinutes: 60 };
const seeds = seedsOf([20261129]);
const ROWS_PER_RUN = 60;

/** A session and the token presented for it. Times are seconds from now; 0 is now, which has passed. */
interface Sample {
  isAccountRevoked: boolean;
  isUserActive: boolean;
  isImported: boolean;
  end: 'none' | 'LOGOUT' | 'IDLE_TIMEOUT' | 'ABSOLUTE_TIMEOUT';
  idleIn: number;
  absoluteIn: number;
  generation: number;
  /** Presented generation minus the row's. */
  ahead: number;
  hasOwnUser: boolean;
  hasOwnJti: boolean;
}

const mostly = <T>(usual: T, ...others: T[]) =>
  fc.oneof(
    { weight: 4, arbitrary: fc.constant(usual) },
    { weight: 1, arbitrary: fc.constantFrom(...others) },
  );
const seconds = fc.oneof(
  { weight: 3, arbitrary: fc.integer({ min: 1, max: 3_600 }) },
  { weight: 1, arbitrary: fc.integer({ min: -60, max: 1 }) },
);
const sample: fc.Arbitrary<Sample> = fc.record({
  isAccountRevoked: mostly(false, true),
  isUserActive: mostly(true, false),
  isImported: mostly(false, true),
  end: mostly<Sample['end']>('none', 'LOGOUT', 'IDLE_TIMEOUT', 'ABSOLUTE_TIMEOUT'),
  idleIn: seconds,
  absoluteIn: seconds,
  generation: fc.integer({ min: 0, max: 5 }),
  ahead: mostly(0, -3, -2, -1, 1),
  hasOwnUser: mostly(true, false),
  hasOwnJti: mostly(true, false),
});

const tokens = createRefreshTokens({
  keys: [toRefreshKey('a secret for tests of thirty-two bytes')],
  issuer: 'http://localhost',
});

onEachDatabase((database) => {
  let app: TestApp;
  beforeAll(async () => {
    app = await startApp({ database, env: LIMITS });
  });
  afterAll(() => app.close());

  async function setUp() {
    const [plain, revoked] = [await app.seed.account(), await app.seed.account()];
    const people = async (account: typeof plain) => ({
      id: account.id,
      active: (await account.addUser()).id,
      inactive: (await account.addUser()).id,
    });
    const accounts = { plain: await people(plain), revoked: await people(revoked) };
    const inactive = [accounts.plain.inactive, accounts.revoked.inactive];
    await rowsOf(
      app.database.em(),
      sql`update users set is_active = false where id = any(${inactive}::uuid[])`,
    );
    return accounts;
  }
  type Accounts = Awaited<ReturnType<typeof setUp>>;

  async function insert(given: Sample, accounts: Accounts, now: Date): Promise<string> {
    const account = given.isAccountRevoked ? accounts.revoked : accounts.plain;
    const em = app.database.em();
    const { id } = await insertSession(
      em,
      {
        accountId: account.id,
        userId: given.isUserActive ? account.active : account.inactive,
        appType: 'CONTROL_PANEL',
        policy: POLICY,
        ipAddress: null,
        userAgent: null,
      },
      now,
    );
    const absolute = addSeconds(now, given.absoluteIn);
    const idle = addSeconds(now, Math.min(given.idleIn, given.absoluteIn));
    const endedAt = given.end === 'none' ? null : addSeconds(now, -30);
    await rowsOf(
      em,
      sql`update sessions set generation = ${given.generation}, rotated_at = ${addSeconds(now, -300)},
        idle_expires_at = ${idle}, absolute_expires_at = ${absolute}, is_imported = ${given.isImported},
        idle_seconds = case when ${given.isImported}::bool then null else idle_seconds end,
        ended_at = ${endedAt}::timestamptz, end_reason = ${endedAt && given.end}::text,
        revocation_epoch = 0
      where id = ${id}`,
    );
    return id;
  }

  /** A pending account revocation of ten seconds ago: it ends the sessions that were live then. */
  async function revokeAccount(accountId: string, now: Date): Promise<void> {
    await rowsOf(
      app.database.em(),
      sql`insert into account_revocations (account_id, epoch, ended_at, end_reason)
        values (${accountId}, 1, ${addSeconds(now, -10)}, 'REVOKED_BY_OWNER')`,
    );
  }

  function claimsFor(session: SessionWithRefreshState, given: Sample): RefreshTokenClaims {
    const generation = Math.max(0, session.generation + given.ahead);
    const claims = tokens.read(tokens.mint({ ...session, generation }), app.clock.now())!;
    return {
      ...claims,
      ...(given.hasOwnUser ? {} : { userId: randomBytes(16).toString('hex') }),
      ...(given.hasOwnJti ? {} : { jti: randomBytes(32).toString('base64url') }),
    };
  }

  test('the fast path rotates exactly what the decision after it would rotate', async () => {
    const counts = { rotated: 0, left: 0 };
    for (const seed of seeds)
      await fc.assert(
        fc.asyncProperty(
          fc.array(sample, { minLength: ROWS_PER_RUN, maxLength: ROWS_PER_RUN }),
          async (samples) => {
            const accounts = await setUp();
            const now = app.clock.now();
            const ids: string[] = [];
            for (const given of samples) ids.push(await insert(given, accounts, now));
            await revokeAccount(accounts.revoked.id, now);

            const em = app.database.em();
            const read = await findSessionsWithRefreshState(em, ids);
            const rows = new Map(read.map((row) => [row.session.id, row]));
            const claims = samples.map((given, index) => claimsFor(rows.get(ids[index]!)!.session, given));
            const presented = claims.map(({ sessionId, generation, userId, jti }): PresentedToken => ({
              id: sessionId,
              generation,
              userId,
              jti,
              requestHash: null,
              isActivity: true,
              now,
              notAfter: null,
            }));
            const results = await rotateTokens(em, presented, { skipLocked: false });

            for (const [index, result] of results.entries()) {
              const { session, user } = rows.get(ids[index]!)!;
              const input = {
                claims: claims[index]!,
                requestHash: null,
                presentedAt: now,
                now,
                graceSeconds: 10,
              };
              const { action } = decideRefresh(session, input);
              // Imported sessions and inactive users are refused or upgraded after the decision, never by the fast path.
              const isOrdinary = user.isActive && session.idleSeconds !== null;
              expect({ ...samples[index], isRotated: result!.before !== null }).toEqual({
                ...samples[index],
                isRotated: action === 'rotate' && isOrdinary,
              });
              expect(result!.session.generation).toBe(session.generation + (result!.before ? 1 : 0));
              counts[result!.before ? 'rotated' : 'left'] += 1;
            }
          },
        ),
        { numRuns: sized(6, 300), seed, endOnFailure: true },
      );
    // Neither side is a rare case of the samples.
    expect(Math.min(counts.rotated, counts.left)).toBeGreaterThan(ROWS_PER_RUN / 2);
  });
});
