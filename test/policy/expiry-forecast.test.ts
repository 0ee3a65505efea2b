import { sql } from 'kysely';
import { onEachDatabase } from '../databases.ts';
import type { TestApp } from '../harness.ts';
import type { SignedIn } from '../seed.ts';
import { dataOf, HOUR, MINUTE, savePolicy, startPolicyApp } from './policy-calls.ts';

const FORECAST = `query Forecast($hours: Int) { sessionExpiryForecast(hours: $hours) { startsAt endsAt idle absolute } }`;

interface Slice {
  startsAt: string;
  endsAt: string;
  idle: number;
  absolute: number;
}

onEachDatabase((database) => {
  let app: TestApp;
  beforeAll(async () => {
    app = await startPolicyApp(database, { SESSION_SWEEP_SECONDS: '86400' });
  });
  afterAll(() => app.close());

  const read = async (who: SignedIn, hours?: number | null): Promise<Slice[]> =>
    dataOf(await who.gql(FORECAST, { hours })).sessionExpiryForecast;

  /** Non-empty slices by index. */
  const counts = (slices: Slice[]) =>
    Object.fromEntries(
      slices.flatMap(({ idle, absolute }, index) => (idle || absolute ? [[index, { idle, absolute }]] : [])),
    );

  /** Sets the two deadlines of a session, in milliseconds from now. */
  const endsIn = ({ sessionId }: SignedIn, idle: number, absolute: number) => {
    const after = (milliseconds: number) => new Date(app.clock.now().getTime() + milliseconds);
    return sql`update sessions set idle_expires_at = ${after(idle)}, absolute_expires_at = ${after(absolute)}
      where id = ${sessionId}`.execute(app.database.em().getKysely());
  };

  test('the next twelve hours are 24 consecutive slices from now on', async () => {
    const viewer = await (await app.seed.account()).owner.login();
    const slices = await read(viewer);
    const now = app.clock.now().getTime();
    expect(slices).toEqual(
      Array.from({ length: 24 }, (_, index) => ({
        startsAt: new Date(now + (index * HOUR) / 2).toISOString(),
        endsAt: new Date(now + ((index + 1) * HOUR) / 2).toISOString(),
        idle: 0,
        absolute: 0,
      })),
    );
    expect(await read(viewer, null)).toEqual(slices);
    expect(await read(viewer, 12)).toEqual(slices);
  });

  test('the deprecated name answers like sessionExpiryForecast', async () => {
    const viewer = await (await app.seed.account()).owner.login();
    await endsIn(viewer, 2 * HOUR, 3 * HOUR);
    const slice = '{ startsAt endsAt idle absolute }';
    const { former, current } = dataOf(
      await viewer.gql(`{
        former: sessionEndings(hours: 24) ${slice}
        current: sessionExpiryForecast(hours: 24) ${slice}
      }`),
    );
    expect(former).toEqual(current);
    expect(counts(current)).toEqual({ 1: { idle: 1, absolute: 0 } });
  });

  test('sessions count by their nearer deadline, the absolute one when both are equal, each slice with its end', async () => {
    const account = await app.seed.account();
    const viewer = await account.owner.login();
    const member = await account.addUser();
    await endsIn(viewer, 13 * HOUR, 14 * HOUR);
    for (const [idle, absolute] of [
      [1, HOUR],
      [30 * MINUTE, HOUR],
      [30 * MINUTE + 1, HOUR],
      [HOUR, HOUR],
      [3 * HOUR - 1, 3 * HOUR - 1],
      [12 * HOUR - 1, 13 * HOUR],
      [12 * HOUR, 13 * HOUR],
      [12 * HOUR + 1, 13 * HOUR],
    ] as const)
      await endsIn(await member.login(), idle, absolute);

    expect(counts(await read(viewer))).toEqual({
      0: { idle: 2, absolute: 0 },
      1: { idle: 1, absolute: 1 },
      5: { idle: 0, absolute: 1 },
      23: { idle: 2, absolute: 0 },
    });
    expect(counts(await read(viewer, 1))).toEqual({
      0: { idle: 1, absolute: 0 },
      11: { idle: 1, absolute: 0 },
      12: { idle: 1, absolute: 0 },
      23: { idle: 0, absolute: 1 },
    });
    expect(counts(await read(viewer, 168))).toEqual({
      0: { idle: 3, absolute: 2 },
      1: { idle: 4, absolute: 0 },
    });
  });

  test('the sessions of a slice have ended at its end', async () => {
    const account = await app.seed.account();
    const viewer = await account.owner.login();
    await savePolicy(viewer, { idleMinutes: 30, absoluteMinutes: 60 });
    const member = await (await account.addUser()).login();
    expect(counts(await read(viewer))).toEqual({ 0: { idle: 1, absolute: 0 } });
    app.clock.advance(30 * MINUTE - 1);
    expect(counts(await read(viewer))).toEqual({ 0: { idle: 1, absolute: 0 } });
    app.clock.advance(1);
    expect(counts(await read(viewer))).toEqual({});
    expect((await member.gql('{ currentSession { id } }')).extensions.endReason).toBe('IDLE_TIMEOUT');
  });

  test('activity moves a session to a later slice, an end removes it, and other accounts do not count', async () => {
    const [account, neighbour] = [await app.seed.account(), await app.seed.account()];
    const viewer = await account.owner.login();
    await savePolicy(viewer, { idleMinutes: 60, absoluteMinutes: 240 });
    const member = await (await account.addUser()).login();
    await endsIn(await neighbour.owner.login(), MINUTE, HOUR);
    app.clock.advance(45 * MINUTE);
    expect(counts(await read(viewer))).toEqual({ 0: { idle: 1, absolute: 0 } });
    await member.gql('mutation { touchSession { id } }');
    expect(counts(await read(viewer))).toEqual({ 1: { idle: 1, absolute: 0 } });
    await member.gql('mutation { logout { ended } }');
    expect(counts(await read(viewer))).toEqual({});
  });

  test('hours is 1 to 168, else BAD_USER_INPUT with the bounds', async () => {
    const viewer = await (await app.seed.account()).owner.login();
    for (const hours of [1, 168]) expect(await read(viewer, hours)).toHaveLength(24);
    for (const hours of [0, -1, 169, 2 ** 31 - 1])
      expect((await viewer.gql(FORECAST, { hours })).extensions).toEqual({
        code: 'BAD_USER_INPUT',
        field: 'hours',
        reason: 'OUT_OF_BOUNDS',
        min: 1,
        max: 168,
      });
  });
});
