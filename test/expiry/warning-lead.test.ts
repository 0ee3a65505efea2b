import { startApp, type TestApp } from '../harness.ts';
import { savePolicy } from '../policy/policy-calls.ts';
import type { Person, SignedIn } from '../seed.ts';
import { advanceTo, followExtended } from './session-subscriptions.ts';

const LEADS = `{ serverTime currentSession {
  idleExpiresAt absoluteExpiresAt idleWarningSeconds absoluteWarningSeconds idleMinutes absoluteMinutes } }`;

let app: TestApp;
let owner: Person;
let first: SignedIn;
beforeAll(async () => {
  app = await startApp({
    env: {
      SESSION_WARNING_SECONDS: '400',
      SESSION_ABSOLUTE_WARNING_SECONDS: '1000',
      ACCESS_TOKEN_TTL_SECONDS: '100000',
      SESSION_SWEEP_SECONDS: '86400',
    },
  });
  ({ owner } = await app.seed.account());
  first = await owner.login();
});
afterAll(() => app.close());

test.each([
  [60, 240, 400, 1000],
  [10, 30, 300, 900],
  [13, 33, 390, 990],
])('with limits of %d and %d minutes the warning leads are %d and %d seconds', async (...numbers) => {
  const [idleMinutes, absoluteMinutes, idleWarningSeconds, absoluteWarningSeconds] = numbers;
  await savePolicy(first, { idleMinutes, absoluteMinutes });
  const { data } = await (await owner.login()).gql(LEADS);
  expect(data.currentSession).toMatchObject({
    idleMinutes,
    absoluteMinutes,
    idleWarningSeconds,
    absoluteWarningSeconds,
  });
  // The earlier session keeps its own limits.
  expect((await first.gql(LEADS)).data.currentSession).toMatchObject({
    idleWarningSeconds: 400,
    absoluteWarningSeconds: 1000,
  });
});

test('the warning comes its lead before the deadline, at the next whole second', async () => {
  await savePolicy(first, { idleMinutes: 13, absoluteMinutes: 33 });
  const { who, expiry, idleExpiresAt } = await followExtended(app, owner, 390_000);
  const { idleWarningSeconds } = (await who.gql(LEADS)).data.currentSession;
  expect(idleWarningSeconds).toBe(390);
  advanceTo(app, idleExpiresAt, idleWarningSeconds * 1000 + 1);
  await who.gql('{ serverTime }');
  expect(expiry.events).toHaveLength(2);
  app.clock.advance(1000);
  expect(await expiry.next()).toMatchObject({
    kind: 'WARNING',
    reason: 'IDLE',
    serverTime: app.clock.now().toISOString(),
    secondsRemaining: idleWarningSeconds - 1,
  });
  await expiry.stop();
});

test("serverTime is the server's clock, with a token and without", async () => {
  const now = app.clock.now().toISOString();
  expect((await app.gql('{ serverTime }')).data).toEqual({ serverTime: now });
  expect((await first.gql('{ serverTime }')).data).toEqual({ serverTime: now });
  app.clock.advance(1);
  expect((await app.gql('{ serverTime }')).data.serverTime).not.toBe(now);
});

test('serverTime is refused with a bad token', async () => {
  const answer = await app.gql('{ serverTime }', {}, { token: 'rubbish' });
  expect(answer).toMatchObject({ status: 200, code: 'UNAUTHENTICATED' });
});
