import { sql } from 'kysely';
import { onUsualDatabase } from '../databases.ts';
import type { TestApp } from '../harness.ts';
import {
  accountRow,
  auditRows,
  IMPACT,
  POLICY_UPDATE,
  savePolicy,
  startPolicyApp,
  trySave,
} from './policy-calls.ts';

const REFUSED = [
  {
    what: 'idle below its minimum',
    input: { idleMinutes: 9, absoluteMinutes: 60 },
    refusal: { field: 'idleMinutes', reason: 'OUT_OF_BOUNDS', min: 10, max: 43_200 },
  },
  {
    what: 'absolute above its maximum',
    input: { idleMinutes: 60, absoluteMinutes: 129_601 },
    refusal: { field: 'absoluteMinutes', reason: 'OUT_OF_BOUNDS', min: 30, max: 129_600 },
  },
  {
    what: 'both out of bounds: idle is named first',
    input: { idleMinutes: 43_201, absoluteMinutes: 29 },
    refusal: { field: 'idleMinutes', reason: 'OUT_OF_BOUNDS', min: 10, max: 43_200 },
  },
  {
    what: 'idle above absolute with both set',
    input: { idleMinutes: 61, absoluteMinutes: 60 },
    refusal: { field: 'idleMinutes', reason: 'IDLE_EXCEEDS_ABSOLUTE', min: 10, max: 60 },
  },
  {
    what: 'idle 43200 with absolute unset',
    input: { idleMinutes: 43_200 },
    refusal: { field: 'idleMinutes', reason: 'IDLE_EXCEEDS_ABSOLUTE', min: 10, max: 20_160 },
  },
  {
    what: 'idle unset with absolute below the idle default',
    input: { absoluteMinutes: 4319 },
    refusal: { field: 'idleMinutes', reason: 'IDLE_EXCEEDS_ABSOLUTE', min: 10, max: 4319 },
  },
];

onUsualDatabase((database) => {
  let app: TestApp;
  beforeAll(async () => {
    app = await startPolicyApp(database);
  });
  afterAll(() => app.close());

  test('Idle below its minimum, absolute above its maximum, idle above absolute with both set, and idle 43200 with absolute unset are each refused with the field and the bounds, nothing written', async () => {
    const { owner } = await app.seed.account();
    const caller = await owner.login();
    await savePolicy(caller, { idleMinutes: 60, absoluteMinutes: 240 });
    const before = await accountRow(app, owner.accountId);
    app.clock.advance(1000);
    for (const { what, input, refusal } of REFUSED) {
      // The dry run decides like the update.
      for (const answer of [await trySave(caller, input), await caller.gql(IMPACT, { input })]) {
        expect({ what, ...answer.extensions }).toEqual({ what, code: 'BAD_USER_INPUT', ...refusal });
        expect(answer.data).toBeNull();
      }
    }
    expect(await accountRow(app, owner.accountId)).toEqual(before);
    expect(await auditRows(app, owner.accountId, POLICY_UPDATE)).toHaveLength(1);
  });

  test('the bounds themselves are inside', async () => {
    const { owner } = await app.seed.account();
    const caller = await owner.login();
    for (const [idleMinutes, absoluteMinutes] of [
      [10, 30],
      [30, 30],
      [43_200, 129_600],
    ])
      expect(await savePolicy(caller, { idleMinutes, absoluteMinutes })).toMatchObject({
        idleMinutes,
        absoluteMinutes,
      });
  });

  test('minutes that are not an Int are BAD_USER_INPUT', async () => {
    const { owner } = await app.seed.account();
    const caller = await owner.login();
    for (const idleMinutes of [2 ** 31, -(2 ** 40), 60.5, '60', true, [[60]], { minutes: 60 }]) {
      const answer = await trySave(caller, { idleMinutes, absoluteMinutes: 240 });
      expect([idleMinutes, answer.code]).toEqual([idleMinutes, 'BAD_USER_INPUT']);
    }
    expect(await auditRows(app, owner.accountId, POLICY_UPDATE)).toEqual([]);
  });

  test("the database itself refuses an idle limit above the absolute one, and a session's deadlines likewise", async () => {
    const { owner } = await app.seed.account();
    await owner.login();
    const run = (statement: ReturnType<typeof sql>) => statement.execute(app.database.em().getKysely());
    await expect(
      run(sql`update accounts set idle_minutes = 61, absolute_minutes = 60 where id = ${owner.accountId}`),
    ).rejects.toMatchObject({ code: '23514' });
    await expect(
      run(
        sql`update sessions set idle_expires_at = absolute_expires_at + interval '1 ms' where account_id = ${owner.accountId}`,
      ),
    ).rejects.toMatchObject({ code: '23514' });
    await run(
      sql`update accounts set idle_minutes = 60, absolute_minutes = 60 where id = ${owner.accountId}`,
    );
  });
});
