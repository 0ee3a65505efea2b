import { sql } from 'kysely';
import { randomUUID } from 'node:crypto';
import { reauthenticate, reauthenticated, withTokens } from '../accounts/reauthenticate-calls.ts';
import { onPostgres } from '../databases.ts';
import type { TestApp } from '../harness.ts';
import { present } from '../refresh/refresh-calls.ts';
import { auditOf } from '../refresh/session-rows.ts';
import { PASSWORD, type Person, type SignedIn } from '../seed.ts';
import { backEnd } from '../service-api/service-calls.ts';
import {
  expectOnly,
  inParallel,
  inRounds,
  query,
  RACE_TIMEOUT_MS,
  resetPasswords,
  startRacingApp,
} from './race-app.ts';

const PARALLEL = 20;
const CHANGE = `mutation ($input: ChangePasswordInput!) { changePassword(input: $input) { endedSessions } }`;
const REVOKE = `mutation ($sessionId: ID!) { revokeSession(sessionId: $sessionId) { revokedCount } }`;
const REAUTHENTICATE_SESSION = `mutation ($sessionToken: String!) {
  reauthenticateSession(sessionToken: $sessionToken) { sessionToken session { id } } }`;

onPostgres(() => {
  let app: TestApp;
  beforeAll(async () => {
    app = await startRacingApp();
  });
  afterAll(() => app.close());

  interface Lane {
    owner: Person;
    who: SignedIn;
  }
  const lane = async (): Promise<Lane> => {
    const { owner } = await app.seed.account();
    return { owner, who: await owner.login() };
  };

  const rowOf = async (id: string) => {
    const [row] = await query(
      app,
      sql<{ generation: number; ended: string | null }>`
      select generation, end_reason as ended from sessions where id = ${id}`,
    );
    return row!;
  };
  /** Starts later from round to round. Beside the check of a password the same one would be first in every round. */
  async function later<T>(round: number, call: () => Promise<T>): Promise<T> {
    for (let n = 0; n < (round % 12) * 4; n += 1) await app.gql('{ serverTime }');
    return call();
  }
  const authentications = async (id: string) =>
    (await auditOf(app, id)).filter((action) => action === 'session.reauthenticated').length;

  test(
    'of twenty at once with one token one authenticates, and the session goes on',
    async () => {
      await inRounds(20, 2, lane, async (here) => {
        const { who } = here;
        const before = await rowOf(who.sessionId);
        const count = await authentications(who.sessionId);
        const answers = await inParallel(PARALLEL, () => reauthenticate(who));
        expectOnly(answers, 'INVALID_REFRESH_TOKEN');
        const won = answers.filter(({ code }) => code === undefined);
        expect(won).toHaveLength(1);
        expect(await rowOf(who.sessionId)).toEqual({ generation: before.generation + 1, ended: null });
        expect(await authentications(who.sessionId)).toBe(count + 1);
        here.who = withTokens(app, who, won[0]!.data.reauthenticate);
        app.clock.advance(1);
      });
    },
    RACE_TIMEOUT_MS,
  );

  test(
    'twenty of one request get one successor, and are one authentication',
    async () => {
      await inRounds(20, 2, lane, async (here) => {
        const { who } = here;
        const count = await authentications(who.sessionId);
        const requestId = randomUUID();
        const answers = await inParallel(PARALLEL, () => reauthenticate(who, { requestId }));
        expectOnly(answers);
        const payloads = answers.map(({ data }) => data.reauthenticate);
        expect(new Set(payloads.map(({ refreshToken }) => refreshToken)).size).toBe(1);
        expect(await authentications(who.sessionId)).toBe(count + 1);
        here.who = withTokens(app, who, payloads[0]);
        app.clock.advance(1);
      });
    },
    RACE_TIMEOUT_MS,
  );

  test(
    'beside refreshes of the same token: one authenticates, in any order, and no session ends',
    async () => {
      let afterRefresh = 0;
      await inRounds(60, 2, lane, async (here) => {
        const { who } = here;
        const before = await rowOf(who.sessionId);
        const [authenticated, ...refreshed] = await Promise.all([
          reauthenticate(who),
          ...Array.from({ length: 4 }, () => present(app, who.refreshToken)),
        ]);
        expectOnly([authenticated]);
        expectOnly(refreshed, 'INVALID_REFRESH_TOKEN');
        // A refresh before it moved the generation once more; one after it got nothing.
        const { generation, ended } = await rowOf(who.sessionId);
        const isAfterRefresh = refreshed.some(({ code }) => code === undefined);
        expect({ generation, ended }).toEqual({
          generation: before.generation + (isAfterRefresh ? 2 : 1),
          ended: null,
        });
        afterRefresh += isAfterRefresh ? 1 : 0;
        here.who = withTokens(app, who, authenticated.data.reauthenticate);
        expect((await present(app, here.who.refreshToken)).errors).toBeUndefined();
        here.who = withTokens(app, who, (await reauthenticated(here.who)) as never);
      });
      expect(afterRefresh).toBeGreaterThan(0);
    },
    RACE_TIMEOUT_MS,
  );

  test(
    'beside the end of the session: it never lives on, and says how it ended',
    async () => {
      const outcomes = new Set<string>();
      await inRounds(60, 2, lane, async (here, round) => {
        const { who } = here;
        const [authenticated, revoked] = await Promise.all([
          reauthenticate(who),
          later(round, () => who.gql(REVOKE, { sessionId: who.sessionId })),
        ]);
        expectOnly([authenticated], 'INVALID_REFRESH_TOKEN');
        if (authenticated.code) expect(authenticated.extensions.endReason).toBe('REVOKED_BY_USER');
        expect(revoked.data.revokeSession.revokedCount).toBe(1);
        expect((await rowOf(who.sessionId)).ended).toBe('REVOKED_BY_USER');
        outcomes.add(authenticated.code ?? 'authenticated');
        here.who = await here.owner.login();
      });
      expect(outcomes.size).toBe(2);
    },
    RACE_TIMEOUT_MS,
  );

  test(
    'beside a change of the password: the old one authenticates no one once it has changed',
    async () => {
      const codes = new Set<string>();
      await inRounds(60, 2, lane, async (here, round) => {
        const { who, owner } = here;
        const elsewhere = await owner.login();
        const input = { currentPassword: PASSWORD, newPassword: `another good password ${round}` };
        const [own, other, changed] = await Promise.all([
          later(round, () => reauthenticate(who)),
          reauthenticate(elsewhere),
          who.gql(CHANGE, { input }),
        ]);
        expectOnly([changed]);
        expectOnly([own], 'INVALID_CREDENTIALS');
        expectOnly([other], 'INVALID_CREDENTIALS', 'INVALID_REFRESH_TOKEN');
        expect((await rowOf(elsewhere.sessionId)).ended).toBe('PASSWORD_CHANGED');
        expect((await rowOf(who.sessionId)).ended).toBeNull();
        for (const { code } of [own, other]) codes.add(code ?? 'authenticated');
        const refreshToken = own.data?.reauthenticate.refreshToken ?? who.refreshToken;
        const late = await reauthenticate(who, { refreshToken });
        expect(late.code).toBe('INVALID_CREDENTIALS');
        await resetPasswords(app, owner.accountId);
        here.who = await owner.login();
      });
      expect(codes.size).toBeGreaterThan(1);
    },
    RACE_TIMEOUT_MS,
  );

  test(
    'of two applications with one session token one gets the new one',
    async () => {
      const service = async () => {
        const account = await app.seed.account();
        const shop = backEnd(app, (await app.seed.serviceKey(account.id)).key);
        return { shop, ...(await shop.create()) };
      };
      await inRounds(100, 2, service, async (here) => {
        const { shop, sessionToken } = here;
        const answers = await inParallel(4, () => shop.gql(REAUTHENTICATE_SESSION, { sessionToken }));
        expectOnly(answers, 'NOT_FOUND');
        const won = answers.filter(({ code }) => code === undefined);
        expect(won).toHaveLength(1);
        expect((await shop.validate(sessionToken)).reason).toBe('NOT_FOUND');
        here.sessionToken = won[0]!.data.reauthenticateSession.sessionToken;
        expect((await shop.validate(here.sessionToken)).valid).toBe(true);
      });
    },
    RACE_TIMEOUT_MS,
  );
});
