import { setImmediate } from 'node:timers/promises';
import { revokeOthers } from './revoke-others.ts';

const ids = (count: number) => Array.from({ length: count }, (_, number) => `session-${number}`);

test('every session is revoked, five at a time', async () => {
  let [now, most] = [0, 0];
  const progress: string[] = [];
  const result = await revokeOthers({
    list: async () => ids(12),
    async revoke() {
      most = Math.max(most, (now += 1));
      await setImmediate();
      now -= 1;
      return 1;
    },
    onProgress: (done, all) => progress.push(`${done}/${all}`),
  });
  expect(result).toEqual({ revoked: 12, failed: 0, error: null });
  expect(most).toBe(5);
  expect(progress).toEqual(ids(12).map((_, number) => `${number + 1}/12`));
});

test('a session that had already ended is not counted', async () => {
  const revoke = async (id: string) => (id === 'session-1' ? 0 : 1);
  expect(await revokeOthers({ list: async () => ids(3), revoke })).toMatchObject({ revoked: 2, failed: 0 });
});

test('a failure in the middle affects only that session and is reported', async () => {
  const error = new Error('lost');
  const tried: string[] = [];
  const result = await revokeOthers({
    list: async () => ids(7),
    async revoke(id) {
      tried.push(id);
      if (id === 'session-2' || id === 'session-5') throw id === 'session-2' ? error : new Error('later');
      return 1;
    },
  });
  expect(tried).toEqual(ids(7));
  expect(result).toEqual({ revoked: 5, failed: 2, error });
});

test('without a list nothing is revoked', async () => {
  const revoked: string[] = [];
  const revoke = async (id: string) => revoked.push(id);
  const lost = new Error('lost');
  await expect(revokeOthers({ list: () => Promise.reject(lost), revoke })).rejects.toBe(lost);
  expect(revoked).toEqual([]);
});
