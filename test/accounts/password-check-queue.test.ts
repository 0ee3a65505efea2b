import { startApp, type TestApp } from '../harness.ts';
import { from } from './account-calls.ts';

const QUEUE = { slots: 1, waiting: 12, waitingPerNetwork: 8 };
const SENT = 40;

let app: TestApp;
beforeAll(async () => {
  app = await startApp({
    passwordCost: 'full',
    hashQueue: QUEUE,
    env: { TRUST_PROXY: 'true', LOGIN_FAILURES_PER_ADDRESS: '1000' },
  });
});
afterAll(() => app.close());

test('a network that sends more sign-ins than can be checked delays no other network', async () => {
  const { owner } = await app.seed.account();
  let checked = 0;
  const flood = Array.from({ length: SENT }, async (_, n) => {
    const email = `nobody-${n}@example.test`;
    const answer = await owner.tryLogin({ email }, from(`2001:db8::${n.toString(16)}`));
    if (answer.code === 'INVALID_CREDENTIALS') checked += 1;
    return answer;
  });
  // Sign-ins without a place are refused at once: from then on the queue is full.
  const isFull = Promise.any(
    flood.map(async (answer) => {
      if ((await answer).code !== 'RATE_LIMITED') throw new Error('It had a place.');
    }),
  );
  await expect(isFull).resolves.toBeUndefined();
  const before = checked;
  expect((await owner.tryLogin({}, from('198.51.100.1'))).errors).toBeUndefined();
  // One check was running, one was next, and the answers of some were on their way.
  expect(checked - before).toBeLessThan(QUEUE.waitingPerNetwork);

  const refused = (await Promise.all(flood)).filter(({ code }) => code !== 'INVALID_CREDENTIALS');
  expect(refused.length).toBeGreaterThan(0);
  for (const { extensions } of refused)
    expect(extensions).toEqual({ code: 'RATE_LIMITED', retryAfterSeconds: 1 });
});
