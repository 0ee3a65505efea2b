import { startApp, type TestApp } from '../../test/harness.ts';
import { createManualClock } from '../../test/manual-clock.ts';
import { createMissedEnds } from './missed-ends.ts';

const LOGOUT = 'mutation { logout { ended } }';

describe('ends that no message told of', () => {
  let app: TestApp;
  beforeAll(async () => {
    app = await startApp();
  });
  afterAll(() => app.close());

  test('what had ended before is no news, what there is no room for is named by the next question, and everything once', async () => {
    const { owner } = await app.seed.account();
    const other = await (await app.seed.account()).owner.login();
    await (await owner.login()).gql(LOGOUT);
    const missed = createMissedEnds(owner.accountId, { ...app, clock: app.clock, sweepSeconds: 15 });
    const ofAll = createMissedEnds(null, { ...app, clock: app.clock, sweepSeconds: 15 });
    expect([await missed.ask(10), await ofAll.ask(10)]).toEqual([[], []]);
    const mine = [await owner.login(), await owner.login(), await owner.login()];
    for (const who of [...mine, other]) await who.gql(LOGOUT);

    const named = [...(await missed.ask(2)), ...(await missed.ask(0)), ...(await missed.ask(2))];
    expect(named.toSorted()).toEqual(mine.map(({ sessionId }) => sessionId).toSorted());
    expect((await ofAll.ask(10)).toSorted()).toEqual([...named, other.sessionId].toSorted());
    app.clock.advance(31_000);
    expect([await missed.ask(2), await ofAll.ask(10)]).toEqual([[], []]);
  });

  test('a question that failed is asked again from where the last one ended', async () => {
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
    const missed = createMissedEnds(owner.accountId, { database, clock, sweepSeconds: 15 });
    await missed.ask(10);
    const who = await owner.login();
    await who.gql(LOGOUT);
    isAway = true;
    for (let n = 0; n < 3; n += 1) {
      clock.advance(100_000);
      await expect(missed.ask(10)).rejects.toThrow('away');
    }
    isAway = false;
    expect(await missed.ask(10)).toEqual([who.sessionId]);
  });
});
