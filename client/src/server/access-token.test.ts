import { generateKeyPair, SignJWT } from 'jose';
import { createAccessTokens } from './access-token.ts';
import type { KeyGeneration, KeySet } from './key-set.ts';

const NOON = Date.parse('2026-03-01T12:00:00.000Z');
const SECOND = 1_000;
const LIFE = 300 * SECOND;

const pair = await generateKeyPair('ES256');
const token = await new SignJWT({ sid: 'session', account_id: 'account', role: 'MEMBER', auth_time: 0 })
  .setProtectedHeader({ alg: 'ES256', typ: 'at+jwt', kid: 'one' })
  .setIssuer('https://curfew.example.test')
  .setAudience('curfew')
  .setSubject('user')
  .setIssuedAt(NOON / SECOND)
  .setExpirationTime((NOON + LIFE) / SECOND)
  .sign(pair.privateKey);

/** `looked` counts how often a key was needed, which is once for each verification. */
function start() {
  const state = { now: NOON, looked: 0, generation: {} as KeyGeneration | null, isWithdrawn: false };
  const keys: KeySet = {
    generation: () => state.generation,
    async find() {
      state.looked += 1;
      return state.isWithdrawn ? null : pair.publicKey;
    },
  };
  const { check } = createAccessTokens({
    keys,
    issuer: 'https://curfew.example.test',
    audience: 'curfew',
    now: () => state.now,
  });
  return { state, check };
}

test('a token is verified once, and expires nevertheless', async () => {
  const { state, check } = start();
  const first = await check(token);
  expect(first).toMatchObject({ state: 'verified', isNearExpiry: false, claims: { exp: NOON + LIFE } });
  state.now += LIFE - 6 * SECOND;
  expect(await check(token)).toEqual(first);
  expect(state.looked).toBe(1);
  state.now += SECOND;
  expect(await check(token)).toMatchObject({ state: 'verified', isNearExpiry: true });
  state.now += 10 * SECOND;
  expect(await check(token)).toEqual({ state: 'invalid', reason: 'EXPIRED_TOKEN' });
});

test('another token is verified, however alike', async () => {
  const { state, check } = start();
  await check(token);
  const [head, payload, signature] = token.split('.');
  const forged = `${head}.${payload}.${signature!.startsWith('A') ? 'B' : 'A'}${signature!.slice(1)}`;
  expect(await check(forged)).toEqual({ state: 'invalid', reason: 'INVALID_TOKEN' });
  expect(await check(forged)).toEqual({ state: 'invalid', reason: 'INVALID_TOKEN' });
  expect(state.looked).toBe(3);
});

test('after a fetch of the keys each token is verified again', async () => {
  const { state, check } = start();
  await check(token);
  state.generation = {};
  state.isWithdrawn = true;
  expect(await check(token)).toEqual({ state: 'unknown' });
});

test('what was verified while the keys were fetched is verified again', async () => {
  const { state, check } = start();
  const checking = check(token);
  state.generation = {};
  await checking;
  state.isWithdrawn = true;
  expect(await check(token)).toEqual({ state: 'unknown' });
});

test('a clock that was set back proves nothing', async () => {
  const { state, check } = start();
  await check(token);
  state.now -= SECOND;
  await check(token);
  expect(state.looked).toBe(2);
});
