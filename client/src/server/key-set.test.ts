import { exportJWK, generateKeyPair, type JWK } from 'jose';
import { unavailable } from './curfew-error.ts';
import type { HttpCalls } from './http-calls.ts';
import { createKeySet } from './key-set.ts';

const timing = { cooldownMs: 30_000, refreshMs: 600_000 };

async function keyNamed(kid: string): Promise<JWK> {
  const { publicKey } = await generateKeyPair('ES256', { extractable: true });
  return { ...(await exportJWK(publicKey)), kid, alg: 'ES256', use: 'sig' };
}

function start(published: JWK[]) {
  const state = { published, isDown: false, fetches: 0, now: 1_000_000, problems: 0 };
  const http = {
    async get() {
      state.fetches += 1;
      await new Promise(setImmediate);
      if (state.isDown) throw unavailable('down');
      return { status: 200, body: { keys: state.published } };
    },
  } as unknown as HttpCalls;
  const keys = createKeySet({ http, now: () => state.now, timing, onProblem: () => (state.problems += 1) });
  return { state, find: (kid: string) => keys.find({ alg: 'ES256', kid }) };
}

test('the keys are fetched once, and a burst of unknown ones costs one fetch in a cooldown', async () => {
  const { state, find } = start([await keyNamed('one')]);
  expect((await Promise.all([find('one'), find('one'), find('two')])).map(Boolean)).toEqual([
    true,
    true,
    false,
  ]);
  expect(state.fetches).toBe(1);
  await Promise.all(Array.from({ length: 100 }, (_, index) => find(`unknown-${index}`)));
  expect(state.fetches).toBe(1);
  state.now += timing.cooldownMs;
  await Promise.all(Array.from({ length: 100 }, (_, index) => find(`unknown-${index}`)));
  expect(state.fetches).toBe(2);
});

test('a burst of unknown keys in an outage costs one fetch in a cooldown too', async () => {
  const { state, find } = start([await keyNamed('one')]);
  await find('one');
  state.isDown = true;
  state.now += timing.cooldownMs;
  for (let round = 0; round < 20; round += 1) expect(await find('two')).toBeNull();
  expect(state.fetches).toBe(2);
});

test('a key that is new is found, and one that was taken away is gone after the next fetch', async () => {
  const [one, two] = [await keyNamed('one'), await keyNamed('two')];
  const { state, find } = start([one]);
  await find('one');
  state.published = [two];
  state.now += timing.cooldownMs;
  expect(await find('two')).not.toBeNull();
  expect(await find('one')).toBeNull();
});

test('keys at hand outlive an outage, and are fetched again in the background', async () => {
  const [one, two] = [await keyNamed('one'), await keyNamed('two')];
  const { state, find } = start([one]);
  await find('one');
  state.isDown = true;
  state.now += timing.refreshMs;
  expect(await find('one')).not.toBeNull();
  await new Promise(setImmediate);
  await new Promise(setImmediate);
  expect(state).toMatchObject({ fetches: 2, problems: 1 });
  state.isDown = false;
  state.published = [two];
  state.now += timing.cooldownMs;
  expect(await find('one')).not.toBeNull();
  await new Promise(setImmediate);
  await new Promise(setImmediate);
  state.now += 1_000;
  expect(await find('one')).toBeNull();
});

test('without any key the next try comes a second later', async () => {
  const { state, find } = start([await keyNamed('one')]);
  state.isDown = true;
  expect(await find('one')).toBeNull();
  state.isDown = false;
  expect(await find('one')).toBeNull();
  state.now += 1_000;
  expect(await find('one')).not.toBeNull();
  expect(state.fetches).toBe(2);
});
