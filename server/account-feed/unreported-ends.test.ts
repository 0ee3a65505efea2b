import { startApp, type TestApp } from '../../test/harness.ts';
import { createManualClock } from '../../test/manual-clock.ts';
import { createUnreportedEnds } from './unreported-ends.ts';

const LOGOUT = 'mutation { logout { ended } }';

describe('ends whose events were lost', () => {
  let app: TestApp;
  beforeAll(async () => {
    app = await startApp();
  });
  afterAll(() => app.close());

  test('earlier ends are left out, ends beyond the maximum come with the next search, and each end comes once', async () => {
    const { owner } = await app.seed.account();
    const other = await (await app.seed.account()).owner.login();
    await (await owner.login()).gql(LOGOUT);
    const ends = createUnreportedEnds(owner.accountId, { ...app, clock: app.clock, sweepSeconds: 15 });
    const ofAll = createUnreportedEnds(null, { ...app, clock: app.clock, sweepSeconds: 15 });
    expect([await ends.find(10), await ofAll.find(10)]).toEqual([[], []]);
    const mine = [await owner.login(), await owner.login(), await owner.login()];
    for (const who of [...mine, other]) await who.gql(LOGOUT);

    const found = [...(await ends.find(2)), ...(await ends.find(0)), ...(await ends.find(2))];
    expect(found.toSorted()).toEqual(mine.map(({ sessionId }) => sessionId).toSorted());
    expect((await ofAll.find(10)).toSorted()).toEqual([...found, other.sessionId].toSorted());
    app.clock.advance(31_000);
    expect([await ends.find(2), await ofAll.find(10)]).toEqual([[], []]);
  });

  test('a search that failed is repeated from where the last one ended', async () => {
    const { owner } = await app.seed.account();
    const clock = createManualClock(app.clock.now());
    let isAway = false;
    const database = {
      ...app.database,
      em: () => {
        if (isAway) throw new Error('away');
        return app.database.em();
      },
    };
    const ends = createUnreportedEnds(owner.accountId, { database, clock, sweepSeconds: 15 });
    await ends.find(10);
    const who = await owner.login();
    await who.gql(LOGOUT);
    isAway = true;
    for (let n = 0; n < 3; n += 1) {
      clock.advance(100_000);
      await expect(ends.find(10)).rejects.toThrow('away');
    }
    isAway = false;
    expect(await ends.find(10)).toEqual([who.sessionId]);
  });
});
